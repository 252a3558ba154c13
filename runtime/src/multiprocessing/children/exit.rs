//! How a process ended.

use std::fmt;

/// How a process ended: Python's `exitcode`, in two cases instead of a sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// By itself, with this exit code; 0 is success.
    Code(i32),
    /// By a signal: a crash, or somebody killed it.
    Signal(i32),
    /// It is gone, and the system did not say how.
    Unknown,
}

impl Exit {
    /// Whether it ended by itself with exit code 0.
    ///
    /// ```
    /// use woozle::multiprocessing::Exit;
    /// assert!(Exit::Code(0).success() && !Exit::Signal(9).success());
    /// ```
    #[must_use]
    pub fn success(self) -> bool {
        self == Self::Code(0)
    }

    /// Python's number for it: the exit code, or the signal's number below zero.
    ///
    /// ```
    /// use woozle::multiprocessing::Exit;
    /// assert_eq!(Exit::Signal(15).exitcode(), -15);
    /// ```
    #[must_use]
    pub fn exitcode(self) -> i32 {
        match self {
            Self::Code(code) => code,
            Self::Signal(signal) => -signal,
            Self::Unknown => 255,
        }
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Code(code) => write!(f, "exit code {code}"),
            Self::Signal(signal) => match signal_name(signal) {
                Some(name) => write!(f, "signal {signal} ({name})"),
                None => write!(f, "signal {signal}"),
            },
            Self::Unknown => f.write_str("unknown exit code"),
        }
    }
}

fn signal_name(signal: i32) -> Option<&'static str> {
    Some(match signal {
        libc::SIGHUP => "SIGHUP",
        libc::SIGINT => "SIGINT",
        libc::SIGQUIT => "SIGQUIT",
        libc::SIGILL => "SIGILL",
        libc::SIGTRAP => "SIGTRAP",
        libc::SIGABRT => "SIGABRT",
        libc::SIGBUS => "SIGBUS",
        libc::SIGFPE => "SIGFPE",
        libc::SIGKILL => "SIGKILL",
        libc::SIGUSR1 => "SIGUSR1",
        libc::SIGSEGV => "SIGSEGV",
        libc::SIGUSR2 => "SIGUSR2",
        libc::SIGPIPE => "SIGPIPE",
        libc::SIGALRM => "SIGALRM",
        libc::SIGTERM => "SIGTERM",
        libc::SIGXCPU => "SIGXCPU",
        libc::SIGXFSZ => "SIGXFSZ",
        libc::SIGSYS => "SIGSYS",
        _ => return None,
    })
}
