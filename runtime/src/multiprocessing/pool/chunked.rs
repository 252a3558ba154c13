//! `Chunked`: the verbs that give out items in chunks.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::async_result::AsyncResult;
use super::backend::{self, submit_chunks};
use super::error::PoolError;
use super::handle::PoolHandle;
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
    pub(in crate::multiprocessing) pool: &'a PoolHandle,
    /// How many items go to a worker together; without it, as many as the verb finds best.
    pub(in crate::multiprocessing) chunksize: Option<usize>,
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

    /// As [`Pool::apply_async`](super::Pool::apply_async).
    pub(in crate::multiprocessing) fn apply_async<F, A>(
        &self,
        function: &F,
        args: A,
    ) -> AsyncResult<F::Output>
    where
        F: Call<A> + Portable,
        A: Arguments,
        F::Output: Serialize + DeserializeOwned + Send + 'static,
    {
        fn one<R>(mut results: Vec<R>) -> R {
            results.pop().expect("one item has one result")
        }
        let (chunks, result) = self.call(1, one);
        let encode = |_, sink: &mut dyn Sink| args.encode(sink);
        let submitted = Target::of_tuple(function)
            .and_then(|target| self.pool.backend.submit(target, 0..1, &chunks, &encode));
        if let Err(error) = submitted {
            backend::fail(&chunks, 0..1, error);
        }
        result
    }

    /// A call of so many items, and what gives its result.
    fn call<R, T>(&self, items: usize, assemble: fn(Vec<R>) -> T) -> (Arc<dyn Job>, AsyncResult<T>)
    where
        R: Serialize + DeserializeOwned + Send + 'static,
        T: Send + 'static,
    {
        let chunks = Chunks::new(items, assemble);
        let result = AsyncResult::new(self.pool.backend.clone(), chunks.promise());
        (chunks, result)
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
        let backend = &self.pool.backend;
        if items.is_empty() {
            let promise = Promise::new();
            let there = target
                .and_then(|_| backend.check_running())
                .map(|()| Vec::new());
            let _ = promise.set(there);
            return AsyncResult::new(backend.clone(), promise);
        }
        let (job, result) = self.call(items.len(), |results| results);
        let encode = |range: Range<usize>, sink: &mut dyn Sink| {
            items[range].iter().try_for_each(|item| encode(item, sink))
        };
        match (target, self.chunksize) {
            (Ok(target), None) => backend.submit_all(target, items.len(), &job, &encode),
            (Ok(target), Some(size)) => {
                submit_chunks(&**backend, size, target, items.len(), &job, &encode);
            }
            (Err(error), _) => backend::fail(&job, 0..items.len(), error),
        }
        result
    }
}

impl fmt::Debug for Chunked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.chunksize.unwrap_or_default();
        write!(f, "<Chunked chunksize={size}>")
    }
}
