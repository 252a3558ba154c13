//! Running a cell: compiled, run by the host, waited for, and what it defined remembered.

pub(crate) mod define;
pub(crate) mod evaluate;
pub(crate) mod run;
