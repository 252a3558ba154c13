//! The supervisor of the cell host: it starts it, talks to it, and notices its death.
//!
//! | part | module |
//! |---|---|
//! | the process: started, woken, sent commands | [`process`] |
//! | what it says, until its end | [`reader`] |
//! | where its output goes | [`sink`] |
//! | ending it | [`killer`] |
//! | how it ended | [`death`], by what it left in [`crash_page`] |
//! | its copies that sleep | [`copies`] |

mod copies;
mod crash_page;
mod death;
mod killer;
mod process;
mod reader;
mod sink;
#[cfg(test)]
mod tests;

pub use death::Death;
pub use killer::HostTerminator;
pub use process::Host;
pub use sink::{FromHost, OutputSink};
