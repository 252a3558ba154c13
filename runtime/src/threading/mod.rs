//! Threads and what they need to work together, under the names of Python's `threading`.
//!
//! Blocking calls without a timeout return what they wait for; those that end in `_timeout` take a
//! [`Duration`](std::time::Duration) and say whether they got it.
//!
//! **A lock without data or with?** Python's locks hold no data, and nothing but care connects them with what they
//! protect. [`Lock`] and [`RLock`] here are such locks, for taking turns and for signals. To
//! protect data, put it into a [`std::sync::Mutex`] or a `parking_lot::Mutex`: then it cannot be
//! reached without the lock. The types of std and parking_lot work beside these.
//!
//! **Handles.** A clone of a primitive is the same primitive, as a second Python variable would be:
//! `let lock2 = lock.clone();` and move it into the thread; no `Arc` is needed. And since their
//! constructors are `const`, they can be `static` and need no clone at all. (The state is allocated
//! at the first use, so that a primitive can be both.)

mod any;
mod builder;
mod core;
mod error;
mod event;
mod excepthook;
mod ident;
mod lock;
pub(crate) mod panics;
mod raw_lock;
pub(crate) mod registry;
mod rlock;
mod shared;
mod target;
mod thread;

pub use any::AnyThread;
pub use builder::Builder;
pub use error::{NotOwned, ThreadError};
pub use event::Event;
pub use excepthook::{ExceptHookArgs, excepthook, reset_excepthook, set_excepthook};
pub use lock::{Lock, LockGuard};
pub use panics::ThreadPanic;
pub use registry::{
    active_count, current_thread, enumerate, get_ident, get_native_id, main_thread,
};
pub use rlock::{RLock, RLockGuard};
pub use target::Run;
pub use thread::Thread;

/// The calling thread's name, without making a dummy for it.
fn current_name() -> std::sync::Arc<str> {
    match registry::known_current() {
        Some(thread) => thread.arc_name(),
        None => std::thread::current().name().unwrap_or("<unnamed>").into(),
    }
}
