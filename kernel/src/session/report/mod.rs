//! Errors, panics and crashes in words.

pub(crate) mod backtrace;
pub(crate) mod crash;
pub(crate) mod deadlock;
pub(crate) mod errors;
pub(crate) mod outcome;
pub(crate) mod place;
pub(crate) mod spelling;
pub(crate) mod toolchain_fault;
