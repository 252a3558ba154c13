//! The algorithms under the primitives, which are run under many schedules (`explore/model`).

pub(in crate::threading) mod barrier;
pub(in crate::threading) mod condition;
pub(in crate::threading) mod event;
pub(in crate::threading) mod lock;
pub(in crate::threading) mod rlock;
pub(in crate::threading) mod semaphore;
