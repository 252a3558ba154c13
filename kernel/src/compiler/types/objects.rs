//! Trait objects behind references: rustc prints `&dyn A + B`, which is `&(dyn A + B)` where it is read.

use syn::Type;

/// A type as rustc prints it.
pub(super) fn parse(ty: &str) -> Option<Type> {
    syn::parse_str(ty)
        .or_else(|_| syn::parse_str(&in_parentheses(ty)))
        .ok()
}

/// The same text with parentheses around what is behind a `&` and has more than one bound.
fn in_parentheses(ty: &str) -> String {
    let Some(at) = ty.find("dyn ") else {
        return ty.to_owned();
    };
    let (before, object) = ty.split_at(at);
    let end = end_of_object(object);
    let (object, after) = object.split_at(end);
    let inner = in_parentheses(&object["dyn ".len()..]);
    let after = in_parentheses(after);
    let reference = before.trim_end();
    let reference = reference
        .strip_suffix("mut")
        .unwrap_or(reference)
        .trim_end();
    let lifetime = reference.rsplit('&').next().unwrap_or_default();
    let is_behind = reference.ends_with('&')
        || reference.contains('&') && lifetime.starts_with('\'') && !lifetime.contains([',', '<']);
    if is_behind && object.contains(" + ") {
        format!("{before}(dyn {inner}){after}")
    } else {
        format!("{before}dyn {inner}{after}")
    }
}

/// Where the bounds end that a text begins with.
fn end_of_object(text: &str) -> usize {
    let (mut depth, mut before) = (0, ' ');
    for (at, c) in text.char_indices() {
        match c {
            '<' | '(' | '[' => depth += 1,
            '>' if before == '-' => {}
            '>' | ')' | ']' => depth -= 1,
            ',' if depth == 0 => return at,
            _ => {}
        }
        if depth < 0 {
            return at;
        }
        before = c;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_with_more_bounds_is_in_parentheses_behind_a_reference() {
        for (ty, expected) in [
            (
                "&dyn Fn(i32) -> i32 + Send + Sync",
                "&(dyn Fn(i32) -> i32 + Send + Sync)",
            ),
            ("(&mut dyn A + Send, u8)", "(&mut (dyn A + Send), u8)"),
            (
                "Vec<&'static dyn A<u8, u8> + Send>",
                "Vec<&'static (dyn A<u8, u8> + Send)>",
            ),
            (
                "Box<dyn Fn(&dyn A + Send) + Sync>",
                "Box<dyn Fn(&(dyn A + Send)) + Sync>",
            ),
            ("&dyn A", "&dyn A"),
            ("Box<dyn A + Send>", "Box<dyn A + Send>"),
        ] {
            assert_eq!(in_parentheses(ty), expected);
            assert!(parse(ty).is_some(), "{ty}");
        }
    }
}
