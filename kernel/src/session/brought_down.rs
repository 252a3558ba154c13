//! Threads that bring the session's process down. Whatever goes on from a checkpoint has all threads as they were then:
//! one that crashes by itself would do so again, in each cell.

use woozle::protocol::thread_shown;

use crate::host::Death;

/// The threads that have ended the process, by their thread pointers.
#[derive(Debug, Default)]
pub(super) struct BroughtDown {
    once: Vec<u64>,
    /// They are left out from now on; with what they did.
    stopped: Vec<(u64, String)>,
}

impl BroughtDown {
    /// Takes note of how the process died while a cell ran. What to say of the thread that did it, if it has done so
    /// before and is left out.
    pub(super) fn blame(&mut self, death: &Death, did: String) -> Option<String> {
        let crash = death.crash.as_ref().filter(|crash| !crash.on_main)?;
        let pointer = crash.thread_pointer;
        if !self.once.contains(&pointer) {
            self.once.push(pointer);
            return None;
        }
        self.stopped.push((pointer, did));
        let thread = thread_shown(&crash.thread);
        Some(format!(
            "{thread}, which has ended the process before and is stopped"
        ))
    }

    /// Leaves the thread out that has ended the process by itself, while no cell ran. What to say of it.
    pub(super) fn stop(&mut self, death: &Death, did: String) -> Option<String> {
        let crash = death.crash.as_ref().filter(|crash| !crash.on_main)?;
        self.stopped.push((crash.thread_pointer, did));
        let thread = thread_shown(&crash.thread);
        Some(format!("{thread}, which has ended"))
    }

    /// The threads that are left out, with what they did: `crashed: ...`
    pub(super) fn stopped(&self) -> &[(u64, String)] {
        &self.stopped
    }
}
