//! Types with a part that has no name, such as `Option<{closure}>` or `Map<IntoIter<i32>, {closure}>`: written with `impl` in
//! the place of that part, as they can stand in the result of a function, from which later cells have rustc infer them.

use crate::compiler::codegen::Erasure;
use crate::compiler::names;
use crate::compiler::refine::spelled::{
    awaited, opaque, place_of, returned_bounds, spell_in_cell, spelled,
};
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::rustc::contract::{mir as form, unnamed};
use crate::compiler::rustc::mir;
use crate::compiler::types::spelling;
use crate::compiler::unit::Cell;

/// Stands for the part `n` while the rest of the type is spelled.
const STAND_IN: &str = "WoozleUnnamed";

/// The type, with `impl` in it; nothing if a part of it cannot be written so.
pub(super) fn of(
    ty: &str,
    is_tied: bool,
    mir: &str,
    cell: &Cell,
    scope: &Scope,
) -> Option<Erasure> {
    if ty.starts_with(unnamed::FUNCTION_POINTER) {
        return None;
    }
    // What has a lifetime may borrow from a variable.
    if !is_tied && (ty.contains(unnamed::LIFETIME) || ty.contains("'_")) {
        return None;
    }
    let mut rest = ty;
    let mut with_stand_ins = String::new();
    let mut parts = Vec::new();
    while let Some((before, part, after)) = next_part(rest) {
        with_stand_ins.push_str(before);
        with_stand_ins.push_str(&format!("{STAND_IN}{}", parts.len()));
        let (mut bounds, is_copy) = bounds(part, mir, cell, scope)?;
        if is_tied {
            let before = &ty[..ty.len() - rest.len() + before.len()];
            bounds = within_iterator(&bounds, before);
        }
        parts.push((bounds, is_copy));
        rest = after;
    }
    with_stand_ins.push_str(rest);
    for (bounds, _) in &mut parts {
        *bounds = with_those_of(&with_stand_ins, bounds);
    }
    let with_stand_ins = with_stand_ins.replace(unnamed::LIFETIME, "'_");
    let known = |name: &str| match name.starts_with(STAND_IN) {
        true => Some("crate".to_owned()),
        false => place_of(name, cell, scope),
    };
    let mut spelled = spelling::spell_own(&with_stand_ins, &known)?;
    let copies = ["", " + ::core::clone::Clone", " + ::core::marker::Copy"];
    let mut can = copies.len() - 1;
    for (n, (bounds, is_copy)) in parts.iter().enumerate().rev() {
        can = can.min(if *is_copy { 2 } else { 1 });
        spelled = spelled.replace(
            &format!("crate::{STAND_IN}{n}"),
            &format!("impl {bounds}{MORE}"),
        );
    }
    Some(Erasure::Kind(spelled, copies[can]))
}

/// The bounds of a closure in a type that borrows, where it stands behind `before`. What std's iterators give it is an item, whose
/// references live as long as the iterator, or a reference to one.
fn within_iterator(bounds: &str, before: &str) -> String {
    let lent = match holder(before) {
        "Map" | "FilterMap" | "FlatMap" | "MapWhile" => 0,
        "Filter" | "TakeWhile" | "SkipWhile" | "Inspect" => 1,
        _ => return bounds.to_owned(),
    };
    let mut pieces = bounds.split('&');
    let mut whole = pieces.next().unwrap_or_default().to_owned();
    for (n, piece) in pieces.enumerate() {
        let is_named = n < lent || piece.trim_start().starts_with('\'');
        whole.push_str(if is_named { "&" } else { "&'static " });
        whole.push_str(piece);
    }
    whole.replace("'_", "'static")
}

/// The bounds of a closure in a type that has references among its own arguments: it is given those, and no others.
/// `Fn(&&str)` in `Memo<_, &str>` is `Fn(&&'static str)`.
fn with_those_of(ty: &str, bounds: &str) -> String {
    let arguments = ty
        .split_once('<')
        .map_or("", |(_, rest)| rest.trim_end_matches('>'));
    let arguments = mir::split(arguments).into_iter();
    let references = arguments.filter_map(|argument| argument.strip_prefix('&'));
    let mut bounds = bounds.to_owned();
    for of in references.filter(|of| !of.starts_with(['\'', '&'])) {
        for reference in [format!("&{of}"), format!("& {of}")] {
            bounds = bounds.replace(&reference, &format!("&'static {of}"));
        }
    }
    bounds
}

/// The last name of the type whose arguments a text breaks off in.
fn holder(before: &str) -> &str {
    let mut depth = 0;
    for (at, c) in before.char_indices().rev() {
        match c {
            '>' if !before[..at].ends_with('-') => depth += 1,
            '<' if depth == 0 => {
                let name = before[..at].trim_end();
                let is_part = |c: char| c.is_alphanumeric() || c == '_';
                return name.rsplit(|c| !is_part(c)).next().unwrap_or_default();
            }
            '<' => depth -= 1,
            _ => {}
        }
    }
    ""
}

/// The type of what a function of an earlier cell has returned, as that says it, where it says more than that it iterates.
pub(super) fn returned_whole(ty: &str, cell: &Cell, scope: &Scope) -> Option<Erasure> {
    let (_, part, _) = next_part(ty)?;
    let bounds = opaque(part.strip_prefix(unnamed::CLOSURE_AT)?, scope)?;
    let says_more = ["Clone", "DoubleEnded", "ExactSize"]
        .iter()
        .any(|more| bounds.contains(more));
    let object = says_more.then(|| spell_in_cell(&format!("dyn {bounds}"), cell, scope))??;
    let bounds = object.trim_start_matches("dyn ");
    let bounds = bounds.replace("::woozle::names::Clone", "::core::clone::Clone");
    Some(Erasure::Kind(format!("impl {bounds}{MORE}"), ""))
}

/// Stands for what is added to the bounds.
pub(crate) const MORE: &str = " + ?MORE";

/// The next way to write such a type, after one that rustc has refused.
pub(super) fn next(more: &str) -> Option<&'static str> {
    match more {
        " + ::core::marker::Copy" => Some(" + ::core::clone::Clone"),
        " + ::core::clone::Clone" => Some(""),
        _ => None,
    }
}

/// The first part of a type that has no name, what stands before it, and what follows.
fn next_part(ty: &str) -> Option<(&str, &str, &str)> {
    let mut at = 0;
    while at < ty.len() {
        let rest = &ty[at..];
        let is_start = !ty[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let length = if let Some(inner) = rest.strip_prefix('{') {
            closing(inner).map(|end| end + 2)
        } else if is_start && rest.starts_with(unnamed::IMPL) {
            Some(end_of_bounds(rest))
        } else if is_start && rest.starts_with(unnamed::FUNCTION_POINTER) {
            function(rest)
        } else {
            None
        };
        if let Some(length) = length {
            return Some((&ty[..at], &rest[..length], &rest[length..]));
        }
        at += rest.chars().next().map_or(1, char::len_utf8);
    }
    None
}

/// Where the bracket is that closes what is open before the text.
fn closing(text: &str) -> Option<usize> {
    let closes = mir::depths(text).find(|(_, _, depth)| *depth < 0);
    closes.map(|(at, ..)| at)
}

/// The length of `impl A + B` at the beginning of a text.
fn end_of_bounds(text: &str) -> usize {
    let ends = mir::depths(text).find(|(_, c, depth)| *depth < 0 || *depth == 0 && *c == ',');
    ends.map_or(text.len(), |(at, ..)| at)
}

/// The length of a function's own type at the beginning of a text: `fn(i32) -> i32 {double}`.
fn function(text: &str) -> Option<usize> {
    let (pointer, _) = text.split_at_checked(text.find(unnamed::FUNCTION)?)?;
    let is_whole = mir::depths(pointer).all(|(_, c, depth)| depth > 0 || depth == 0 && c != ',');
    let name = &text[pointer.len() + unnamed::FUNCTION.len()..];
    is_whole.then_some(pointer.len() + unnamed::FUNCTION.len() + closing(name)? + 1)
}

/// What a part without a name implements, and whether it can be copied.
fn bounds(part: &str, mir: &str, cell: &Cell, scope: &Scope) -> Option<(String, bool)> {
    if let Some(bounds) = part.strip_prefix(unnamed::IMPL) {
        let object = spell_in_cell(&format!("dyn {bounds}"), cell, scope)?;
        return Some((object.trim_start_matches("dyn ").to_owned(), false));
    }
    if let Some((pointer, _)) = part
        .split_once(unnamed::FUNCTION)
        .filter(|_| part.starts_with("fn"))
    {
        let pointer = spell_in_cell(pointer, cell, scope)?;
        let signature = pointer.split_once("fn")?.1.trim_start().to_owned();
        return Some((format!("Fn{signature}"), true));
    }
    if part.starts_with(unnamed::CLOSURE) {
        let captures_nothing = mir.contains(&format!("{}{part}", form::ZERO_SIZED));
        return match mir::signature(mir, part) {
            Some(signature) => {
                let signature = spelled(signature, cell, scope).ok()?;
                Some((signature.bound(), captures_nothing))
            }
            None => {
                let earlier = scope.closures.get(&path(part)).cloned();
                Some((
                    earlier.or_else(|| returned_bounds(part, cell, scope))?,
                    false,
                ))
            }
        };
    }
    if part.starts_with(unnamed::ASYNC_CLOSURE)
        && let Some(signature) = mir::async_signature(mir, part)
    {
        let captures_nothing = mir.contains(&format!("{}{part}", form::ZERO_SIZED));
        let signature = spelled(signature, cell, scope).ok()?;
        return Some((signature.bound(), captures_nothing));
    }
    if part.starts_with(unnamed::ASYNC) {
        let bounds = match mir::output(mir, part) {
            Some(output) => Some(spell_in_cell(&output, cell, scope)?),
            None => awaited(part, cell, scope),
        };
        let bounds = bounds.map(|output| format!("::core::future::Future<Output = {output}>"));
        return Some((bounds.or_else(|| block_bounds(part, cell, scope))?, false));
    }
    None
}

/// The bounds in the result of the function of an earlier cell that made an async block, or an async closure.
fn block_bounds(part: &str, cell: &Cell, scope: &Scope) -> Option<String> {
    let closure = part.strip_prefix(unnamed::ASYNC_CLOSURE);
    let path = part.strip_prefix(unnamed::ASYNC_BLOCK);
    let path = path.or_else(|| closure?.strip_prefix('@'))?;
    let bounds = opaque(path, scope)?;
    let object = spell_in_cell(&format!("dyn {bounds}"), cell, scope)?;
    Some(object.trim_start_matches("dyn ").to_owned())
}

/// The path of a closure of another crate, within that: `f::{closure#0}` of `{closure@cell_2::f<'_>::{closure#0}}`. Where nothing
/// else has the name, rustc leaves the crate out.
fn path(closure: &str) -> String {
    let path = closure.strip_prefix(unnamed::CLOSURE_AT);
    let path = path.and_then(|path| path.strip_suffix('}'));
    let path = path.unwrap_or_default();
    let path = match path.split_once("::") {
        Some((krate, path)) if names::is_crate(krate) => path,
        _ => path,
    };
    // The lifetimes of the function are not in the path that its own crate has.
    match path.split_once("<'_") {
        Some((function, rest)) => {
            let rest = rest.trim_start_matches([',', ' ', '\'', '_']);
            format!("{function}{}", rest.strip_prefix('>').unwrap_or(rest))
        }
        None => path.to_owned(),
    }
}

/// The closures in a type: how other crates know each, and what it implements.
pub(super) fn closures(ty: &str, mir: &str, cell: &Cell, scope: &Scope) -> Vec<(String, String)> {
    let krate = names::crate_name(cell.serial);
    let mut rest = ty;
    let mut found = Vec::new();
    while let Some((_, part, after)) = next_part(rest) {
        rest = after;
        let own = mir::path_of(mir, part).filter(|_| part.starts_with(unnamed::CLOSURE));
        if let Some((path, (bounds, _))) = own.zip(bounds(part, mir, cell, scope)) {
            let bounds = bounds.replace("crate::", &format!("::{krate}::"));
            found.push((path.to_owned(), bounds));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_iterator_gives_its_closure_lives_as_long() {
        for (before, bounds, expected) in [
            (
                "Map<std::slice::Iter<'_, i32>, ",
                "FnMut(&i32) -> &str",
                "FnMut(&'static i32) -> &'static str",
            ),
            (
                "Zip<std::iter::Filter<Iter<'_, i32>, ",
                "FnMut(&&i32) -> bool",
                "FnMut(&&'static i32) -> bool",
            ),
            (
                "Option<Map<Filter<Iter<'_, i32>, fn(u8) -> u8>, ",
                "FnMut(&'a i32)",
                "FnMut(&'a i32)",
            ),
            ("Cache<u8, ", "Fn(&u8) -> u8", "Fn(&u8) -> u8"),
            ("", "Fn(&u8)", "Fn(&u8)"),
        ] {
            assert_eq!(within_iterator(bounds, before), expected, "{before}");
        }
    }

    #[test]
    fn a_closure_is_given_the_references_that_its_type_has() {
        for (ty, bounds, expected) in [
            (
                "Memo<W0, &str, u8>",
                "Fn(&&str) -> u8",
                "Fn(&&'static str) -> u8",
            ),
            ("Memo<W0, u8>", "Fn(&&str) -> u8", "Fn(&&str) -> u8"),
            ("Option<W0>", "Fn(&u8)", "Fn(&u8)"),
        ] {
            assert_eq!(with_those_of(ty, bounds), expected, "{ty}");
        }
    }

    #[test]
    fn parts_without_names_are_found() {
        for (ty, expected) in [
            ("Option<i32>", None),
            (
                "Option<{closure@cell [1]:1:9: 1:12}>",
                Some(("Option<", "{closure@cell [1]:1:9: 1:12}", ">")),
            ),
            (
                "(impl Iterator<Item = (u8, u8)> + Send, u8)",
                Some(("(", "impl Iterator<Item = (u8, u8)> + Send", ", u8)")),
            ),
            (
                "Map<A, fn(i32) -> Vec<i32> {m::f::<i32>}>",
                Some(("Map<A, ", "fn(i32) -> Vec<i32> {m::f::<i32>}", ">")),
            ),
            (
                "(fn(i32) -> i32, fn() {f})",
                Some(("(fn(i32) -> i32, ", "fn() {f}", ")")),
            ),
            ("Box<dyn Fn(i32) -> i32>", None),
        ] {
            assert_eq!(next_part(ty), expected, "{ty}");
        }
    }
}
