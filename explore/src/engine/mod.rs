//! Running a cell under many schedules.
//!
//! | part | module |
//! |---|---|
//! | which schedules are tried, in what order | [`search`] |
//! | one strategy each | `depth_first`, `random`, `priorities`, `replay` |
//! | shuttle asks here which thread goes on | `bridge` |
//! | what one run did, event by event | [`log`] |
//! | what fences and loads know of other threads | [`clocks`] |
//! | statics are what they were, before each run | `statics` |
//! | what is written for the kernel | `report` |

mod bridge;
pub mod clocks;
mod depth_first;
pub mod log;
mod priorities;
mod random;
mod replay;
mod report;
pub mod search;
mod statics;
pub mod strategy;

pub use log::print;
pub use search::main;
