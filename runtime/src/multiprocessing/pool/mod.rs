//! `Pool`: a number of processes that run tasks.
//!
//! | file | what it is |
//! |---|---|
//! | `api`, `chunked`, `lifecycle`, `builder`, `async_result`, `imap`, `error` | what users see |
//! | `task` | the functions that workers run, made for the types of each call |
//! | `job`, `results`, `promise` | what a call waits for |
//! | `handle`, `parent` | the parent's side |
//! | `worker` | the other side |
//! | `wire`, `doorbell` | what they say to each other, and how workers wake the parent |
//!
//! How it works, and why no wake-up is lost, is in `README.md`.

mod api;
mod async_result;
mod builder;
mod chunked;
mod doorbell;
mod error;
mod handle;
mod imap;
mod job;
mod lifecycle;
mod parent;
mod promise;
mod results;
mod task;
mod wire;
mod worker;

pub use api::Pool;
pub use async_result::AsyncResult;
pub use builder::PoolBuilder;
pub use chunked::Chunked;
pub use error::{PoolError, TaskPanic};
pub use imap::Imap;
pub(crate) use promise::Promise;
pub use task::Arguments;
pub(crate) use task::Target;
