//! Running a cell under many schedules.
//!
//! | part | module |
//! |---|---|
//! | which schedules are tried, in what order | [`search`] |
//! | what chooses a schedule: in order, at random, by priorities, again | `strategies` |
//! | shuttle asks here which thread goes on | `bridge` |
//! | what one run did, event by event | [`log`] |
//! | what fences and loads know of other threads | [`clocks`] |
//! | what becomes of panics | [`panics`] |
//! | parking, for the runtime's primitives | [`parking`] |
//! | statics are what they were, before each run | `statics` |
//! | what the program calls that a cell becomes | [`cell`] |
//! | which line of the cell has led to it | `calls` |
//! | the clock, and the keys of hash maps | [`time`], `hash_keys` |
//! | what is written for the kernel | `report` |

mod bridge;
mod calls;
pub mod cell;
pub mod clocks;
mod hash_keys;
pub mod log;
pub mod panics;
pub mod parking;
mod report;
pub mod search;
mod statics;
pub mod strategies;
pub mod time;

pub use log::print;
pub use search::main;
