//! The language's own names: keywords, primitive types, and what std's prelude brings.

use super::entry::{Entry, Kind};

const KEYWORDS: &[&str] = &[
    "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum", "extern",
    "false", "fn", "for", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub",
    "ref", "return", "self", "Self", "static", "struct", "super", "trait", "true", "type", "union",
    "unsafe", "use", "where", "while",
];

const PRIMITIVES: &[&str] = &[
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "str", "u8", "u16",
    "u32", "u64", "u128", "usize",
];

/// Of std's prelude and the runtime's: names with the pages of std's documentation.
const PRELUDE: &[(Kind, &str, &str, &str)] = &[
    (
        Kind::Struct,
        "Box",
        "std::boxed",
        "A pointer that owns a value on the heap.",
    ),
    (
        Kind::Enum,
        "Option",
        "std::option",
        "A value that may be missing: `Some(value)` or `None`.",
    ),
    (
        Kind::Variant,
        "Some",
        "std::option::Option",
        "Some value of an `Option`.",
    ),
    (Kind::Variant, "None", "std::option::Option", "No value."),
    (
        Kind::Enum,
        "Result",
        "std::result",
        "Success or failure: `Ok(value)` or `Err(error)`.",
    ),
    (
        Kind::Variant,
        "Ok",
        "std::result::Result",
        "The success of a `Result`.",
    ),
    (
        Kind::Variant,
        "Err",
        "std::result::Result",
        "The failure of a `Result`.",
    ),
    (
        Kind::Struct,
        "String",
        "std::string",
        "A growable text in UTF-8.",
    ),
    (Kind::Struct, "Vec", "std::vec", "A growable array."),
    (
        Kind::Trait,
        "Clone",
        "std::clone",
        "Types whose values can be copied by `clone`.",
    ),
    (
        Kind::Trait,
        "Copy",
        "std::marker",
        "Types whose values are copied by assignment.",
    ),
    (
        Kind::Trait,
        "Send",
        "std::marker",
        "Types whose values can move to another thread.",
    ),
    (
        Kind::Trait,
        "Sync",
        "std::marker",
        "Types whose values several threads can share.",
    ),
    (
        Kind::Trait,
        "Sized",
        "std::marker",
        "Types whose size is known when compiling.",
    ),
    (
        Kind::Trait,
        "Unpin",
        "std::marker",
        "Types whose pinned values can still move.",
    ),
    (
        Kind::Trait,
        "Drop",
        "std::ops",
        "What runs when a value ends.",
    ),
    (
        Kind::Trait,
        "Fn",
        "std::ops",
        "What can be called, again and again, at the same time.",
    ),
    (
        Kind::Trait,
        "FnMut",
        "std::ops",
        "What can be called, and may change what it holds.",
    ),
    (
        Kind::Trait,
        "FnOnce",
        "std::ops",
        "What can be called once.",
    ),
    (
        Kind::Trait,
        "Future",
        "std::future",
        "A value that comes later, to be awaited.",
    ),
    (
        Kind::Trait,
        "Iterator",
        "std::iter",
        "What gives values one after another.",
    ),
    (
        Kind::Trait,
        "IntoIterator",
        "std::iter",
        "What a `for` can walk over.",
    ),
    (
        Kind::Trait,
        "DoubleEndedIterator",
        "std::iter",
        "An iterator that also gives values from its end.",
    ),
    (
        Kind::Trait,
        "ExactSizeIterator",
        "std::iter",
        "An iterator that knows its length.",
    ),
    (
        Kind::Trait,
        "Extend",
        "std::iter",
        "A collection that takes the values of an iterator.",
    ),
    (
        Kind::Trait,
        "FromIterator",
        "std::iter",
        "A collection made of the values of an iterator.",
    ),
    (
        Kind::Trait,
        "From",
        "std::convert",
        "Types that are made from another one.",
    ),
    (
        Kind::Trait,
        "Into",
        "std::convert",
        "Types that become another one.",
    ),
    (
        Kind::Trait,
        "TryFrom",
        "std::convert",
        "Types that are made from another one, if that can be.",
    ),
    (
        Kind::Trait,
        "TryInto",
        "std::convert",
        "Types that become another one, if that can be.",
    ),
    (
        Kind::Trait,
        "AsRef",
        "std::convert",
        "Types that lend a reference to another one.",
    ),
    (
        Kind::Trait,
        "AsMut",
        "std::convert",
        "Types that lend a mutable reference to another one.",
    ),
    (
        Kind::Trait,
        "Default",
        "std::default",
        "Types with a value to begin with.",
    ),
    (
        Kind::Trait,
        "Eq",
        "std::cmp",
        "Types whose values are equal to themselves.",
    ),
    (
        Kind::Trait,
        "PartialEq",
        "std::cmp",
        "Types whose values can be compared by `==`.",
    ),
    (
        Kind::Trait,
        "Ord",
        "std::cmp",
        "Types whose values have an order.",
    ),
    (
        Kind::Trait,
        "PartialOrd",
        "std::cmp",
        "Types whose values can be compared by `<`.",
    ),
    (
        Kind::Trait,
        "ToOwned",
        "std::borrow",
        "Types whose borrowed values can be made owned.",
    ),
    (
        Kind::Trait,
        "ToString",
        "std::string",
        "Types whose values become a text.",
    ),
    (Kind::Function, "drop", "std::mem", "Ends a value."),
];

/// Macros with what they do.
const MACROS: &[(&str, &str)] = &[
    ("assert", "Panics if a condition does not hold."),
    ("assert_eq", "Panics if two values are not equal."),
    ("assert_ne", "Panics if two values are equal."),
    ("cfg", "Whether a configuration is set, when compiling."),
    ("dbg", "Prints a value with its place, and gives it back."),
    ("debug_assert", "`assert!` that optimised code leaves out."),
    (
        "debug_assert_eq",
        "`assert_eq!` that optimised code leaves out.",
    ),
    ("env", "An environment variable, when compiling."),
    ("eprint", "Prints to standard error of the thread's cell."),
    (
        "eprintln",
        "Prints a line to standard error of the thread's cell.",
    ),
    ("format", "Makes a `String` of a format and values."),
    ("include_bytes", "A file's bytes, when compiling."),
    ("include_str", "A file's text, when compiling."),
    ("matches", "Whether a value matches a pattern."),
    ("panic", "Ends the thread with a message."),
    ("print", "Prints to standard output of the thread's cell."),
    (
        "println",
        "Prints a line to standard output of the thread's cell.",
    ),
    ("thread_local", "Statics of which each thread has its own."),
    ("todo", "Panics: this is not written yet."),
    ("unimplemented", "Panics: this is not written."),
    ("unreachable", "Panics: this is never reached."),
    ("vec", "Makes a `Vec` of values."),
    ("write", "Writes formatted text to something."),
    ("writeln", "Writes a line of formatted text to something."),
];

/// All of them.
pub(super) fn names() -> Vec<Entry> {
    let prelude = PRELUDE.iter().map(|(kind, name, home, doc)| Entry {
        doc: with_link(doc, name),
        ..Entry::new(*kind, *name, format!("{home}::{name}"))
    });
    let macros = MACROS.iter().map(|(name, doc)| Entry {
        doc: with_link(doc, name),
        ..Entry::new(Kind::Macro, *name, format!("{name}!"))
    });
    let primitives = PRIMITIVES.iter().map(|name| Entry {
        doc: format!("[`{name}`](https://doc.rust-lang.org/std/primitive.{name}.html)"),
        ..Entry::new(Kind::Type, *name, format!("{name}: a primitive type"))
    });
    let keywords = KEYWORDS.iter().map(|name| Entry {
        doc: format!("[`{name}`](https://doc.rust-lang.org/std/keyword.{name}.html)"),
        ..Entry::new(Kind::Keyword, *name, format!("{name}: a keyword"))
    });
    let all = prelude.chain(macros).chain(primitives).chain(keywords);
    all.collect()
}

fn with_link(doc: &str, name: &str) -> String {
    format!("{doc}\n\n[Documentation of `{name}`](https://doc.rust-lang.org/std/?search={name})")
}
