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
//! | `faulthandler.dump_traceback()` | [`report`] |
//! | `TIMEOUT_MAX`, `ThreadError`, `BrokenBarrierError` | [`TIMEOUT_MAX`], [`ThreadError`], [`BrokenBarrier`] |
//! | `settrace`, `setprofile`, `gettrace`, `getprofile` | none: they hook into Python's interpreter |
//! | `Thread(group=)`, `sys.exit()` in a thread | none: `group` is reserved; `return` ends a thread |

mod barrier;
mod bounded_semaphore;
mod condition;
mod condition_guard;
mod error;
mod event;
mod local;
mod lock;
mod raw;
mod rlock;
mod semaphore;
pub(crate) mod shared;
#[cfg(test)]
mod tests;
pub(crate) mod thread;

use std::time::Duration;

pub use barrier::Barrier;
pub use bounded_semaphore::{BoundedSemaphore, BoundedSemaphoreGuard};
pub use condition::Condition;
pub use condition_guard::ConditionGuard;
pub use error::{BrokenBarrier, NotOwned, SemaphoreError, ThreadError};
pub use event::Event;
pub use local::Local;
pub use lock::{Lock, LockGuard};
pub use rlock::{RLock, RLockGuard};
pub use semaphore::{Semaphore, SemaphoreGuard};
pub use thread::any::AnyThread;
pub use thread::builder::Builder;
pub use thread::handle::Thread;
pub use thread::join_once::JoinOnce;
pub use thread::panics::excepthook::{
    ExceptHookArgs, excepthook, reset_excepthook, set_excepthook,
};
pub use thread::registry::{
    active_count, current_thread, enumerate, get_ident, get_native_id, main_thread,
};
pub use thread::report::report;
pub use thread::target::Run;
pub use thread::thread_panic::ThreadPanic;
pub use thread::timer::Timer;

/// The longest timeout, which is for ever: Python's `threading.TIMEOUT_MAX`.
///
/// Python refuses longer ones with an `OverflowError`; here there are none, and none is negative.
///
/// ```
/// # use woozle::threading::{Lock, TIMEOUT_MAX};
/// assert!(Lock::new().acquire_timeout(TIMEOUT_MAX));
/// ```
pub const TIMEOUT_MAX: Duration = Duration::MAX;
