//! `Chunked`: the verbs that give out items in chunks.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::async_result::AsyncResult;
use super::error::PoolError;
use super::handle::Handle;
use super::imap::Imap;
use super::job::Job;
use super::promise::Promise;
use super::results::Chunks;
use super::task::{Arguments, Target};
use crate::multiprocessing::children::function::{Call, Portable};
use crate::multiprocessing::transport::codec::{self, Sink};
use crate::multiprocessing::transport::descriptors::CodecError;

/// A pool with a chunk size, from [`Pool::chunksize`](super::Pool::chunksize).
#[derive(Clone, Copy)]
pub struct Chunked<'a> {
    pub(super) pool: &'a Arc<Handle>,
    /// How many items go to a worker together; without it, as many as the verb finds best.
    pub(super) chunksize: Option<usize>,
}

impl Chunked<'_> {
    /// As [`Pool::map`](super::Pool::map).
    ///
    /// # Errors
    ///
    /// As [`Pool::map`](super::Pool::map)'s.
    pub fn map<F, A, R, I>(&self, function: F, items: I) -> Result<Vec<R>, PoolError>
    where
        F: Fn(A) -> R + Portable,
        A: Serialize + DeserializeOwned + 'static,
        R: Serialize + DeserializeOwned + Send + 'static,
        I: IntoIterator<Item = A>,
    {
        self.map_async(function, items).get()
    }

    /// As [`Pool::map_async`](super::Pool::map_async).
    pub fn map_async<F, A, R, I>(&self, function: F, items: I) -> AsyncResult<Vec<R>>
    where
        F: Fn(A) -> R + Portable,
        A: Serialize + DeserializeOwned + 'static,
        R: Serialize + DeserializeOwned + Send + 'static,
        I: IntoIterator<Item = A>,
    {
        let items = items.into_iter().collect();
        self.map_chunks(Target::of_one(&function), items, codec::encode)
    }

    /// As [`Pool::starmap`](super::Pool::starmap).
    ///
    /// # Errors
    ///
    /// As [`Pool::map`](super::Pool::map)'s.
    pub fn starmap<F, A, I>(&self, function: F, tuples: I) -> Result<Vec<F::Output>, PoolError>
    where
        F: Call<A> + Portable,
        A: Arguments,
        F::Output: Serialize + DeserializeOwned + Send + 'static,
        I: IntoIterator<Item = A>,
    {
        self.starmap_async(function, tuples).get()
    }

    /// As [`Pool::starmap_async`](super::Pool::starmap_async).
    pub fn starmap_async<F, A, I>(&self, function: F, tuples: I) -> AsyncResult<Vec<F::Output>>
    where
        F: Call<A> + Portable,
        A: Arguments,
        F::Output: Serialize + DeserializeOwned + Send + 'static,
        I: IntoIterator<Item = A>,
    {
        let tuples = tuples.into_iter().collect();
        self.map_chunks(Target::of_tuple(&function), tuples, A::encode)
    }

    /// As [`Pool::imap`](super::Pool::imap).
    pub fn imap<F, A, R, I>(&self, function: F, items: I) -> Imap<I::IntoIter, R>
    where
        F: Fn(A) -> R + Portable,
        A: Serialize + DeserializeOwned + 'static,
        R: Serialize + DeserializeOwned + Send + 'static,
        I: IntoIterator<Item = A>,
    {
        self.stream(&function, items, true)
    }

    /// As [`Pool::imap_unordered`](super::Pool::imap_unordered).
    pub fn imap_unordered<F, A, R, I>(&self, function: F, items: I) -> Imap<I::IntoIter, R>
    where
        F: Fn(A) -> R + Portable,
        A: Serialize + DeserializeOwned + 'static,
        R: Serialize + DeserializeOwned + Send + 'static,
        I: IntoIterator<Item = A>,
    {
        self.stream(&function, items, false)
    }

    fn stream<F, A, R, I>(&self, function: &F, items: I, ordered: bool) -> Imap<I::IntoIter, R>
    where
        F: Fn(A) -> R + Portable,
        A: Serialize + DeserializeOwned + 'static,
        R: Serialize + DeserializeOwned + Send + 'static,
        I: IntoIterator<Item = A>,
    {
        let (pool, items) = (self.pool.clone(), items.into_iter());
        let chunksize = self.chunksize.unwrap_or(1);
        Imap::new(pool, Target::of_one(function), items, chunksize, ordered)
    }

    /// Submits the chunks of a call, by `submit`; a chunk that cannot be submitted has failed.
    pub(super) fn submit<R, T>(
        &self,
        target: Result<Target, PoolError>,
        count: usize,
        assemble: fn(Vec<Vec<R>>) -> T,
        submit: impl Fn(usize, &Arc<dyn Job>, Target) -> Result<(), PoolError>,
    ) -> AsyncResult<T>
    where
        R: Serialize + DeserializeOwned + Send + 'static,
        T: Send + 'static,
    {
        let chunks = Chunks::new(count, assemble);
        let result = AsyncResult::new(self.pool.shared.clone(), chunks.promise());
        let job: Arc<dyn Job> = chunks;
        for index in 0..count {
            let submitted = target
                .clone()
                .and_then(|target| submit(index, &job, target));
            if let Err(error) = submitted
                && let Some(later) = job.done(index, 0, Err(error))
            {
                later();
            }
        }
        result
    }

    fn map_chunks<A, R>(
        &self,
        target: Result<Target, PoolError>,
        items: Vec<A>,
        encode: fn(&A, &mut dyn Sink) -> Result<(), CodecError>,
    ) -> AsyncResult<Vec<R>>
    where
        R: Serialize + DeserializeOwned + Send + 'static,
    {
        fn all<R>(results: Vec<Vec<R>>) -> Vec<R> {
            results.into_iter().flatten().collect()
        }
        // As in Python: four chunks for each worker.
        let chunksize = self.chunksize.unwrap_or_else(|| {
            let processes = self.pool.shared.settings.processes;
            items.len().div_ceil(processes * 4)
        });
        let chunks: Vec<&[A]> = items.chunks(chunksize.max(1)).collect();
        if chunks.is_empty() {
            let promise = Promise::new();
            let there = target
                .and_then(|_| self.pool.shared.check_running())
                .map(|()| Vec::new());
            let _ = promise.set(there);
            return AsyncResult::new(self.pool.shared.clone(), promise);
        }
        self.submit(target, chunks.len(), all, |index, job, target| {
            let chunk = chunks[index];
            let count = u32::try_from(chunk.len()).unwrap_or(u32::MAX);
            self.pool.shared.submit(target, count, job, index, |sink| {
                chunk.iter().try_for_each(|item| encode(item, sink))
            })
        })
    }
}

impl fmt::Debug for Chunked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.chunksize.unwrap_or_default();
        write!(f, "<Chunked chunksize={size}>")
    }
}
