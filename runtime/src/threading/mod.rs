//! Threads and what they need to work together, under the names of Python's `threading`.
//!
//! Blocking calls without a timeout return what they wait for; those that end in `_timeout` take a
//! [`Duration`] and say whether they got it.
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
//!
//! | Python | Woozle |
//! | --- | --- |
//! | `Thread(target=f, args=(8,))`, `start`, `join` | [`Thread::new`]`(\|\| f(8))`, [`start`](Thread::start), [`join`](Thread::join), with the result |
//! | `Thread(name=, daemon=)`, `stack_size()` | [`Thread::builder`] |
//! | a subclass with `run` | [`Run`] and [`Thread::of`] |
//! | `is_alive`, `name`, `ident`, `native_id`, `daemon` | the methods of [`AnyThread`] |
//! | `current_thread`, `main_thread`, `enumerate`, `active_count`, `get_ident`, `get_native_id` | the functions of that name |
//! | `excepthook`, `__excepthook__`, `ExceptHookArgs` | [`set_excepthook`], [`excepthook`], [`ExceptHookArgs`] |
//! | `Lock`, `RLock`, `Semaphore`, `BoundedSemaphore` | the types of that name |
//! | `with lock:` | `let _held = lock.guard();` or `lock.with(\|\| ...)` |
//! | `acquire(False)`, `acquire(timeout=t)` | `try_acquire()`, `acquire_timeout(t)` |
//! | `Condition` | [`Condition`]; waiting and notifying are methods of its guard |
//! | `Event`, `Barrier`, `Timer` | the types of that name |
//! | `local` | [`Local`] |
//! | `TIMEOUT_MAX`, `ThreadError`, `BrokenBarrierError` | [`TIMEOUT_MAX`], [`ThreadError`], [`BrokenBarrier`] |
//! | `settrace`, `setprofile`, `gettrace`, `getprofile` | none: they hook into Python's interpreter |
//! | `Thread(group=)`, `sys.exit()` in a thread | none: `group` is reserved; `return` ends a thread |

mod any;
mod barrier;
mod bounded_semaphore;
mod builder;
mod condition;
mod condition_guard;
mod core;
mod error;
mod event;
mod excepthook;
pub(crate) mod ident;
mod join_once;
mod local;
mod lock;
pub(crate) mod panics;
mod raw_barrier;
mod raw_condition;
mod raw_lock;
mod raw_rlock;
mod raw_semaphore;
pub(crate) mod registry;
mod rlock;
mod semaphore;
pub(crate) mod shared;
mod start;
mod target;
#[cfg(all(test, not(shuttle)))]
mod tests;
mod thread;
mod thread_panic;
mod timer;

use std::time::Duration;

pub use any::AnyThread;
pub use barrier::Barrier;
pub use bounded_semaphore::{BoundedSemaphore, BoundedSemaphoreGuard};
pub use builder::Builder;
pub use condition::Condition;
pub use condition_guard::ConditionGuard;
pub use error::{BrokenBarrier, NotOwned, SemaphoreError, ThreadError};
pub use event::Event;
pub use excepthook::{ExceptHookArgs, excepthook, reset_excepthook, set_excepthook};
pub use join_once::JoinOnce;
pub use local::Local;
pub use lock::{Lock, LockGuard};
pub use registry::{
    active_count, current_thread, enumerate, get_ident, get_native_id, main_thread,
};
pub use rlock::{RLock, RLockGuard};
pub use semaphore::{Semaphore, SemaphoreGuard};
pub use target::Run;
pub use thread::Thread;
pub use thread_panic::ThreadPanic;
pub use timer::Timer;

/// The longest timeout, which is for ever: Python's `threading.TIMEOUT_MAX`.
///
/// Python refuses longer ones with an `OverflowError`; here there are none, and none is negative.
///
/// ```
/// # use woozle::threading::{Lock, TIMEOUT_MAX};
/// assert!(Lock::new().acquire_timeout(TIMEOUT_MAX));
/// ```
pub const TIMEOUT_MAX: Duration = Duration::MAX;
