//! What a cell is compiled for, what the user has chosen about compiling, and how long it took.
//!
//! Optimising takes up to twice the time of compiling, so it is chosen by the cell's content:
//!
//! | the cell | mode |
//! |---|---|
//! | defines a function that may run long: with a loop, a closure, or recursion | `Release`, as by `rustc -O`: without overflow checks |
//! | has statements that may run long: `while`, `loop`, a `for` over a range that is large or not a literal | `CheckedRelease` |
//! | has no statements, and functions with operators that call no macro | `CheckedRelease`: it takes no longer |
//! | is anything else | `Debug` |
//!
//! A function that computes must be as fast as under `rustc -O`, and with overflow checks it is not: they keep loops from being
//! vectorised. Of seven small functions, the integer ones took 1.1 to 4.9 times as long. `:opt` overrides this table; without it,
//! `%%bench` always means `Release`.

use std::time::Duration;

use crate::compiler::plan::crate_plan::Plan;
use crate::compiler::rustc::mode::Mode;
use crate::compiler::syntax::cell::Parsed;

/// What a cell is compiled for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To be run.
    Run,
    /// To be run many times, and measured.
    Bench,
    /// To know the type of its last expression; it is not run.
    Type,
}

/// What the user has chosen about compiling.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The level of optimisation of all cells; by their content if there is none.
    pub level: Option<u8>,
    /// Whether the type of the last expression is to be known.
    pub types: bool,
    /// How the last expression is formatted, other than by `{:?}`.
    pub format: Option<String>,
    /// Whether a debugger is to show what runs. Then the level does not count.
    pub debugger: bool,
}

/// How long compiling took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Times {
    /// Taking the text apart.
    pub parse: Duration,
    /// What the crate consists of, and writing it.
    pub plan: Duration,
    /// All runs of rustc together, with linking.
    pub rustc: Duration,
    /// Of that: linking, once there was an object.
    pub linking: Duration,
    /// How many there were.
    pub runs: u32,
}

impl Options {
    /// How a cell's crate is compiled.
    pub(crate) fn mode(&self, purpose: Purpose, plan: &Plan, parsed: &Parsed) -> Mode {
        let recompiled = plan.recompiled.values().map(|earlier| &*earlier.item);
        let items = || plan.own.iter().chain(recompiled.clone());
        match (purpose, self.level) {
            (Purpose::Type, _) => Mode::Check,
            (Purpose::Run, _) if self.debugger => Mode::Debuggable,
            (_, Some(level)) => Mode::Level(level),
            (Purpose::Bench, None) => Mode::Release,
            (Purpose::Run, None) if items().any(|item| item.may_run_long) => Mode::Release,
            (Purpose::Run, None) if parsed.may_run_long => Mode::CheckedRelease,
            (Purpose::Run, None)
                if parsed.statements.is_empty() && items().any(|item| item.calculates) =>
            {
                Mode::CheckedRelease
            }
            (Purpose::Run, None) => Mode::Debug,
        }
    }

    /// Whether the last expression's type is to be read from the MIR.
    pub(crate) fn wants_type(&self, purpose: Purpose) -> bool {
        purpose == Purpose::Type || (purpose == Purpose::Run && self.types)
    }
}
