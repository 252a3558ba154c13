//! The debugger: Jupyter's requests to it, and lldb-dap, which does the work on the cells' process.
//!
//! Debugging is a state of the session, which a front end turns on (`initialize`, `attach`) and off (`disconnect`). While it is on,
//! cells are compiled so that a debugger can show all of them, and lldb-dap is attached to the host; to another one as soon as that takes
//! its place. Jupyter's debug protocol is the Debug Adapter Protocol with some requests more, so most of what is asked is passed on.
//!
//! | part | module |
//! |---|---|
//! | which lldb-dap there is, its process, what it is told | [`lldb`] |
//! | turned on and off; how it goes on with another host | [`control`], [`state`] |
//! | what lldb-dap says by itself | [`events`] |
//! | cells that were compiled before it was on | [`earlier`] |
//! | each request | [`requests`] |
//! | cells as sources | [`sources`] |
//! | where to stop | [`breakpoints`] |
//! | threads, calls, variables and names, as users know them | [`views`] |

mod breakpoints;
mod control;
mod earlier;
mod events;
mod lldb;
mod requests;
mod sources;
mod state;
mod views;

pub use control::{Debugger, version};
pub use earlier::Again;
pub use lldb::find;
pub use requests::Session;
