//! What LLDB calls functions and types, as a user writes it.
//!
//! LLDB knows Rust as little more than C: it has C's names for numbers, and a symbol that it takes for one of C++.

use woozle::protocol::without_crates;

use crate::backtrace::{demangled, short};
use crate::compiler::names::ENTRY;

/// Numbers, by C's names for them. `usize` is the same to LLDB as `u64`.
const NUMBERS: [(&str, &str); 14] = [
    ("unsigned __int128", "u128"),
    ("unsigned long", "u64"),
    ("unsigned int", "u32"),
    ("unsigned short", "u16"),
    ("unsigned char", "u8"),
    ("__int128", "i128"),
    ("signed char", "i8"),
    ("char32_t", "char"),
    ("long", "i64"),
    ("short", "i16"),
    ("int", "i32"),
    ("double", "f64"),
    ("float", "f32"),
    ("void", "()"),
];

/// Crates of which a type's own name says enough.
const KNOWN_CRATES: [&str; 5] = ["core", "alloc", "std", "hashbrown", "woozle"];

/// Types that nobody writes, since they are the default.
const DEFAULTS: [&str; 2] = [", Global", ", RandomState"];

/// A function's name; nothing if it is the one that runs a cell's statements.
pub(in crate::debugger) fn function(name: &str) -> Option<String> {
    let name = match name.strip_suffix(')').and_then(|name| name.rfind('(')) {
        Some(arguments) => &name[..arguments],
        None => name,
    };
    let name = demangled(&symbol(name).unwrap_or_else(|| name.to_owned()));
    let name = without_crates(&name)
        .replace("{{closure}}", "{closure}")
        .replace("{closure#", "{closure ");
    let parts: Vec<&str> = name.split("::").collect();
    match parts.iter().position(|part| part.starts_with(ENTRY)) {
        // The statements are in a closure of it.
        Some(entry) if parts.len() <= entry + 2 => None,
        Some(entry) => Some(parts[entry + 2..].join("::")),
        None => Some(short(&name)),
    }
}

/// The symbol that LLDB has shown as one of C++, if it has a hash of rustc's at its end.
fn symbol(name: &str) -> Option<String> {
    let (_, hash) = name.rsplit_once("::h")?;
    let is_hash = hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    let parts = name.split("::").map(|part| format!("{}{part}", part.len()));
    is_hash.then(|| format!("_ZN{}E", parts.collect::<String>()))
}

/// A type's name, or a text with such names.
pub(in crate::debugger) fn type_name(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let is_of_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let name = NUMBERS
        .iter()
        .fold(without_crates(name), |name, (of_c, of_rust)| {
            replace_words(&name, of_c, of_rust)
        });
    let mut rest = &*name;
    while let Some(start) = rest.find(is_of_path) {
        let end = rest[start..]
            .find(|c| !is_of_path(c))
            .map_or(rest.len(), |end| start + end);
        plain.push_str(&rest[..start]);
        plain.push_str(last_name(&rest[start..end]));
        rest = &rest[end..];
    }
    plain.push_str(rest);
    let plain = DEFAULTS
        .iter()
        .fold(plain, |plain, default| plain.replace(default, ""));
    declared(&plain)
}

/// A type that LLDB declares as C does: `T *`, `T[3]`.
fn declared(ty: &str) -> String {
    if let Some(target) = ty.strip_suffix(" *") {
        return format!("&{}", declared(target));
    }
    let array = ty.strip_suffix(']').and_then(|ty| ty.rsplit_once('['));
    match array {
        Some((of, length)) if !of.is_empty() && length.bytes().all(|c| c.is_ascii_digit()) => {
            format!("[{}; {length}]", declared(of))
        }
        _ => ty.to_owned(),
    }
}

/// A path's last name, where the crate is known to all.
fn last_name(path: &str) -> &str {
    match path.split_once("::") {
        Some((root, _)) if KNOWN_CRATES.contains(&root) => path.rsplit("::").next().unwrap_or(path),
        _ => path,
    }
}

/// Replaces whole words.
fn replace_words(text: &str, from: &str, to: &str) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    while let Some(at) = rest.find(from) {
        let (before, after) = (&rest[..at], &rest[at + from.len()..]);
        let is_whole = !is_word(before.chars().next_back().or(replaced.chars().next_back()))
            && !is_word(after.chars().next());
        replaced.push_str(before);
        replaced.push_str(if is_whole { to } else { from });
        rest = after;
    }
    replaced + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_called_as_in_the_cell() {
        for (name, shown) in [
            ("cell_3::work::h7ba5e5cb8dc60e1b", Some("work")),
            ("cell_3::work(unsigned long)", Some("work")),
            ("cell_3::Jar::eat::h7ba5e5cb8dc60e1b", Some("Jar::eat")),
            (
                "cell_5::work::_$u7b$$u7b$closure$u7d$$u7d$::h7ba5e5cb8dc60e1b",
                Some("work::{closure}"),
            ),
            (
                "cell_3::woozle_cell_3::_$u7b$$u7b$closure$u7d$$u7d$::h7ba5e5cb8dc60e1b",
                None,
            ),
            (
                "woozle_cell_3::_$u7b$$u7b$closure$u7d$$u7d$::h7ba5e5cb8dc60e1b",
                None,
            ),
            (
                "woozle_cell_3::_$u7b$$u7b$closure$u7d$$u7d$::_$u7b$$u7b$closure$u7d$$u7d$::h7ba5e5cb8dc60e1b",
                Some("{closure}"),
            ),
            ("syscall", Some("syscall")),
        ] {
            assert_eq!(function(name).as_deref(), shown, "{name}");
        }
    }

    #[test]
    fn types_are_called_as_in_the_cell() {
        for (name, shown) in [
            ("unsigned long", "u64"),
            ("core::option::Option<int>", "Option<i32>"),
            (
                "alloc::vec::Vec<alloc::string::String, alloc::alloc::Global>",
                "Vec<String>",
            ),
            (
                "std::collections::hash::map::HashMap<alloc::string::String, alloc::vec::Vec<unsigned int, alloc::alloc::Global>, std::hash::random::RandomState, alloc::alloc::Global>",
                "HashMap<String, Vec<u32>>",
            ),
            ("&mut cell_3::inner::Jar", "&mut inner::Jar"),
            ("long_name", "long_name"),
            ("&str", "&str"),
            ("fn(int) -> long", "fn(i32) -> i64"),
        ] {
            assert_eq!(type_name(name), shown, "{name}");
        }
    }
}
