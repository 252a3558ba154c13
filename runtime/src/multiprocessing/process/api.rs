//! `Process`: a process that can be waited for, ended, and asked.

use std::fmt;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use rustix::process::Signal;

use crate::multiprocessing::children::child::Child;
use crate::multiprocessing::children::child_main::ChildMain;
use crate::multiprocessing::children::exit::Exit;
use crate::multiprocessing::error::ProcessError;
use crate::multiprocessing::transport::descriptors::Parcel;
use crate::sync::lock_std as lock;
use crate::wait::Deadline;

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
        let mut state = lock(&self.0.state);
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

    /// Its name, `Process-N` if it was given none. Python: `p.name`.
    ///
    /// ```
    /// # use woozle::multiprocessing::Process;
    /// assert!(Process::new(|| ()).name().starts_with("Process-"));
    /// ```
    pub fn name(&self) -> String {
        lock(&self.0.name).clone()
    }

    /// Gives it another name; the process itself learns it if it is not started yet. Python: `p.name =
    /// name`.
    ///
    /// ```
    /// # use woozle::multiprocessing::Process;
    /// let p = Process::new(|| ());
    /// p.set_name("Wuzzle");
    /// assert_eq!(p.name(), "Wuzzle");
    /// ```
    pub fn set_name(&self, name: impl Into<String>) {
        *lock(&self.0.name) = name.into();
    }

    /// Whether nobody waits for it at the end of its cell. Python: `p.daemon`.
    ///
    /// ```
    /// # use woozle::multiprocessing::Process;
    /// assert!(!Process::new(|| ()).daemon());
    /// ```
    pub fn daemon(&self) -> bool {
        *lock(&self.0.daemon)
    }

    /// Makes it a daemon, or not: one that no cell waits for, and that can have no child processes.
    /// Python: `p.daemon = True`.
    ///
    /// # Errors
    ///
    /// [`ProcessError::AlreadyStarted`].
    ///
    /// ```
    /// # use woozle::multiprocessing::Process;
    /// let p = Process::new(|| ());
    /// p.set_daemon(true)?;
    /// assert!(p.daemon());
    /// # Ok::<(), woozle::multiprocessing::ProcessError>(())
    /// ```
    pub fn set_daemon(&self, daemon: bool) -> Result<(), ProcessError> {
        match *lock(&self.0.state) {
            ProcessState::New(..) => *lock(&self.0.daemon) = daemon,
            ProcessState::Started => return Err(ProcessError::AlreadyStarted(self.name())),
            ProcessState::Closed => return Err(ProcessError::Closed(self.name())),
        }
        Ok(())
    }

    /// Its process id; none before it is started. Python: `p.pid`, `p.ident`.
    ///
    /// # Errors
    ///
    /// [`ProcessError::Closed`].
    ///
    /// ```
    /// # use woozle::multiprocessing::Process;
    /// assert_eq!(Process::new(|| ()).pid()?, None);
    /// # Ok::<(), woozle::multiprocessing::ProcessError>(())
    /// ```
    pub fn pid(&self) -> Result<Option<u32>, ProcessError> {
        self.check_open()?;
        Ok(self.0.child.get().map(Child::pid))
    }

    /// How it ended, as Python's number: the exit code, or the negative number of the signal; none
    /// while it runs. Python: `p.exitcode`.
    ///
    /// # Errors
    ///
    /// [`ProcessError::Closed`].
    ///
    /// ```
    /// # use woozle::multiprocessing::Process;
    /// assert_eq!(Process::new(|| ()).exitcode()?, None);
    /// # Ok::<(), woozle::multiprocessing::ProcessError>(())
    /// ```
    pub fn exitcode(&self) -> Result<Option<i32>, ProcessError> {
        self.check_open()?;
        Ok(self.0.child.get().and_then(Child::exit).map(Exit::exitcode))
    }

    /// A descriptor that is readable when the process has ended, to wait for together with others.
    /// Python: `p.sentinel`.
    ///
    /// # Errors
    ///
    /// [`ProcessError`] if it has not been started, or is closed.
    ///
    /// ```
    /// # use woozle::multiprocessing::Process;
    /// let p = Process::new(|| ());
    /// assert!(p.sentinel().is_err());
    /// ```
    pub fn sentinel(&self) -> Result<BorrowedFd<'_>, ProcessError> {
        self.child().map(AsFd::as_fd)
    }

    fn check_open(&self) -> Result<(), ProcessError> {
        match *lock(&self.0.state) {
            ProcessState::Closed => Err(ProcessError::Closed(self.name())),
            _ => Ok(()),
        }
    }

    fn child(&self) -> Result<&Child, ProcessError> {
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
        let state = match *lock(&self.0.state) {
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
