//! A job: what takes the results of chunks.

use std::sync::Arc;

use super::error::PoolError;

/// Something to be done when nothing is locked: a user's callback.
pub(crate) type Deferred = Box<dyn FnOnce() + Send>;

/// Where the results of chunks go.
pub(in crate::multiprocessing) trait Job: Send + Sync {
    /// The chunk of this index is done: the bytes of its results, or why there are none.
    fn done(&self, index: usize, items: u32, result: Result<&[u8], PoolError>) -> Option<Deferred>;

    /// The call that it is a part of.
    fn call(&self) -> CallId {
        CallId::NONE
    }
}

/// Tells the calls of verbs apart: the address of that which collects a call's results. There is none
/// at 0, which means no call of a verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::multiprocessing) struct CallId(usize);

impl CallId {
    pub(super) const NONE: Self = Self(0);

    pub(super) fn of<T>(collector: &Arc<T>) -> Self {
        Self(Arc::as_ptr(collector).addr())
    }
}
