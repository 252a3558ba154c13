//! The results of `map`.

use std::collections::VecDeque;
use std::time::Duration;

use super::error::FutureError;
use super::future::Future;
use crate::wait::Deadline;

/// The results of a [`map`](super::ThreadPoolExecutor::map), in the order of the items.
///
/// An item whose task failed gives an error; the others still come. (Python's `map` ends there.)
/// What has not begun is cancelled when this is dropped.
#[derive(Debug)]
pub struct Map<T> {
    futures: VecDeque<Future<T>>,
    deadline: Deadline,
}

impl<T> Map<T> {
    pub(super) fn new(futures: VecDeque<Future<T>>) -> Self {
        Self {
            futures,
            deadline: Deadline::NEVER,
        }
    }

    /// Results that are not there so long from now are [`FutureError::TimedOut`]. Python: `timeout=`.
    ///
    /// ```
    /// # use woozle::concurrent::{FutureError, ThreadPoolExecutor};
    /// # use std::time::Duration;
    /// let pool = ThreadPoolExecutor::new(2);
    /// let results = pool.map(|n| n + 1, 0..3).timeout(Duration::from_secs(9));
    /// assert_eq!(results.filter_map(Result::ok).sum::<i32>(), 6);
    /// ```
    #[must_use = "it gives the results"]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.deadline = Deadline::after(timeout);
        self
    }
}

impl<T> Iterator for Map<T> {
    type Item = Result<T, FutureError>;

    fn next(&mut self) -> Option<Self::Item> {
        let future = self.futures.pop_front()?;
        let finished = future.finished(self.deadline);
        if let Err(FutureError::TimedOut) = finished {
            future.cancel();
        }
        Some(finished.and_then(|()| future.take_result()))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.futures.len(), Some(self.futures.len()))
    }
}

impl<T> Drop for Map<T> {
    fn drop(&mut self) {
        for future in &self.futures {
            future.cancel();
        }
    }
}
