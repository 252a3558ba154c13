//! Threads that bring the session's process down. Whatever goes on from a checkpoint has all threads as they were then:
//! one that crashes by itself would do so again, in each cell.

use woozle::protocol::thread_shown;

use crate::host::Death;

/// The threads that have ended the process, by their thread pointers.
#[derive(Debug, Default)]
pub(super) struct BroughtDown {
    once: Vec<u64>,
    /// They have done it again, and are left out from now on.
    stopped: Vec<u64>,
}

impl BroughtDown {
    /// Takes note of how the process died. What to call the thread that did it, if it has done so before and is left out.
    pub(super) fn blame(&mut self, death: &Death) -> Option<String> {
        let crash = death.crash.as_ref().filter(|crash| !crash.on_main)?;
        let pointer = crash.thread_pointer;
        if !self.once.contains(&pointer) {
            self.once.push(pointer);
            return None;
        }
        self.stopped.push(pointer);
        Some(thread_shown(&crash.thread))
    }

    /// The threads that are left out.
    pub(super) fn stopped(&self) -> &[u64] {
        &self.stopped
    }
}
