//! The workers of a pool, and its end.

use super::api::Pool;
use super::error::PoolError;

impl Pool {
    /// How many workers it has.
    pub fn processes(&self) -> usize {
        self.shared.settings.processes
    }

    /// The process ids of its workers.
    ///
    /// ```
    /// # use woozle::multiprocessing::Pool;
    /// let pool = Pool::new(2)?;
    /// let pids = pool.pids();
    /// assert!(pids.contains(&pool.apply(std::process::id, ())?));
    /// # Ok::<(), woozle::multiprocessing::PoolError>(())
    /// ```
    pub fn pids(&self) -> Vec<u32> {
        self.shared.pids()
    }

    /// Takes no more tasks; the workers end when all are done. Python: `pool.close()`.
    ///
    /// ```
    /// # use woozle::multiprocessing::{Pool, PoolError};
    /// let pool = Pool::new(1)?;
    /// pool.close();
    /// assert!(matches!(pool.apply(|| (), ()), Err(PoolError::NotRunning)));
    /// # Ok::<(), PoolError>(())
    /// ```
    pub fn close(&self) {
        self.shared.close();
    }

    /// Ends all workers at once; what is not done fails with [`PoolError::Terminated`]. Python:
    /// `pool.terminate()`.
    ///
    /// ```
    /// # use woozle::multiprocessing::{Pool, PoolError};
    /// let pool = Pool::new(1)?;
    /// let result = pool.apply_async(|| std::thread::park(), ());
    /// pool.terminate();
    /// assert!(matches!(result.get(), Err(PoolError::Terminated)));
    /// # Ok::<(), PoolError>(())
    /// ```
    pub fn terminate(&self) {
        self.shared.terminate();
    }

    /// Waits until all workers have ended, after `close` or `terminate`. Python: `pool.join()`.
    ///
    /// # Errors
    ///
    /// [`PoolError::StillRunning`].
    ///
    /// ```
    /// # use woozle::multiprocessing::Pool;
    /// let pool = Pool::new(1)?;
    /// let result = pool.apply_async(|| 42, ());
    /// assert!(pool.join().is_err());
    /// pool.close();
    /// pool.join()?;
    /// assert_eq!(result.get()?, 42);
    /// # Ok::<(), woozle::multiprocessing::PoolError>(())
    /// ```
    pub fn join(&self) -> Result<(), PoolError> {
        self.shared.join()
    }
}
