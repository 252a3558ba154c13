//! `ClusterPool`: the verbs of `Pool`, on a cluster.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::CANNOT_TRAVEL;
use super::api::Cluster;
use super::connection::{Initializer, Settings, Task};
use super::shared::{self, Stored};
use crate::concurrent::ProcessPoolExecutor;
use crate::multiprocessing::children::function::{Call, Portable};
use crate::multiprocessing::pool::backend::{self, Backend, EncodeItems};
use crate::multiprocessing::pool::handle::PoolHandle;
use crate::multiprocessing::pool::job::{CallId, Job};
use crate::multiprocessing::pool::{Arguments, AsyncResult, Chunked, Imap, PoolError, Target};
use crate::multiprocessing::transport::descriptors::{self, CodecError};
use crate::wait::Deadline;

/// How long a call waits before it says that there are no workers.
const QUIET: Duration = Duration::from_secs(2);

/// The verbs of [`Pool`](crate::multiprocessing::Pool), with tasks that run on a cluster: from [`Cluster::pool`].
///
/// What can be a task, and what can be its arguments, is as in `Pool`, but for what lives in this machine's memory: a
/// `SharedArray`, a `Value`, a lock, an event, a queue, a pipe, a manager's proxy is refused, before anything is sent. What many tasks need goes
/// there once by [`Cluster::share`].
///
/// What a task prints goes to the cell that submitted it, while the task runs. A task that panics, crashes or calls `exit` has
/// failed, and is not tried again. One whose machine dies is tried again on another one, three times at most; so it may run more than once.
///
/// `map` finds out by itself how many items to send together, so that a chunk takes about a tenth of a second;
/// [`chunksize`](Self::chunksize) says otherwise.
#[derive(Clone)]
pub struct ClusterPool {
    cluster: Cluster,
    settings: Settings,
    handle: PoolHandle,
}

impl ClusterPool {
    pub(super) fn new(cluster: Cluster) -> Self {
        Self::with(cluster, Settings::default())
    }

    fn with(cluster: Cluster, settings: Settings) -> Self {
        let backend = Arc::new(OnCluster {
            cluster: cluster.clone(),
            settings: settings.clone(),
        });
        Self {
            cluster,
            settings,
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
        Self::with(self.cluster.clone(), settings)
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
        Ok(Self::with(self.cluster.clone(), settings))
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

impl fmt::Debug for ClusterPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<ClusterPool {}>", self.cluster.status())
    }
}

/// What runs the chunks of such a pool.
struct OnCluster {
    cluster: Cluster,
    settings: Settings,
}

/// Arguments as bytes, and the shared values among them.
struct Encoded {
    bytes: Vec<u8>,
    shared: Vec<Arc<Stored>>,
}

fn encode(write: &dyn Fn(&mut Vec<u8>) -> Result<(), CodecError>) -> Result<Encoded, PoolError> {
    let mut bytes = Vec::new();
    let ((written, carried), shared) =
        shared::noting(|| descriptors::collecting(|| write(&mut bytes)));
    written.map_err(PoolError::Arguments)?;
    match carried.is_empty() {
        true => Ok(Encoded { bytes, shared }),
        false => Err(PoolError::Arguments(CodecError::new(CANNOT_TRAVEL))),
    }
}

impl OnCluster {
    /// Writes all items of a call, and notes where each ends.
    fn encode_all(
        items: usize,
        encode_items: EncodeItems<'_>,
    ) -> Result<(Encoded, Vec<usize>), PoolError> {
        let ends = std::cell::RefCell::new(Vec::with_capacity(items));
        let encoded = encode(&|bytes| {
            (0..items).try_for_each(|item| {
                encode_items(item..item + 1, bytes)?;
                ends.borrow_mut().push(bytes.len());
                Ok(())
            })
        })?;
        Ok((encoded, ends.into_inner()))
    }
}

impl Backend for OnCluster {
    fn submit(
        &self,
        target: Target,
        items: Range<usize>,
        job: &Arc<dyn Job>,
        encode_items: EncodeItems<'_>,
    ) -> Result<(), PoolError> {
        let encoded = encode(&|bytes| encode_items(items.clone(), bytes))?;
        let connection = self.cluster.connection()?;
        let task = Task::new(target, &encoded.shared, &self.settings);
        connection.send(&task, items, job, &encoded.bytes);
        Ok(())
    }

    fn submit_all(
        &self,
        target: Target,
        items: usize,
        job: &Arc<dyn Job>,
        encode_items: EncodeItems<'_>,
    ) {
        let submit = || {
            let (encoded, ends) = Self::encode_all(items, encode_items)?;
            let connection = self.cluster.connection()?;
            let task = Task::new(target, &encoded.shared, &self.settings);
            connection.spread(task, job, encoded.bytes, ends);
            Ok(())
        };
        if let Err(error) = submit() {
            backend::fail(job, 0..items, error);
        }
    }

    fn wait(
        &self,
        deadline: Deadline,
        ready: &dyn Fn() -> bool,
        sleep: &dyn Fn(Deadline) -> bool,
    ) -> bool {
        if sleep(deadline.or(Deadline::after(QUIET))) {
            return true;
        }
        let status = self.cluster.status();
        if status.workers == 0 && status.lost.is_none() && !ready() {
            crate::eprintln!(
                "The cluster at {} has no workers: what was asked for waits until there is one.",
                status.address
            );
        }
        sleep(deadline)
    }

    fn abandon(&self, call: CallId) {
        if let Ok(connection) = self.cluster.connection() {
            connection.abandon(call);
        }
    }

    fn check_running(&self) -> Result<(), PoolError> {
        self.cluster.connection().map(|_| ())
    }

    fn processes(&self) -> usize {
        self.cluster.status().threads.max(1)
    }
}
