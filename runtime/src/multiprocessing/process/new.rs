//! Making a process of a function.

use std::process::Termination;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::api::{Process, ProcessInner, ProcessState};
use super::info::{IDENTITY, current_process};
use super::run::{main_of, main_running, main_with};
use crate::multiprocessing::children::child_main::ChildMain;
use crate::multiprocessing::children::function::{Call, Portable};
use crate::multiprocessing::error::ProcessError;
use crate::multiprocessing::transport::descriptors::{self, Parcel};
use crate::threading::Run;

impl Process {
    fn unstarted(main: ChildMain, parcel: Parcel) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(1);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = match IDENTITY.get() {
            // As in Python: the child of Process-1 is Process-1:1.
            Some(identity) => format!("{}:{number}", identity.name),
            None => format!("Process-{number}"),
        };
        Self(Arc::new(ProcessInner {
            name: Mutex::new(name),
            daemon: Mutex::new(current_process().daemon),
            state: Mutex::new(ProcessState::New(main, parcel)),
            child: OnceLock::new(),
        }))
    }

    /// A process that will call `target`, a function or a closure that captures nothing; it is not
    /// started. Python: `Process(target=target)`.
    ///
    /// ```
    /// # use woozle::multiprocessing::Process;
    /// let p = Process::new(|| println!("Tick"));
    /// p.start()?;
    /// p.join()?;
    /// assert_eq!(p.exitcode()?, Some(0));
    /// # Ok::<(), woozle::multiprocessing::ProcessError>(())
    /// ```
    pub fn new<F, R>(target: F) -> Self
    where
        F: Fn() -> R + Portable,
        R: Termination,
    {
        let _ = target;
        Self::unstarted(main_of::<F, R>, Parcel::default())
    }

    /// A process that will call `target` with these arguments, a tuple. Python: `Process(target=target,
    /// args=args)`.
    ///
    /// # Errors
    ///
    /// [`ProcessError::Arguments`] if they cannot be serialised.
    ///
    /// ```
    /// # use woozle::multiprocessing::Process;
    /// fn count(name: String, n: u32) {
    ///     for i in 0..n { println!("{name} {i}") }
    /// }
    ///
    /// let p = Process::with_args(count, ("Tick".to_string(), 2))?;
    /// p.start()?;
    /// p.join()?;
    /// # Ok::<(), woozle::multiprocessing::ProcessError>(())
    /// ```
    pub fn with_args<F, A>(target: F, args: A) -> Result<Self, ProcessError>
    where
        F: Call<A, Output: Termination> + Portable,
        A: Serialize + DeserializeOwned + 'static,
    {
        let _ = target;
        let parcel = descriptors::pack(&args).map_err(ProcessError::Arguments)?;
        Ok(Self::unstarted(main_with::<F, A>, parcel))
    }

    /// A process that will run a copy of `runner`: what a subclass of Python's `Process` is.
    ///
    /// # Errors
    ///
    /// [`ProcessError::Arguments`] if `runner` cannot be serialised.
    ///
    /// ```
    /// use serde::{Deserialize, Serialize};
    /// use woozle::multiprocessing::Process;
    /// use woozle::threading::Run;
    ///
    /// #[derive(Serialize, Deserialize)]
    /// struct LongRunningTask { niters: u32 }
    ///
    /// impl Run for LongRunningTask {
    ///     fn run(&mut self) {
    ///         for i in 0..self.niters { println!("{i}") }
    ///     }
    /// }
    ///
    /// let p = Process::of(LongRunningTask { niters: 2 })?;
    /// p.start()?;
    /// assert!(p.join()?.success());
    /// # Ok::<(), woozle::multiprocessing::ProcessError>(())
    /// ```
    pub fn of<T>(runner: T) -> Result<Self, ProcessError>
    where
        T: Run + Serialize + DeserializeOwned,
    {
        let parcel = descriptors::pack(&runner).map_err(ProcessError::Arguments)?;
        Ok(Self::unstarted(main_running::<T>, parcel))
    }
}
