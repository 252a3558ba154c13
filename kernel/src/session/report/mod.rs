//! Errors, panics and crashes in words.
//!
//! | what happened | module |
//! |---|---|
//! | a cell failed: the value that leaves the engine, and rustc's errors | [`errors`] |
//! | rustc was kept from its work by something else | [`toolchain_fault`] |
//! | a panic, an error by `?`, an interrupt | [`outcome`] |
//! | the host died | [`crash`] |
//! | all threads wait for each other | [`deadlock`] |
//! | what threads do | [`threads`] |
//!
//! Of these, [`place`], [`receiver`], [`backtrace`] and [`spelling`] are made.

pub(crate) mod backtrace;
pub(crate) mod crash;
pub(crate) mod deadlock;
pub(crate) mod errors;
pub(crate) mod outcome;
pub(crate) mod place;
pub(crate) mod receiver;
pub(crate) mod spelling;
pub(crate) mod threads;
pub(crate) mod toolchain_fault;
