//! `Chunked`: a pool whose calls have a chunk size.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::api::Pool;
use super::async_result::AsyncResult;
use super::error::PoolError;
use super::imap::Imap;
use super::task::{Arguments, Target};
use crate::multiprocessing::children::function::{Call, Portable};
use crate::multiprocessing::transport::codec;

impl Pool {
    /// The same pool, with chunks of this size. Python: the argument `chunksize` of the verbs.
    ///
    /// # Errors
    ///
    /// [`PoolError::Zero`].
    ///
    /// ```
    /// # use woozle::multiprocessing::Pool;
    /// let pool = Pool::new(2)?;
    /// assert_eq!(pool.chunksize(10)?.map(|n: u64| n % 7, 0..100)?.len(), 100);
    /// # Ok::<(), woozle::multiprocessing::PoolError>(())
    /// ```
    pub fn chunksize(&self, chunksize: usize) -> Result<Chunked<'_>, PoolError> {
        match chunksize {
            0 => Err(PoolError::Zero("the chunk size")),
            chunksize => Ok(Chunked {
                pool: self,
                chunksize,
            }),
        }
    }
}

/// A pool with a chunk size, from [`Pool::chunksize`].
#[derive(Clone, Copy, Debug)]
pub struct Chunked<'a> {
    pool: &'a Pool,
    chunksize: usize,
}

impl Chunked<'_> {
    /// As [`Pool::map`].
    ///
    /// # Errors
    ///
    /// As [`Pool::map`]'s.
    pub fn map<F, A, R, I>(&self, function: F, items: I) -> Result<Vec<R>, PoolError>
    where
        F: Fn(A) -> R + Portable,
        A: Serialize + DeserializeOwned + 'static,
        R: Serialize + DeserializeOwned + Send + 'static,
        I: IntoIterator<Item = A>,
    {
        self.map_async(function, items).get()
    }

    /// As [`Pool::map_async`].
    pub fn map_async<F, A, R, I>(&self, function: F, items: I) -> AsyncResult<Vec<R>>
    where
        F: Fn(A) -> R + Portable,
        A: Serialize + DeserializeOwned + 'static,
        R: Serialize + DeserializeOwned + Send + 'static,
        I: IntoIterator<Item = A>,
    {
        let items = items.into_iter().collect();
        let (target, size) = (Target::of_one(&function), Some(self.chunksize));
        self.pool.map_chunks(target, items, size, codec::encode)
    }

    /// As [`Pool::starmap`].
    ///
    /// # Errors
    ///
    /// As [`Pool::map`]'s.
    pub fn starmap<F, A, I>(&self, function: F, tuples: I) -> Result<Vec<F::Output>, PoolError>
    where
        F: Call<A> + Portable,
        A: Arguments,
        F::Output: Serialize + DeserializeOwned + Send + 'static,
        I: IntoIterator<Item = A>,
    {
        self.starmap_async(function, tuples).get()
    }

    /// As [`Pool::starmap_async`].
    pub fn starmap_async<F, A, I>(&self, function: F, tuples: I) -> AsyncResult<Vec<F::Output>>
    where
        F: Call<A> + Portable,
        A: Arguments,
        F::Output: Serialize + DeserializeOwned + Send + 'static,
        I: IntoIterator<Item = A>,
    {
        let tuples = tuples.into_iter().collect();
        let (target, size) = (Target::of_tuple(&function), Some(self.chunksize));
        self.pool.map_chunks(target, tuples, size, A::encode)
    }

    /// As [`Pool::imap`].
    pub fn imap<F, A, R, I>(&self, function: F, items: I) -> Imap<I::IntoIter, R>
    where
        F: Fn(A) -> R + Portable,
        A: Serialize + DeserializeOwned + 'static,
        R: Serialize + DeserializeOwned + Send + 'static,
        I: IntoIterator<Item = A>,
    {
        let target = Target::of_one(&function);
        let (pool, items) = (self.pool.0.clone(), items.into_iter());
        Imap::new(pool, target, items, self.chunksize, true)
    }

    /// As [`Pool::imap_unordered`].
    pub fn imap_unordered<F, A, R, I>(&self, function: F, items: I) -> Imap<I::IntoIter, R>
    where
        F: Fn(A) -> R + Portable,
        A: Serialize + DeserializeOwned + 'static,
        R: Serialize + DeserializeOwned + Send + 'static,
        I: IntoIterator<Item = A>,
    {
        let target = Target::of_one(&function);
        let (pool, items) = (self.pool.0.clone(), items.into_iter());
        Imap::new(pool, target, items, self.chunksize, false)
    }
}
