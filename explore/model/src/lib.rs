//! Woozle's threads, locks, queues and pools, as `%%explore` runs them: the runtime's own files, compiled against what stands in
//! std's place. What they ask of the process is here.

#![allow(
    unused,
    unreachable_pub,
    reason = "what else the runtime has is not here"
)]

#[macro_use]
#[path = "../../../runtime/src/debug.rs"]
mod debug;

#[path = "../../../runtime/src/concurrent/mod.rs"]
pub mod concurrent;
mod process;
#[path = "../../../runtime/src/queue/mod.rs"]
pub mod queue;
mod sync;
#[path = "../../../runtime/src/threading/mod.rs"]
pub mod threading;
mod timeline;
#[path = "../../../runtime/src/wait/mod.rs"]
mod wait;
