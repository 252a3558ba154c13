//! What the system allows a process (`ulimit`), what a kernel does about it, and what it gives back.

use std::sync::OnceLock;

use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit, setrlimit};

/// As many files as a server opens for two clients.
pub const SERVER: u64 = 40;
/// As many files as the server and its host open, with some for the user, and as rustc opens.
pub const SESSION: u64 = 96;

/// No more than this is taken: there are old programs that close every number up to their limit.
const MOST_FILES: u64 = 1 << 16;

/// What a host is allowed at least, if the system allows it: its own files have numbers from 100 on.
const HOST: u64 = 128;

/// How many files this process could open when it was started.
static FILES: OnceLock<Rlimit> = OnceLock::new();

/// Takes all that the system allows this process. Programs that it starts get the same, but for those that run the user's code;
/// see [`give_back`].
pub fn raise() {
    let given = getrlimit(Resource::Nofile);
    let most = given
        .maximum
        .map_or(MOST_FILES, |most| most.min(MOST_FILES));
    if given.current.is_some_and(|current| current < most) {
        let limit = Rlimit {
            current: Some(most),
            maximum: given.maximum,
        };
        if let Err(error) = setrlimit(Resource::Nofile, limit) {
            tracing::debug!(%error, "no more files than before");
        }
    }
    let _ = FILES.set(given);
}

/// Lets a process open as many files as this one could at its start, or as a host needs.
pub fn give_back(process: Pid) {
    let Some(Rlimit { current, maximum }) = FILES.get().cloned() else {
        return;
    };
    let least = maximum.map_or(HOST, |most| most.min(HOST));
    let limit = Rlimit {
        current: current.map(|current| current.max(least)),
        maximum,
    };
    if let Err(error) = prlimit(Some(process), Resource::Nofile, limit) {
        tracing::debug!(%error, "a process keeps the limit of the kernel");
    }
}

/// A text of fewer bytes is taken apart in little memory.
const LARGE_TEXT: usize = 1 << 16;

/// How much free memory at the end of a heap, in bytes, is kept for later use.
#[cfg(target_env = "gnu")]
const KEPT: libc::c_int = 128 << 10;

/// Lets the allocator keep little at the end of a heap, whatever has been freed before: it learns to keep twice the largest
/// piece otherwise, and [`give_back_memory_of`] does not reach the ends of the heaps that threads have.
pub fn keep_little_memory() {
    // SAFETY: it only sets a number of the allocator's.
    #[cfg(target_env = "gnu")]
    unsafe {
        libc::mallopt(libc::M_TRIM_THRESHOLD, KEPT)
    };
}

/// Gives back to the system what a large text has taken while it was worked on: its tokens are a hundred times its
/// size, in small pieces, which the allocator keeps for later use otherwise.
pub fn give_back_memory_of(text: &str) {
    if text.len() > LARGE_TEXT {
        // SAFETY: it only releases memory that is not in use.
        #[cfg(target_env = "gnu")]
        unsafe {
            libc::malloc_trim(0)
        };
    }
}

/// This process may not open enough files.
#[derive(Debug, thiserror::Error)]
#[error("this process may have only {files} files open (`ulimit -n`), and {what} needs {needed}")]
pub struct TooFewFiles {
    files: u64,
    what: &'static str,
    needed: u64,
}

impl TooFewFiles {
    /// What to do.
    pub const HELP: &str =
        "raise the limit where the kernel is started, such as by `ulimit -n 1024`";
}

/// Checks that this process may open so many files, for this purpose.
///
/// # Errors
/// When it may not.
pub fn check(needed: u64, what: &'static str) -> Result<(), TooFewFiles> {
    match getrlimit(Resource::Nofile).current {
        Some(files) if files < needed => Err(TooFewFiles {
            files,
            what,
            needed,
        }),
        _ => Ok(()),
    }
}
