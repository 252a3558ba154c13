//! `Process`: a process that can be waited for, ended, and asked.

use super::info::{IDENTITY, current_process};
use super::run::{main_of, main_running, main_with};
use crate::multiprocessing::children::child::Child;
use crate::multiprocessing::children::child_main::ChildMain;
use crate::multiprocessing::children::exit::Exit;
use crate::multiprocessing::children::function::{Call, Portable};
use crate::multiprocessing::error::ProcessError;
use crate::multiprocessing::transport::descriptors::{self, Parcel};
use crate::sync::lock_std;
use crate::threading::Run;
use crate::wait::Deadline;
use rustix::process::Signal;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;
use std::process::Termination;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

/// A function that runs in a process of its own: Python's `multiprocessing.Process`.
///
/// It is used as a [`Thread`](crate::threading::Thread) is. What the process prints goes to the cell
/// that started it; its memory is its own, so arguments are copied to it, and what it has to say comes
/// back through a queue, a pipe, or shared memory.
///
/// ```
/// use woozle::multiprocessing::Process;
///
/// fn task(name: String) {
///     println!("hello from {name}, process {}", std::process::id());
/// }
///
/// let p = Process::with_args(task, ("Woozle".to_string(),))?;
/// p.start()?;
/// assert!(p.join()?.success());
/// # Ok::<(), woozle::multiprocessing::ProcessError>(())
/// ```
///
/// # Which functions
///
/// Any function or closure that captures nothing. It runs in the version that the calling cell sees.
/// A closure that captures is refused when the cell is compiled. Statics of cells are not shared: the
/// process sees their initial values.
///
/// # The end
///
/// The exit code is 0 when the function returns, 1 when it panics (the panic is shown in the cell) or
/// returns an `Err` (shown too), what it says if it returns an [`ExitCode`](std::process::ExitCode)
/// or calls [`std::process::exit`]. If the session ends, or is killed, all its processes end with it.
///
/// # What differs from Python
///
/// - Exit codes and signals are an [`Exit`]; [`exitcode`](Self::exitcode) is Python's number.
/// - Python's `authkey` is not there: sockets between processes have no name that others could find.
/// - A subclass with its own `run` is a type that implements [`Run`](crate::threading::Run), given to [`Process::of`].
/// - A handle that is dropped leaves the process running, as in Python.
#[derive(Clone)]
pub struct Process(pub(super) Arc<ProcessInner>);

pub(super) struct ProcessInner {
    pub(super) name: Mutex<String>,
    pub(super) daemon: Mutex<bool>,
    pub(super) state: Mutex<ProcessState>,
    pub(super) child: OnceLock<Child>,
}

pub(super) enum ProcessState {
    New(ChildMain, Parcel),
    Started,
    Closed,
}

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

    /// Waits until the process has ended, and says how. Python: `p.join()`.
    ///
    /// # Errors
    ///
    /// [`ProcessError`] if it has not been started, or is closed.
    ///
    /// ```
    /// # use woozle::multiprocessing::{Exit, Process};
    /// let p = Process::new(|| std::process::exit(3));
    /// p.start()?;
    /// assert_eq!(p.join()?, Exit::Code(3));
    /// # Ok::<(), woozle::multiprocessing::ProcessError>(())
    /// ```
    pub fn join(&self) -> Result<Exit, ProcessError> {
        let exit = self.child()?.wait(Deadline::NEVER);
        Ok(exit.unwrap_or(Exit::Unknown))
    }

    /// As [`join`](Self::join), for at most this long; `None` if it is still running then. Python:
    /// `p.join(timeout)`.
    ///
    /// # Errors
    ///
    /// As [`join`](Self::join)'s.
    ///
    /// ```
    /// # use woozle::multiprocessing::Process;
    /// # use std::time::Duration;
    /// let p = Process::new(|| std::thread::sleep(Duration::from_secs(60)));
    /// p.start()?;
    /// assert_eq!(p.join_timeout(Duration::from_millis(1))?, None);
    /// p.kill()?;
    /// # Ok::<(), woozle::multiprocessing::ProcessError>(())
    /// ```
    pub fn join_timeout(&self, timeout: Duration) -> Result<Option<Exit>, ProcessError> {
        Ok(self.child()?.wait(Deadline::after(timeout)))
    }

    /// Whether the process runs. Python: `p.is_alive()`.
    ///
    /// # Errors
    ///
    /// [`ProcessError::Closed`].
    ///
    /// ```
    /// # use woozle::multiprocessing::Process;
    /// let p = Process::new(|| ());
    /// assert!(!p.is_alive()?);
    /// # Ok::<(), woozle::multiprocessing::ProcessError>(())
    /// ```
    pub fn is_alive(&self) -> Result<bool, ProcessError> {
        self.check_open()?;
        Ok(self
            .0
            .child
            .get()
            .is_some_and(|child| child.exit().is_none()))
    }

    /// Asks the process to end, with SIGTERM. Python: `p.terminate()`.
    ///
    /// # Errors
    ///
    /// [`ProcessError`] if it has not been started, or is closed.
    ///
    /// ```
    /// # use woozle::multiprocessing::{Exit, Process};
    /// let p = Process::new(|| std::thread::park());
    /// p.start()?;
    /// p.terminate()?;
    /// p.join()?;
    /// assert_eq!(p.exitcode()?, Some(-15));
    /// # Ok::<(), woozle::multiprocessing::ProcessError>(())
    /// ```
    pub fn terminate(&self) -> Result<(), ProcessError> {
        self.child().map(|child| child.kill(Signal::TERM))
    }

    /// Ends the process at once, with SIGKILL. Python: `p.kill()`.
    ///
    /// # Errors
    ///
    /// As [`terminate`](Self::terminate)'s.
    ///
    /// ```
    /// # use woozle::multiprocessing::{Exit, Process};
    /// let p = Process::new(|| std::thread::park());
    /// p.start()?;
    /// p.kill()?;
    /// assert_eq!(p.join()?, Exit::Signal(9));
    /// # Ok::<(), woozle::multiprocessing::ProcessError>(())
    /// ```
    pub fn kill(&self) -> Result<(), ProcessError> {
        self.child().map(|child| child.kill(Signal::KILL))
    }

    /// Says that the handle is no longer needed; every use is an error from now on. Python:
    /// `p.close()`.
    ///
    /// # Errors
    ///
    /// [`ProcessError::StillRunning`].
    ///
    /// ```
    /// # use woozle::multiprocessing::Process;
    /// let p = Process::new(|| ());
    /// p.close()?;
    /// assert!(p.is_alive().is_err());
    /// # Ok::<(), woozle::multiprocessing::ProcessError>(())
    /// ```
    pub fn close(&self) -> Result<(), ProcessError> {
        let mut state = lock_std(&self.0.state);
        if self
            .0
            .child
            .get()
            .is_some_and(|child| child.exit().is_none())
        {
            return Err(ProcessError::StillRunning(self.name()));
        }
        *state = ProcessState::Closed;
        Ok(())
    }

    pub(super) fn check_open(&self) -> Result<(), ProcessError> {
        match *lock_std(&self.0.state) {
            ProcessState::Closed => Err(ProcessError::Closed(self.name())),
            _ => Ok(()),
        }
    }

    pub(super) fn child(&self) -> Result<&Child, ProcessError> {
        self.check_open()?;
        let child = self.0.child.get();
        child.ok_or_else(|| ProcessError::NotStarted(self.name()))
    }
}

impl PartialEq for Process {
    /// Whether they are handles of the same process.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for Process {
    /// Python's `repr`, such as `<Process name='Process-1' pid=4711 stopped exitcode=0>`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Process name='{}'", self.name())?;
        let state = match *lock_std(&self.0.state) {
            ProcessState::New(..) => "initial",
            ProcessState::Closed => "closed",
            ProcessState::Started => "started",
        };
        let child = self.0.child.get().filter(|_| state == "started");
        if let Some(child) = child {
            write!(f, " pid={}", child.pid())?;
        }
        match child.and_then(Child::exit) {
            Some(exit) => write!(f, " stopped exitcode={}", exit.exitcode())?,
            None => write!(f, " {state}")?,
        }
        f.write_str(if self.daemon() { " daemon>" } else { ">" })
    }
}
