//! Locks and the like that work between processes: words in shared memory, on which the system lets
//! threads wait.
//!
//! Each has a segment of its own, and its handle can be sent to other processes. [`raw`] is the lock
//! that everything else stands on: the system knows its owner, and so its owner's death is noticed.

mod barrier;
mod condition;
mod event;
mod lock;
pub(crate) mod raw;
mod rlock;
mod semaphore;
mod words;

pub use barrier::Barrier;
pub use condition::{Condition, ConditionGuard};
pub use event::Event;
pub use lock::{Lock, LockGuard};
pub use raw::LockError;
pub(crate) use raw::RawLock;
pub use rlock::{RLock, RLockGuard};
pub use semaphore::{BoundedSemaphore, Semaphore, SemaphoreGuard};
pub(crate) use words::{Counted, Shareable, Words};
