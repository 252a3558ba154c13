//! How far, and how much optimised, a crate is compiled.

/// How a crate is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Only as far as the types of the variables are known.
    Check,
    /// To a library, soon. Overflow is checked.
    Debug,
    /// To a library whose code is optimised; overflow is checked.
    CheckedRelease,
    /// To a library whose code is what `rustc -O` makes: overflow wraps.
    Release,
    /// To a library, as by `rustc -C opt-level`.
    Level(u8),
}
