//! Threads that bring the session's process down. Whatever goes on from a checkpoint has all threads as they were then:
//! one that crashes by itself would do so again, in each cell.

use woozle::protocol::crash::Crash;
use woozle::protocol::thread_shown;

use crate::host::Death;

/// The threads that have ended the process.
#[derive(Debug, Default)]
pub(crate) struct BroughtDown {
    /// Thread pointer, and the cell that started it: the pointer alone may be another thread's later.
    once: Vec<(u64, u32)>,
    stopped: Vec<Stopped>,
}

/// A thread that is left out from now on.
#[derive(Debug)]
pub(crate) struct Stopped {
    /// Its thread pointer.
    pub(crate) thread: u64,
    /// What it did: `crashed: ...`
    pub(crate) did: String,
    /// The newest checkpoint that may have it. In a later one the pointer is another thread's.
    until: u64,
}

impl BroughtDown {
    /// Takes note of how the process died while a cell ran, when this was the newest checkpoint. What to say of the thread
    /// that did it, if it has done so before and is left out.
    pub(crate) fn blame(&mut self, death: &Death, did: String, newest: u64) -> Option<String> {
        let crash = death.crash.as_ref().filter(|crash| !crash.on_main)?;
        let thread = (crash.thread_pointer, crash.cell);
        if !self.once.contains(&thread) {
            self.once.push(thread);
            return None;
        }
        let thread = self.leave_out(crash, did, newest);
        Some(format!(
            "{thread}, which has ended the process before and is stopped"
        ))
    }

    /// Leaves the thread out that has ended the process by itself, while no cell ran. What to say of it.
    pub(crate) fn stop(&mut self, death: &Death, did: String, newest: u64) -> Option<String> {
        let crash = death.crash.as_ref().filter(|crash| !crash.on_main)?;
        let thread = self.leave_out(crash, did, newest);
        Some(format!("{thread}, which has ended"))
    }

    fn leave_out(&mut self, crash: &Crash, did: String, until: u64) -> String {
        self.stopped.push(Stopped {
            thread: crash.thread_pointer,
            did,
            until,
        });
        thread_shown(&crash.thread)
    }

    /// The threads of this checkpoint that are left out.
    pub(crate) fn stopped(&self, checkpoint: u64) -> impl Iterator<Item = &Stopped> {
        let has = move |stopped: &&Stopped| checkpoint <= stopped.until;
        self.stopped.iter().filter(has)
    }
}
