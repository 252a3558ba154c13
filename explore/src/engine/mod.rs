//! Running a cell under many schedules.
//!
//! | part | module |
//! |---|---|
//! | which schedules are tried, in what order | [`search`] |
//! | one strategy each | `depth_first`, `random`, `priorities`, `replay` |
//! | shuttle asks here which thread goes on | `bridge` |
//! | what one run did, event by event | [`log`] |
//! | what fences and loads know of other threads | [`clocks`] |
//! | what becomes of panics | [`panics`] |
//! | statics are what they were, before each run | `statics` |
//! | what the program calls that a cell becomes | [`cell`] |
//! | what is written for the kernel | `report` |

mod bridge;
pub mod cell;
pub mod clocks;
mod depth_first;
pub mod log;
pub mod panics;
mod priorities;
mod random;
mod replay;
mod report;
pub mod search;
mod statics;
pub mod strategy;

pub use log::print;
pub use search::main;
