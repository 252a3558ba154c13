//! The numbers that the system has for threads: a copy of the process that goes on has others.

/// What the threads of the copy were called, and what they are called now.
#[derive(Debug, Default)]
pub(crate) struct Renumbered(pub(crate) Vec<(i32, i32)>);

impl Renumbered {
    /// With room for this many threads.
    pub(crate) fn with_capacity(threads: usize) -> Self {
        Self(Vec::with_capacity(threads))
    }

    /// What a thread is called now; none if it did not come back.
    pub(crate) fn new_tid(&self, old: i32) -> Option<i32> {
        let found = self.0.iter().find(|(other, _)| *other == old);
        found.map(|(_, new)| *new)
    }
}

/// Whether the calling thread is the one that the process began with.
pub(crate) fn is_main() -> bool {
    rustix::thread::gettid() == rustix::process::getpid()
}

/// The system's id of the calling thread.
pub(crate) fn native() -> u32 {
    rustix::thread::gettid().as_raw_pid().unsigned_abs()
}
