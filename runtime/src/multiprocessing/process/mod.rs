//! `Process`: a function that runs in a process of its own.

mod api;
mod info;
mod properties;
mod run;
mod start;

pub use api::Process;
pub use info::{ProcessInfo, cpu_count, current_process, get_start_method, parent_process};
pub use start::active_children;
