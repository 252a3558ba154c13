//! `Pool`: its calls.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::async_result::AsyncResult;
use super::chunked::Chunked;
use super::error::PoolError;
use super::handle::PoolHandle;
use super::imap::Imap;
use super::parent::shared::Shared;
use super::parent::state::Phase;
use super::task::Arguments;
use crate::multiprocessing::children::function::{Call, Portable};

/// A number of worker processes that run tasks: Python's `multiprocessing.Pool`.
///
/// ```
/// use woozle::multiprocessing::Pool;
///
/// fn square(n: u64) -> u64 { n * n }
/// fn power(base: u64, exponent: u32) -> u64 { base.pow(exponent) }
///
/// let pool = Pool::new(4)?;
/// assert_eq!(pool.map(square, 0..5)?, [0, 1, 4, 9, 16]);
/// assert_eq!(pool.starmap(power, [(2, 10), (3, 4)])?, [1024, 81]);
/// assert_eq!(pool.apply_async(power, (2, 8)).get()?, 256);
/// # Ok::<(), woozle::multiprocessing::PoolError>(())
/// ```
///
/// # Tasks
///
/// A task is any function, or closure that captures nothing, which it is checked for when the cell is
/// compiled. A worker runs the version that the calling cell sees. Arguments and results are of any
/// types that serde can serialise; vectors and arrays of plain numbers are copied as they are, through
/// shared memory. A task that returns a `Result` gives it back as it is. Statics have their initial
/// values in a worker, and are its own.
///
/// What a task prints goes to the cell that submitted it, each print in one piece.
///
/// # Random numbers
///
/// `rand::rng()` is seeded by the operating system in each worker, so no two draw the same numbers.
/// For a run that can be repeated, make a generator from a seed that is an argument of the task:
/// `StdRng::seed_from_u64(seed + i)`.
///
/// # Failures
///
/// If a task panics, or its worker dies, its result is an error at once ([`PoolError`]). Another
/// worker takes the dead one's place, and no other task is touched. (In Python, the task is lost, and
/// `get` waits for ever.)
///
/// If the system gives no worker, or an initializer fails, and there is no other worker, the tasks that wait fail with
/// that. The next call tries again: it may be possible by then.
///
/// If the cell is interrupted while it waits for the results of a call, those of its tasks that have not begun are
/// dropped, and the workers that run one are ended; others take their places. (In Python, the workers are interrupted,
/// too, but the tasks that wait are still done.) An [`AsyncResult`] or an [`Imap`] that is still there then stays as
/// it is, and one that is dropped elsewhere lets its tasks go on.
///
/// # The end
///
/// When the last handle of a pool is dropped, it is terminated, as at the end of Python's `with`. To
/// let it finish, [`close`](Self::close) and [`join`](Self::join) it.
#[derive(Clone)]
pub struct Pool {
    pub(super) handle: PoolHandle,
    pub(super) shared: Arc<Shared>,
}

impl Pool {
    /// Calls `function` with these arguments, a tuple, in a worker, and waits for its result. Python:
    /// `pool.apply(function, args)`.
    ///
    /// # Errors
    ///
    /// [`PoolError`]: what kept the task from giving a result.
    ///
    /// ```
    /// # use woozle::multiprocessing::Pool;
    /// let pool = Pool::new(1)?;
    /// assert_eq!(pool.apply(|a: i32, b: i32| a - b, (44, 2))?, 42);
    /// # Ok::<(), woozle::multiprocessing::PoolError>(())
    /// ```
    pub fn apply<F, A>(&self, function: F, args: A) -> Result<F::Output, PoolError>
    where
        F: Call<A> + Portable,
        A: Arguments,
        F::Output: Serialize + DeserializeOwned + Send + 'static,
    {
        self.apply_async(function, args).get()
    }

    /// As [`apply`](Self::apply), but returns at once. Python: `pool.apply_async(function, args)`.
    ///
    /// ```
    /// # use woozle::multiprocessing::Pool;
    /// let pool = Pool::new(1)?;
    /// let result = pool.apply_async(|a: i32, b: i32| a - b, (44, 2));
    /// assert_eq!(result.get()?, 42);
    /// # Ok::<(), woozle::multiprocessing::PoolError>(())
    /// ```
    pub fn apply_async<F, A>(&self, function: F, args: A) -> AsyncResult<F::Output>
    where
        F: Call<A> + Portable,
        A: Arguments,
        F::Output: Serialize + DeserializeOwned + Send + 'static,
    {
        self.chunked(None).apply_async(&function, args)
    }

    pub(crate) fn handle(&self) -> PoolHandle {
        self.handle.clone()
    }

    /// Calls `function` with each item, in the workers; gives the results in the order of the items.
    /// Python: `pool.map(function, items)`.
    ///
    /// The items are given out in chunks, four for each worker; for another size, see
    /// [`chunksize`](Self::chunksize).
    ///
    /// # Errors
    ///
    /// [`PoolError`] of the first item that has one, when all have been tried.
    ///
    /// ```
    /// # use woozle::multiprocessing::Pool;
    /// let pool = Pool::new(2)?;
    /// assert_eq!(pool.map(|n| n + 1, vec![1, 2, 3])?, [2, 3, 4]);
    /// # Ok::<(), woozle::multiprocessing::PoolError>(())
    /// ```
    pub fn map<F, A, R, I>(&self, function: F, items: I) -> Result<Vec<R>, PoolError>
    where
        F: Fn(A) -> R + Portable,
        A: Serialize + DeserializeOwned + 'static,
        R: Serialize + DeserializeOwned + Send + 'static,
        I: IntoIterator<Item = A>,
    {
        self.map_async(function, items).get()
    }

    /// As [`map`](Self::map), but returns at once. Python: `pool.map_async(function, items)`.
    ///
    /// ```
    /// # use woozle::multiprocessing::Pool;
    /// let pool = Pool::new(2)?;
    /// let result = pool.map_async(|n| n + 1, [1, 2, 3]);
    /// assert_eq!(result.get()?, [2, 3, 4]);
    /// # Ok::<(), woozle::multiprocessing::PoolError>(())
    /// ```
    pub fn map_async<F, A, R, I>(&self, function: F, items: I) -> AsyncResult<Vec<R>>
    where
        F: Fn(A) -> R + Portable,
        A: Serialize + DeserializeOwned + 'static,
        R: Serialize + DeserializeOwned + Send + 'static,
        I: IntoIterator<Item = A>,
    {
        self.chunked(None).map_async(function, items)
    }

    /// Calls `function` with the arguments of each tuple. Python: `pool.starmap(function, tuples)`.
    ///
    /// # Errors
    ///
    /// As [`map`](Self::map)'s.
    ///
    /// ```
    /// # use woozle::multiprocessing::Pool;
    /// let pool = Pool::new(2)?;
    /// assert_eq!(pool.starmap(|a: u32, b: u32| a * b, [(1, 2), (3, 4)])?, [2, 12]);
    /// # Ok::<(), woozle::multiprocessing::PoolError>(())
    /// ```
    pub fn starmap<F, A, I>(&self, function: F, tuples: I) -> Result<Vec<F::Output>, PoolError>
    where
        F: Call<A> + Portable,
        A: Arguments,
        F::Output: Serialize + DeserializeOwned + Send + 'static,
        I: IntoIterator<Item = A>,
    {
        self.starmap_async(function, tuples).get()
    }

    /// As [`starmap`](Self::starmap), but returns at once. Python: `pool.starmap_async(function,
    /// tuples)`.
    ///
    /// ```
    /// # use woozle::multiprocessing::Pool;
    /// let pool = Pool::new(2)?;
    /// let result = pool.starmap_async(|a: u32, b: u32| a * b, [(1, 2), (3, 4)]);
    /// assert_eq!(result.get()?, [2, 12]);
    /// # Ok::<(), woozle::multiprocessing::PoolError>(())
    /// ```
    pub fn starmap_async<F, A, I>(&self, function: F, tuples: I) -> AsyncResult<Vec<F::Output>>
    where
        F: Call<A> + Portable,
        A: Arguments,
        F::Output: Serialize + DeserializeOwned + Send + 'static,
        I: IntoIterator<Item = A>,
    {
        self.chunked(None).starmap_async(function, tuples)
    }

    /// Calls `function` with each item, in the workers; gives the results one by one, in the order of
    /// the items. Items are read as results are taken. Python: `pool.imap(function, items)`.
    ///
    /// ```
    /// # use woozle::multiprocessing::Pool;
    /// let pool = Pool::new(2)?;
    /// let squares = pool.imap(|n: u64| n * n, 0..);   // an endless input
    /// let first: Result<Vec<_>, _> = squares.take(4).collect();
    /// assert_eq!(first?, [0, 1, 4, 9]);
    /// # Ok::<(), woozle::multiprocessing::PoolError>(())
    /// ```
    pub fn imap<F, A, R, I>(&self, function: F, items: I) -> Imap<I::IntoIter, R>
    where
        F: Fn(A) -> R + Portable,
        A: Serialize + DeserializeOwned + 'static,
        R: Serialize + DeserializeOwned + Send + 'static,
        I: IntoIterator<Item = A>,
    {
        self.chunked(None).imap(function, items)
    }

    /// As [`imap`](Self::imap), but gives each result as soon as it is there. Python:
    /// `pool.imap_unordered(function, items)`.
    ///
    /// ```
    /// # use woozle::multiprocessing::Pool;
    /// let pool = Pool::new(2)?;
    /// let mut squares: Vec<u64> = pool.imap_unordered(|n| n * n, 0..4).collect::<Result<_, _>>()?;
    /// squares.sort();
    /// assert_eq!(squares, [0, 1, 4, 9]);
    /// # Ok::<(), woozle::multiprocessing::PoolError>(())
    /// ```
    pub fn imap_unordered<F, A, R, I>(&self, function: F, items: I) -> Imap<I::IntoIter, R>
    where
        F: Fn(A) -> R + Portable,
        A: Serialize + DeserializeOwned + 'static,
        R: Serialize + DeserializeOwned + Send + 'static,
        I: IntoIterator<Item = A>,
    {
        self.chunked(None).imap_unordered(function, items)
    }

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
            chunksize => Ok(self.chunked(Some(chunksize))),
        }
    }

    fn chunked(&self, chunksize: Option<usize>) -> Chunked<'_> {
        let pool = &self.handle;
        Chunked { pool, chunksize }
    }
}

impl fmt::Debug for Pool {
    /// As Python's `repr`: `<Pool state=RUN pool_size=4>`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.shared.phase() {
            Phase::Running => "RUN",
            Phase::Closed => "CLOSE",
            Phase::Terminated => "TERMINATE",
        };
        write!(f, "<Pool state={state} pool_size={}>", self.processes())
    }
}
