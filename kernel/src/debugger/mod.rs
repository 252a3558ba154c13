//! The debugger: Jupyter's requests to it, and lldb-dap, which does the work on the cells' process.
//!
//! Debugging is a state of the session, which a front end turns on (`initialize`, `attach`) and off (`disconnect`). While it is on,
//! cells are compiled so that a debugger can show all of them, and lldb-dap is attached to the host; to another one as soon as that takes
//! its place. Jupyter's debug protocol is the Debug Adapter Protocol with some requests more, so most of what is asked is passed on.
//!
//! | part | module |
//! |---|---|
//! | which lldb-dap there is | [`find`] |
//! | lldb-dap's process, and messages on its pipes | [`adapter`], [`framing`] |
//! | attached to a process | [`attachment`] |
//! | what the session has of a debugger, and how it goes on with another host | [`debugger`], [`state`] |
//! | what lldb-dap says by itself | [`events`] |
//! | cells that were compiled before it was on | [`earlier`] |
//! | each request | [`requests`] |
//! | what LLDB knows of Woozle | [`script`], `woozle_lldb.py` |
//! | cells as sources | [`sources`] |
//! | where to stop | [`breakpoints`] |
//! | threads and calls, variables, as users know them | [`frames`], [`variables`], [`names`] |

mod adapter;
mod attachment;
mod breakpoints;
mod debugger;
mod earlier;
mod events;
pub mod find;
mod frames;
mod framing;
mod names;
mod requests;
mod script;
mod sources;
mod state;
mod variables;

pub use debugger::Debugger;
pub use earlier::Again;
pub use requests::Session;
