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
    /// To a library that says everything to a debugger: nothing is optimised away.
    Debuggable,
}

/// How a crate is compiled, as far as that is known before its source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// How far, and how much optimised.
    pub mode: Mode,
    /// Whether its MIR is written. That costs a fifth of the time, and is only read for the types of new variables.
    pub mir: bool,
}

impl Kind {
    /// Whether what is compiled so has all that the other one has.
    pub fn includes(self, other: Self) -> bool {
        self.mode == other.mode && (self.mir || !other.mir)
    }
}
