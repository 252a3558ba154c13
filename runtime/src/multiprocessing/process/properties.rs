//! What a process is called, and what it is known by.

use std::os::fd::{AsFd, BorrowedFd};

use super::api::{Process, ProcessState};
use crate::multiprocessing::children::child::Child;
use crate::multiprocessing::children::exit::Exit;
use crate::multiprocessing::error::ProcessError;
use crate::sync::lock_std;

impl Process {
    /// Its name, `Process-N` if it was given none. Python: `p.name`.
    ///
    /// ```
    /// # use woozle::multiprocessing::Process;
    /// assert!(Process::new(|| ()).name().starts_with("Process-"));
    /// ```
    pub fn name(&self) -> String {
        lock_std(&self.0.name).clone()
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
        *lock_std(&self.0.name) = name.into();
    }

    /// Whether nobody waits for it at the end of its cell. Python: `p.daemon`.
    ///
    /// ```
    /// # use woozle::multiprocessing::Process;
    /// assert!(!Process::new(|| ()).daemon());
    /// ```
    pub fn daemon(&self) -> bool {
        *lock_std(&self.0.daemon)
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
        match *lock_std(&self.0.state) {
            ProcessState::New(..) => *lock_std(&self.0.daemon) = daemon,
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
}
