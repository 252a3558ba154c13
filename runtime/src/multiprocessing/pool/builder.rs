//! `PoolBuilder`: a pool with an initializer, or with workers that are replaced.

use super::api::Pool;
use super::error::PoolError;
use super::handle;
use super::parent::settings::{Initializer, Settings};
use super::task::{Arguments, Target};
use crate::multiprocessing::children::function::{Call, Portable};
use crate::multiprocessing::transport::descriptors;

/// The settings of a pool that is to be made: Python's arguments of `Pool`.
///
/// ```
/// use std::sync::atomic::{AtomicU32, Ordering};
/// use woozle::multiprocessing::Pool;
///
/// static OFFSET: AtomicU32 = AtomicU32::new(0);
///
/// fn set_offset(n: u32) { OFFSET.store(n, Ordering::Relaxed) }
/// fn add_offset(n: u32) -> u32 { n + OFFSET.load(Ordering::Relaxed) }
///
/// let pool = Pool::builder().processes(2).initializer(set_offset, (10,)).build()?;
/// assert_eq!(pool.map(add_offset, 0..3)?, [10, 11, 12]);
/// # Ok::<(), woozle::multiprocessing::PoolError>(())
/// ```
#[derive(Default)]
#[must_use]
pub struct PoolBuilder {
    processes: Option<usize>,
    initializer: Option<Result<Initializer, PoolError>>,
    max_tasks: Option<usize>,
}

impl PoolBuilder {
    /// How many workers there are; by default as many as this process may use processors. Python:
    /// `processes`.
    pub fn processes(mut self, processes: usize) -> Self {
        self.processes = Some(processes);
        self
    }

    /// What each worker calls first, with these arguments: also one that takes the place of another.
    /// Python: `initializer`, `initargs`.
    ///
    /// If it panics, the tasks that wait fail with [`PoolError::Initializer`], and the next call starts other workers;
    /// in Python, workers would be started again and again.
    pub fn initializer<F, A>(mut self, initializer: F, args: A) -> Self
    where
        F: Call<A, Output = ()> + Portable,
        A: Arguments,
    {
        let target = Target::of_tuple::<F, A>(&initializer);
        let mut bytes = Vec::new();
        let (encoded, descriptors) = descriptors::collecting(|| args.encode(&mut bytes));
        self.initializer = Some(target.and_then(|target| {
            encoded.map_err(PoolError::Arguments)?;
            Ok(Initializer {
                target,
                bytes,
                descriptors,
            })
        }));
        self
    }

    /// After this many tasks (chunks, as in Python) a worker ends, and another one takes its place.
    /// Python: `maxtasksperchild`.
    pub fn max_tasks_per_child(mut self, tasks: usize) -> Self {
        self.max_tasks = Some(tasks);
        self
    }

    /// Makes the pool and starts its workers.
    ///
    /// # Errors
    ///
    /// [`PoolError`]: a number is 0, or the system gives no processes.
    pub fn build(self) -> Result<Pool, PoolError> {
        let processes = self
            .processes
            .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
        if processes == 0 {
            return Err(PoolError::NoProcesses);
        }
        if self.max_tasks == Some(0) {
            return Err(PoolError::Zero("the number of tasks per child"));
        }
        let settings = Settings {
            processes,
            initializer: self.initializer.transpose()?,
            max_tasks: self.max_tasks,
        };
        handle::start(settings).map(|(handle, shared)| Pool { handle, shared })
    }
}

impl Pool {
    /// A pool of this many workers. Python: `Pool(processes)`.
    ///
    /// # Errors
    ///
    /// [`PoolError`]: it is 0, or the system gives no processes.
    ///
    /// ```
    /// # use woozle::multiprocessing::Pool;
    /// let pool = Pool::new(2)?;
    /// assert_eq!(pool.processes(), 2);
    /// assert!(Pool::new(0).is_err());
    /// # Ok::<(), woozle::multiprocessing::PoolError>(())
    /// ```
    pub fn new(processes: usize) -> Result<Self, PoolError> {
        Self::builder().processes(processes).build()
    }

    /// For a pool with more settings than the number of its workers.
    pub fn builder() -> PoolBuilder {
        PoolBuilder::default()
    }
}
