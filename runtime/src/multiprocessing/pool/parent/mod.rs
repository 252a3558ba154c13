//! The parent's side of a pool.
//!
//! | file | what it is |
//! |---|---|
//! | `shared`, `settings` | what all handles of a pool share |
//! | `state`, `chunk`, `worker_handle` | chunks that wait, workers, and who gets what |
//! | `segments` | memory for long arguments and results |
//! | `submit` | chunks come in |
//! | `workers` | workers are started, and replaced when they have ended |
//! | `collect`, `waiting` | results are taken, by whoever waits |
//! | `abandon` | what becomes of a call when the wait for it is interrupted |
//! | `ending` | the end of a pool |

pub(super) mod abandon;
mod chunk;
mod collect;
mod ending;
mod segments;
pub(super) mod settings;
pub(super) mod shared;
pub(super) mod state;
mod submit;
mod waiting;
mod worker_handle;
mod workers;
