//! `Pool`: a number of processes that run tasks.
//!
//! | file | what it is |
//! |---|---|
//! | `api`, `chunked`, `lifecycle`, `builder`, `async_result`, `imap`, `error` | what users see |
//! | `task` | the functions that workers run, made for the types of each call |
//! | `job`, `results`, `promise` | what a call waits for |
//! | `backend`, `handle` | what runs the chunks of a call: processes of this machine, or a cluster |
//! | `parent` | the parent's side |
//! | `worker` | the other side |
//! | `wire`, `doorbell` | what they say to each other, and how workers wake the parent |
//!
//! How it works, and why no wake-up is lost, is in `README.md`.

mod api;
mod async_result;
pub(super) mod backend;
mod builder;
mod chunked;
mod doorbell;
pub(super) mod error;
pub(super) mod handle;
mod imap;
pub(super) mod job;
mod lifecycle;
mod parent;
mod promise;
mod results;
pub(super) mod task;
pub(super) mod wire;
mod worker;

pub use api::Pool;
pub use async_result::AsyncResult;
pub use builder::PoolBuilder;
pub use chunked::Chunked;
pub use error::{PoolError, TaskPanic};
pub(crate) use handle::PoolHandle;
pub use imap::Imap;
pub(crate) use promise::Promise;
pub use task::Arguments;
pub(crate) use task::Target;
