//! `imap` and `imap_unordered`: results one by one, input read as they are taken.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::PoolError;
use super::handle::PoolHandle;

use super::job::{CallId, Job};
use super::promise::deadline;
use super::results::{Stream, StreamChunk, Waiting};
use super::task::Target;
use crate::multiprocessing::transport::codec::{self, Sink};
use crate::process::task_origin::TaskOrigin;
use crate::wait::Deadline;

/// The results of [`Pool::imap`](super::Pool::imap) and
/// [`imap_unordered`](super::Pool::imap_unordered), an iterator.
///
/// It reads as many items ahead as keep the workers busy, and more as results are taken from it: the
/// input may be endless. (Python's reads all its input at once.) An error takes the place of its
/// chunk's results, and the iterator goes on after it.
pub struct Imap<I: Iterator, R> {
    pool: PoolHandle,
    items: Option<I>,
    target: Result<Target, PoolError>,
    stream: Arc<Stream<R>>,
    waiting: Waiting,
    chunksize: usize,
    ordered: bool,
    /// Chunks submitted, and chunks that have come back.
    submitted: usize,
    returned: usize,
    /// In order: the next chunk to give, and those that came too early.
    next: usize,
    early: BTreeMap<usize, Result<Vec<R>, PoolError>>,
    given: VecDeque<Result<R, PoolError>>,
}

impl<I, R> Imap<I, R>
where
    I: Iterator,
    I::Item: Serialize + DeserializeOwned + 'static,
    R: Serialize + DeserializeOwned + Send + 'static,
{
    pub(super) fn new(
        pool: PoolHandle,
        target: Result<Target, PoolError>,
        items: I,
        chunksize: usize,
        ordered: bool,
    ) -> Self {
        let stream = Stream::new();
        let (backend, call) = (pool.backend.clone(), CallId::of(&stream));
        let waiting = Waiting::new(move || backend.abandon(call));
        let mut imap = Self {
            pool,
            items: Some(items),
            target,
            stream,
            waiting,
            chunksize,
            ordered,
            submitted: 0,
            returned: 0,
            next: 0,
            early: BTreeMap::new(),
            given: VecDeque::new(),
        };
        imap.fill();
        imap
    }

    /// The next result, if it comes within this time; else [`PoolError::TimedOut`], and it can be had
    /// later. Python: `it.next(timeout)`.
    ///
    /// ```
    /// # use woozle::multiprocessing::{Pool, PoolError};
    /// # use std::{thread::sleep, time::Duration};
    /// let pool = Pool::new(1)?;
    /// let mut results = pool.imap(|n: u64| sleep(Duration::from_secs(n)), [60]);
    /// let early = results.next_timeout(Duration::from_millis(1));
    /// assert!(matches!(early, Some(Err(PoolError::TimedOut))));
    /// # Ok::<(), PoolError>(())
    /// ```
    pub fn next_timeout(&mut self, timeout: Duration) -> Option<Result<R, PoolError>> {
        self.next_until(deadline(Some(timeout)))
    }

    fn next_until(&mut self, deadline: Deadline) -> Option<Result<R, PoolError>> {
        loop {
            if let Some(result) = self.given.pop_front() {
                return Some(result);
            }
            self.take_what_came();
            self.fill();
            if !self.given.is_empty() {
                continue;
            }
            if self.returned == self.submitted {
                return None;
            }
            let ready = || !self.stream.is_empty();
            let sleep = |deadline| self.stream.wait(deadline);
            let wait = || self.pool.backend.wait(deadline, &ready, &sleep);
            if !self.waiting.during(wait) {
                return Some(Err(PoolError::TimedOut));
            }
        }
    }

    fn take_what_came(&mut self) {
        for (index, result) in self.stream.take() {
            self.returned += 1;
            if self.ordered {
                self.early.insert(index, result);
            } else {
                self.give(result);
            }
        }
        while let Some(result) = self.early.remove(&self.next) {
            self.next += 1;
            self.give(result);
        }
    }

    fn give(&mut self, result: Result<Vec<R>, PoolError>) {
        match result {
            Ok(values) => self.given.extend(values.into_iter().map(Ok)),
            Err(error) => self.given.push_back(Err(error)),
        }
    }

    /// Submits chunks until enough are on the way.
    fn fill(&mut self) {
        let enough = 2 * self.pool.backend.processes() + 2;
        // What came too early counts: a slow first item must not let the rest pile up.
        while self.submitted - self.returned + self.early.len() + self.given.len() / self.chunksize
            < enough
        {
            let Some(items) = &mut self.items else { return };
            let chunk: Vec<_> = items.by_ref().take(self.chunksize).collect();
            if chunk.len() < self.chunksize {
                self.items = None;
            }
            if chunk.is_empty() {
                return;
            }
            let index = self.submitted;
            self.submitted += 1;
            let job: Arc<dyn Job> = Arc::new(StreamChunk {
                stream: self.stream.clone(),
                origin: Mutex::new(Some(TaskOrigin::new())),
            });
            let encode = |_, sink: &mut dyn Sink| {
                chunk.iter().try_for_each(|item| codec::encode(item, sink))
            };
            // All chunks are of one call; each is a job of its own, with its place among them.
            let place = index..index + chunk.len();
            let submitted = self
                .target
                .clone()
                .and_then(|target| self.pool.backend.submit(target, place, &job, &encode));
            if let Err(error) = submitted {
                self.stream.push(index, Err(error));
            }
        }
    }
}

impl<I, R> Iterator for Imap<I, R>
where
    I: Iterator,
    I::Item: Serialize + DeserializeOwned + 'static,
    R: Serialize + DeserializeOwned + Send + 'static,
{
    type Item = Result<R, PoolError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_until(Deadline::NEVER)
    }
}

impl<I: Iterator, R> fmt::Debug for Imap<I, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Imap {} of {} chunks>", self.returned, self.submitted)
    }
}
