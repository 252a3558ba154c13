//! Waiting for many futures.

use std::borrow::Borrow;
use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;

use super::core::{Phase, Watcher};
use super::future::Future;
use crate::wait::Deadline;

/// Not all futures were done in time; Python's `TimeoutError`.
#[derive(Clone, Copy, PartialEq, Eq, Error)]
#[error("{unfinished} of {total} futures were not done in time")]
pub struct TimedOut {
    /// How many are not done.
    pub unfinished: usize,
    /// How many there are.
    pub total: usize,
}

debug_is_display!(TimedOut);

/// What [`wait`] waits for: Python's `FIRST_COMPLETED`, `FIRST_EXCEPTION`, `ALL_COMPLETED`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReturnWhen {
    /// One future is finished or cancelled.
    FirstCompleted,
    /// One future has failed, or all are finished or cancelled.
    FirstException,
    /// All are finished or cancelled.
    #[default]
    AllCompleted,
}

/// The futures by whether they are done: what [`wait`] gives.
#[derive(Clone, Debug)]
pub struct DoneAndNotDone<T> {
    /// Those that are finished or cancelled.
    pub done: Vec<Future<T>>,
    /// The others.
    pub not_done: Vec<Future<T>>,
}

/// The futures in the order in which they are done: Python's `as_completed(futures)`.
///
/// A future that is given twice comes once.
///
/// ```
/// use woozle::concurrent::{ThreadPoolExecutor, as_completed};
///
/// let pool = ThreadPoolExecutor::new(2);
/// let futures = [pool.submit(|| "tick"), pool.submit(|| "tock")];
/// for future in as_completed(&futures) {
///     println!("{}", future.result()?);
/// }
/// # Ok::<(), woozle::concurrent::FutureError>(())
/// ```
pub fn as_completed<T, I>(futures: I) -> AsCompleted<T>
where
    I: IntoIterator,
    I::Item: Borrow<Future<T>>,
{
    AsCompleted {
        watched: Watched::new(unique(futures)),
    }
}

/// As [`as_completed`], for at most this long in all; then comes one error, and nothing more.
/// Python: `as_completed(futures, timeout)`.
///
/// ```
/// use std::time::Duration;
/// use woozle::concurrent::{Future, as_completed_timeout};
///
/// let never = Future::<u8>::new();
/// let mut completed = as_completed_timeout([never], Duration::from_millis(1));
/// let error = completed.next().unwrap().unwrap_err();
/// assert_eq!(error.to_string(), "1 of 1 futures were not done in time");
/// assert!(completed.next().is_none());
/// ```
pub fn as_completed_timeout<T, I>(futures: I, timeout: Duration) -> AsCompletedTimeout<T>
where
    I: IntoIterator,
    I::Item: Borrow<Future<T>>,
{
    let deadline = Deadline::after(timeout);
    AsCompletedTimeout {
        watched: Watched::new(unique(futures)),
        deadline,
        over: false,
    }
}

/// Waits until so many futures are done: Python's `wait(futures, return_when=...)`.
///
/// A future that is given twice comes once.
///
/// ```
/// use woozle::concurrent::{Future, ReturnWhen, wait};
///
/// let (done, never) = (Future::new(), Future::<u8>::new());
/// done.set_result(1)?;
/// let sorted = wait([&done, &never], ReturnWhen::FirstCompleted);
/// assert_eq!((sorted.done, sorted.not_done), (vec![done], vec![never]));
/// # Ok::<(), woozle::concurrent::InvalidStateError>(())
/// ```
pub fn wait<T, I>(futures: I, return_when: ReturnWhen) -> DoneAndNotDone<T>
where
    I: IntoIterator,
    I::Item: Borrow<Future<T>>,
{
    wait_until(unique(futures), return_when, Deadline::NEVER)
}

/// As [`wait`], for at most this long; it is no error if the time is up. Python:
/// `wait(futures, timeout, return_when)`.
///
/// ```
/// use std::time::Duration;
/// use woozle::concurrent::{Future, ReturnWhen, wait_timeout};
///
/// let never = Future::<u8>::new();
/// let sorted = wait_timeout([&never], Duration::from_millis(1), ReturnWhen::AllCompleted);
/// assert_eq!(sorted.not_done, [never]);
/// ```
pub fn wait_timeout<T, I>(
    futures: I,
    timeout: Duration,
    return_when: ReturnWhen,
) -> DoneAndNotDone<T>
where
    I: IntoIterator,
    I::Item: Borrow<Future<T>>,
{
    wait_until(unique(futures), return_when, Deadline::after(timeout))
}

fn wait_until<T>(
    futures: Vec<Future<T>>,
    return_when: ReturnWhen,
    deadline: Deadline,
) -> DoneAndNotDone<T> {
    let mut watched = Watched::new(futures);
    loop {
        let enough = |future: &Future<T>| match return_when {
            ReturnWhen::FirstCompleted => true,
            ReturnWhen::FirstException => {
                matches!(future.core().phase(), Phase::Finished(Some(_)))
            }
            ReturnWhen::AllCompleted => false,
        };
        match watched.next(deadline) {
            Some(future) if !enough(future) => {}
            _ => break,
        }
    }
    let (done, not_done) = std::mem::take(&mut watched.futures)
        .into_iter()
        .partition(Future::done);
    DoneAndNotDone { done, not_done }
}

fn unique<T, I>(futures: I) -> Vec<Future<T>>
where
    I: IntoIterator,
    I::Item: Borrow<Future<T>>,
{
    let mut seen = std::collections::HashSet::new();
    let futures = futures.into_iter().map(|future| future.borrow().clone());
    futures
        .filter(|future| seen.insert(Arc::as_ptr(future.core())))
        .collect()
}

/// Futures with a watcher on each, which goes when this goes.
#[derive(Debug)]
struct Watched<T> {
    futures: Vec<Future<T>>,
    watcher: Arc<Watcher>,
    left: usize,
}

impl<T> Watched<T> {
    fn new(futures: Vec<Future<T>>) -> Self {
        let watcher = Arc::default();
        for (number, future) in futures.iter().enumerate() {
            future.core().watch(&watcher, number);
        }
        Self {
            left: futures.len(),
            futures,
            watcher,
        }
    }

    /// The next future that is done; none if all have been given or the deadline passed.
    fn next(&mut self, deadline: Deadline) -> Option<&Future<T>> {
        if self.left == 0 {
            return None;
        }
        let number = self.watcher.next(deadline)?;
        self.left -= 1;
        self.futures.get(number)
    }
}

impl<T> Drop for Watched<T> {
    fn drop(&mut self) {
        for future in &self.futures {
            future.core().unwatch(&self.watcher);
        }
    }
}

/// Futures in the order in which they are done; see [`as_completed`].
#[derive(Debug)]
pub struct AsCompleted<T> {
    watched: Watched<T>,
}

impl<T> Iterator for AsCompleted<T> {
    type Item = Future<T>;

    fn next(&mut self) -> Option<Future<T>> {
        self.watched.next(Deadline::NEVER).cloned()
    }
}

/// Futures in the order in which they are done, until a time; see [`as_completed_timeout`].
#[derive(Debug)]
pub struct AsCompletedTimeout<T> {
    watched: Watched<T>,
    deadline: Deadline,
    over: bool,
}

impl<T> Iterator for AsCompletedTimeout<T> {
    type Item = Result<Future<T>, TimedOut>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        if let Some(future) = self.watched.next(self.deadline) {
            return Some(Ok(future.clone()));
        }
        self.over = true;
        let (unfinished, total) = (self.watched.left, self.watched.futures.len());
        (unfinished > 0).then_some(Err(TimedOut { unfinished, total }))
    }
}
