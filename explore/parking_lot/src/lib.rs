//! What stands in parking_lot's place: its names and its interface, over what stands in std's place. Nothing is poisoned, and a
//! `Condvar` takes its guard by reference.
//!
//! Not here: mapped guards, upgradable reads, reentrant locks, and what is for those who make locks (`lock_api`).

mod condvar;
mod mutex;
mod once;
mod rwlock;

pub use condvar::{Condvar, WaitTimeoutResult};
pub use mutex::{FairMutex, FairMutexGuard, Mutex, MutexGuard, const_fair_mutex, const_mutex};
pub use once::{Once, OnceState};
pub use rwlock::{RwLock, RwLockReadGuard, RwLockWriteGuard, const_rwlock};
