//! The names that the language itself has.

/// Whether the language itself has a type, or a trait, of this name.
pub(crate) fn is_primitive(name: &str) -> bool {
    const PRIMITIVES: [&str; 24] = [
        "bool", "char", "str", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32",
        "u64", "u128", "usize", "f16", "f32", "f64", "f128", "Self", "Fn", "FnMut", "FnOnce",
        "AsyncFn",
    ];
    PRIMITIVES.contains(&name)
}
