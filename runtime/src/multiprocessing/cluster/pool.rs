//! `ClusterPool`: the verbs of `Pool`, on a cluster.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::backend::{OnCluster, encode};
use super::connection::{Initializer, Settings};
use super::connector::Connector;
use crate::concurrent::ProcessPoolExecutor;
use crate::multiprocessing::children::function::{Call, Portable};
use crate::multiprocessing::pool::handle::PoolHandle;
use crate::multiprocessing::pool::{Arguments, AsyncResult, Chunked, Imap, PoolError, Target};
use crate::multiprocessing::transport::descriptors::CodecError;

/// The verbs of [`Pool`](crate::multiprocessing::Pool), with tasks that run on a cluster: from
/// [`Cluster::pool`](super::Cluster::pool).
///
/// What can be a task, and what can be its arguments, is as in `Pool`, but for what lives in this machine's memory: a
/// `SharedArray`, a `Value`, a lock, an event, a queue, a pipe, a manager's proxy is refused, before anything is sent. What many tasks need goes
/// there once by [`Cluster::share`](super::Cluster::share).
///
/// What a task prints goes to the cell that submitted it, while the task runs. A task that panics, crashes or calls `exit` has
/// failed, and is not tried again. One whose machine dies is tried again on another one, three times at most; so it may run more than once.
///
/// `map` finds out by itself how many items to send together, so that a chunk takes about a tenth of a second;
/// [`chunksize`](Self::chunksize) says otherwise.
#[derive(Clone)]
pub struct ClusterPool {
    cluster: Arc<Connector>,
    settings: Settings,
    /// Whether it takes no more tasks.
    closed: Arc<AtomicBool>,
    handle: PoolHandle,
}

impl ClusterPool {
    pub(super) fn new(cluster: Arc<Connector>) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let settings = Settings {
            pool: NEXT.fetch_add(1, Ordering::Relaxed),
            ..Settings::default()
        };
        Self::with(cluster, settings, Arc::default())
    }

    fn with(cluster: Arc<Connector>, settings: Settings, closed: Arc<AtomicBool>) -> Self {
        let backend = Arc::new(OnCluster {
            cluster: cluster.clone(),
            settings: settings.clone(),
            closed: closed.clone(),
        });
        Self {
            cluster,
            settings,
            closed,
            handle: PoolHandle::new(backend, Arc::new(())),
        }
    }

    fn chunked(&self, chunksize: Option<usize>) -> Chunked<'_> {
        let pool = &self.handle;
        Chunked { pool, chunksize }
    }

    /// The same pool, whose tasks come before those of a lower priority; it is 0 at first. Python: the argument `priority` of
    /// Dask's verbs.
    #[must_use]
    pub fn priority(&self, priority: i32) -> Self {
        let settings = Settings {
            priority,
            ..self.settings.clone()
        };
        Self::with(self.cluster.clone(), settings, self.closed.clone())
    }

    /// The same pool, each of whose processes calls this first, with these arguments: also one that takes the place of
    /// another. Python: `Pool(initializer, initargs)`.
    ///
    /// # Errors
    ///
    /// [`PoolError`]: the arguments cannot travel.
    ///
    /// ```no_run
    /// # use std::sync::atomic::{AtomicU32, Ordering};
    /// # use woozle::multiprocessing::cluster::Cluster;
    /// static OFFSET: AtomicU32 = AtomicU32::new(0);
    ///
    /// # let cluster = Cluster::local(2)?;
    /// let pool = cluster.pool().initializer(|n: u32| OFFSET.store(n, Ordering::Relaxed), (10,))?;
    /// assert_eq!(pool.map(|n: u32| n + OFFSET.load(Ordering::Relaxed), 0..2)?, [10, 11]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn initializer<F, A>(&self, initializer: F, args: A) -> Result<Self, PoolError>
    where
        F: Call<A, Output = ()> + Portable,
        A: Arguments,
    {
        let target = Target::of_tuple::<F, A>(&initializer)?;
        let encoded = encode(&|sink| args.encode(sink))?;
        if !encoded.shared.is_empty() {
            let no = "an initializer's argument cannot be a shared value";
            return Err(PoolError::Arguments(CodecError::new(no)));
        }
        let initializer = Some(Arc::new(Initializer::new(target, encoded.bytes)));
        let settings = Settings {
            initializer,
            ..self.settings.clone()
        };
        Ok(Self::with(
            self.cluster.clone(),
            settings,
            self.closed.clone(),
        ))
    }

    /// An executor whose futures are of tasks there. Python: Dask's `client.get_executor()`.
    ///
    /// ```no_run
    /// # use woozle::multiprocessing::cluster::Cluster;
    /// # let cluster = Cluster::local(2)?;
    /// let executor = cluster.pool().executor();
    /// assert_eq!(executor.submit(|n: u32| n + 1, (1,)).result()?, 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn executor(&self) -> ProcessPoolExecutor {
        ProcessPoolExecutor::on_handle(self.handle.clone())
    }

    /// As [`Pool::apply`](crate::multiprocessing::Pool::apply).
    ///
    /// # Errors
    ///
    /// [`PoolError`]: what kept the task from giving a result.
    pub fn apply<F, A>(&self, function: F, args: A) -> Result<F::Output, PoolError>
    where
        F: Call<A> + Portable,
        A: Arguments,
        F::Output: Serialize + DeserializeOwned + Send + 'static,
    {
        self.apply_async(function, args).get()
    }

    /// As [`Pool::apply_async`](crate::multiprocessing::Pool::apply_async).
    pub fn apply_async<F, A>(&self, function: F, args: A) -> AsyncResult<F::Output>
    where
        F: Call<A> + Portable,
        A: Arguments,
        F::Output: Serialize + DeserializeOwned + Send + 'static,
    {
        self.chunked(None).apply_async(&function, args)
    }

    /// As [`Pool::map`](crate::multiprocessing::Pool::map).
    ///
    /// # Errors
    ///
    /// [`PoolError`] of the first item that has one, when all have been tried.
    pub fn map<F, A, R, I>(&self, function: F, items: I) -> Result<Vec<R>, PoolError>
    where
        F: Fn(A) -> R + Portable,
        A: Serialize + DeserializeOwned + 'static,
        R: Serialize + DeserializeOwned + Send + 'static,
        I: IntoIterator<Item = A>,
    {
        self.chunked(None).map(function, items)
    }

    /// As [`Pool::map_async`](crate::multiprocessing::Pool::map_async).
    pub fn map_async<F, A, R, I>(&self, function: F, items: I) -> AsyncResult<Vec<R>>
    where
        F: Fn(A) -> R + Portable,
        A: Serialize + DeserializeOwned + 'static,
        R: Serialize + DeserializeOwned + Send + 'static,
        I: IntoIterator<Item = A>,
    {
        self.chunked(None).map_async(function, items)
    }

    /// As [`Pool::starmap`](crate::multiprocessing::Pool::starmap).
    ///
    /// # Errors
    ///
    /// As [`map`](Self::map)'s.
    pub fn starmap<F, A, I>(&self, function: F, tuples: I) -> Result<Vec<F::Output>, PoolError>
    where
        F: Call<A> + Portable,
        A: Arguments,
        F::Output: Serialize + DeserializeOwned + Send + 'static,
        I: IntoIterator<Item = A>,
    {
        self.chunked(None).starmap(function, tuples)
    }

    /// As [`Pool::starmap_async`](crate::multiprocessing::Pool::starmap_async).
    pub fn starmap_async<F, A, I>(&self, function: F, tuples: I) -> AsyncResult<Vec<F::Output>>
    where
        F: Call<A> + Portable,
        A: Arguments,
        F::Output: Serialize + DeserializeOwned + Send + 'static,
        I: IntoIterator<Item = A>,
    {
        self.chunked(None).starmap_async(function, tuples)
    }

    /// As [`Pool::imap`](crate::multiprocessing::Pool::imap).
    pub fn imap<F, A, R, I>(&self, function: F, items: I) -> Imap<I::IntoIter, R>
    where
        F: Fn(A) -> R + Portable,
        A: Serialize + DeserializeOwned + 'static,
        R: Serialize + DeserializeOwned + Send + 'static,
        I: IntoIterator<Item = A>,
    {
        self.chunked(None).imap(function, items)
    }

    /// As [`Pool::imap_unordered`](crate::multiprocessing::Pool::imap_unordered).
    pub fn imap_unordered<F, A, R, I>(&self, function: F, items: I) -> Imap<I::IntoIter, R>
    where
        F: Fn(A) -> R + Portable,
        A: Serialize + DeserializeOwned + 'static,
        R: Serialize + DeserializeOwned + Send + 'static,
        I: IntoIterator<Item = A>,
    {
        self.chunked(None).imap_unordered(function, items)
    }

    /// As [`Pool::chunksize`](crate::multiprocessing::Pool::chunksize).
    ///
    /// # Errors
    ///
    /// [`PoolError::Zero`].
    pub fn chunksize(&self, chunksize: usize) -> Result<Chunked<'_>, PoolError> {
        match chunksize {
            0 => Err(PoolError::Zero("the chunk size")),
            chunksize => Ok(self.chunked(Some(chunksize))),
        }
    }
}

impl ClusterPool {
    /// How many tasks run at the same time now: the threads of Dask's workers.
    pub fn processes(&self) -> usize {
        self.handle.backend.processes()
    }

    /// Takes no more tasks. Other pools of the cluster are not touched. Python: `pool.close()`.
    pub fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
    }

    /// Takes no more tasks; what is not done is ended, and fails with [`PoolError::Terminated`]. Python:
    /// `pool.terminate()`.
    pub fn terminate(&self) {
        self.close();
        let own = self.settings.pool;
        self.cluster.current().cancel(&|pool, _| pool == own);
    }

    /// Waits until all tasks are done, after `close` or `terminate`. Python: `pool.join()`.
    ///
    /// # Errors
    ///
    /// [`PoolError::StillRunning`].
    pub fn join(&self) -> Result<(), PoolError> {
        if !self.closed.load(Ordering::SeqCst) {
            return Err(PoolError::StillRunning);
        }
        self.cluster.current().wait_for_tasks(self.settings.pool);
        Ok(())
    }
}

impl fmt::Debug for ClusterPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<ClusterPool {}>", self.cluster.status())
    }
}
