//! What a path of another crate may name, as far as its spelling tells.

use crate::compiler::syntax::refers::namespace::Namespace;

/// Whether a path of another crate may name something in a namespace.
pub(super) fn may_name(path: &[String], namespace: Namespace) -> bool {
    let last = path.last().map(String::as_str).unwrap_or_default();
    let is_capital = last.starts_with(char::is_uppercase);
    let all_capitals = is_capital && last.len() > 1 && !last.contains(char::is_lowercase);
    let is_std = path
        .first()
        .is_some_and(|root| matches!(&**root, "std" | "core" | "alloc"));
    match namespace {
        // A constant, or a generic parameter's like.
        Namespace::Types => !all_capitals,
        // `std::fmt` is a module.
        Namespace::Values => path.len() > 1 && !(is_std && path.len() == 2 && !is_capital),
        Namespace::Macros => !is_capital || !all_capitals,
    }
}

/// Whether a name is one that every program has without defining it: those that cells are likely to use.
pub fn is_in_prelude(name: &str) -> bool {
    const PRELUDE: [&str; 60] = [
        "AsMut",
        "AsRef",
        "Box",
        "Clone",
        "Copy",
        "Debug",
        "Default",
        "DoubleEndedIterator",
        "Drop",
        "Eq",
        "Err",
        "ExactSizeIterator",
        "Extend",
        "Fn",
        "FnMut",
        "FnOnce",
        "From",
        "FromIterator",
        "Future",
        "Hash",
        "Into",
        "IntoFuture",
        "IntoIterator",
        "Iterator",
        "None",
        "Ok",
        "Option",
        "Ord",
        "PartialEq",
        "PartialOrd",
        "Result",
        "Self",
        "Send",
        "Sized",
        "Some",
        "String",
        "Sync",
        "ToOwned",
        "ToString",
        "TryFrom",
        "TryInto",
        "Unpin",
        "Vec",
        "align_of",
        "bool",
        "char",
        "drop",
        "f32",
        "f64",
        "i32",
        "i64",
        "size_of",
        "size_of_val",
        "str",
        "u16",
        "u32",
        "u64",
        "u8",
        "usize",
        "vec",
    ];
    PRELUDE.binary_search(&name).is_ok()
}
