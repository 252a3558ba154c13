//! What a process knows of itself, and of its parent.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

/// What goes to the process, before its arguments.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Identity {
    pub(super) name: String,
    pub(super) daemon: bool,
    pub(super) parent: ProcessInfo,
}

/// A process, as [`current_process`] and [`parent_process`] describe it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessInfo {
    /// Its name: `MainProcess`, or what [`Process::name`](super::Process::name) says.
    pub name: String,
    /// Its process id.
    pub pid: u32,
    /// Whether it is a daemon.
    pub daemon: bool,
}

pub(super) static IDENTITY: OnceLock<Identity> = OnceLock::new();

/// What this process is. Python: `multiprocessing.current_process()`.
///
/// ```
/// use woozle::multiprocessing::current_process;
/// assert_eq!(current_process().name, "MainProcess");
/// ```
pub fn current_process() -> ProcessInfo {
    let pid = std::process::id();
    match IDENTITY.get() {
        Some(identity) => ProcessInfo {
            name: identity.name.clone(),
            pid,
            daemon: identity.daemon,
        },
        None => ProcessInfo {
            name: "MainProcess".to_owned(),
            pid,
            daemon: false,
        },
    }
}

/// The process that started this one; none in the main process. Python:
/// `multiprocessing.parent_process()`.
///
/// ```
/// use woozle::multiprocessing::parent_process;
/// assert_eq!(parent_process(), None);
/// ```
pub fn parent_process() -> Option<ProcessInfo> {
    IDENTITY.get().map(|identity| identity.parent.clone())
}

/// How many processors the machine has, whether this process may use them or not. Python:
/// `multiprocessing.cpu_count()`. How many it may use is
/// [`available_parallelism`](std::thread::available_parallelism), by which pools go.
///
/// ```
/// use woozle::multiprocessing::cpu_count;
/// assert!(cpu_count() >= 1);
/// ```
pub fn cpu_count() -> usize {
    // SAFETY: it only asks.
    let count = unsafe { libc::sysconf(libc::_SC_NPROCESSORS_ONLN) };
    usize::try_from(count).unwrap_or(1).max(1)
}

/// How processes are started: always `"forkserver"`. Python: `multiprocessing.get_start_method()`.
///
/// Python's `"fork"` copies a process with one of its threads: whatever lock another thread held
/// then is held for ever in the copy, and here the host has many threads. `"spawn"` is what the
/// forkserver is to each session: a fresh start of the program. So there is nothing to choose, and no
/// `set_start_method`.
///
/// ```
/// use woozle::multiprocessing::get_start_method;
/// assert_eq!(get_start_method(), "forkserver");
/// ```
pub fn get_start_method() -> &'static str {
    "forkserver"
}
