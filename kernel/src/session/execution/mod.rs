//! Running a cell.
//!
//! | step | module |
//! |---|---|
//! | commands, then code | [`cell`] |
//! | the code: compiled, run, taken in | [`run`] |
//! | until the host has come back from it | [`wait`] |
//! | what it has defined | [`define`] |
//! | what waits for a type | [`held`] |
//! | expressions between cells | [`evaluate`] |
//! | under many schedules, apart from the session | [`explore`] |
//! | what ends it before its time | [`interrupt`] |
//! | what its threads do, for who asks | [`threads`] |

pub(crate) mod cell;
mod containers;
pub(crate) mod define;
pub(crate) mod evaluate;
mod explore;
pub(crate) mod held;
pub(crate) mod interrupt;
pub(crate) mod run;
mod threads;
mod timeline;
pub(crate) mod wait;
