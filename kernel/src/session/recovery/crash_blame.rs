//! Threads that crash the host. Whatever goes on from a checkpoint has all threads as they were then:
//! one that crashes by itself would do so again, in each cell.

use woozle::protocol::crash::Crash;
use woozle::protocol::thread_shown;

use crate::host::Death;

/// The threads that have crashed the host.
#[derive(Debug, Default)]
pub(crate) struct CrashBlame {
    /// Thread pointer, and the cell that started it: the pointer alone may be another thread's later.
    once: Vec<(u64, u32)>,
    stopped: Vec<StoppedThread>,
}

/// A thread that is left out from now on.
#[derive(Debug)]
pub(crate) struct StoppedThread {
    /// Its thread pointer.
    pub(crate) thread: u64,
    /// How it crashed, for whoever waits for it: `crashed: ...`
    pub(crate) how: String,
    /// The newest checkpoint that may have it. In a later one the pointer is another thread's.
    until: u64,
}

impl CrashBlame {
    /// Takes note of how the process died while a cell ran, when this was the newest checkpoint. What to say of the thread
    /// that did it, if it has done so before and is left out.
    pub(crate) fn blame(&mut self, death: &Death, how: String, newest: u64) -> Option<String> {
        let crash = off_main(death)?;
        let thread = (crash.thread_pointer, crash.cell);
        if !self.once.contains(&thread) {
            self.once.push(thread);
            return None;
        }
        let thread = self.leave_out(crash, how, newest);
        Some(format!(
            "{thread}, which has ended the process before and is stopped"
        ))
    }

    /// Leaves the thread out that has ended the process by itself, while no cell ran. What to say of it.
    pub(crate) fn stop(&mut self, death: &Death, how: String, newest: u64) -> Option<String> {
        let crash = off_main(death)?;
        let thread = self.leave_out(crash, how, newest);
        Some(format!("{thread}, which has ended"))
    }

    fn leave_out(&mut self, crash: &Crash, how: String, until: u64) -> String {
        self.stopped.push(StoppedThread {
            thread: crash.thread_pointer,
            how,
            until,
        });
        thread_shown(&crash.thread)
    }

    /// The threads of this checkpoint that are left out.
    pub(crate) fn stopped(&self, checkpoint: u64) -> impl Iterator<Item = &StoppedThread> {
        let is_in = move |stopped: &&StoppedThread| checkpoint <= stopped.until;
        self.stopped.iter().filter(is_in)
    }
}

/// Whether a thread other than the cells' own has crashed the host.
pub(crate) fn crashed_off_main(death: &Death) -> bool {
    off_main(death).is_some()
}

fn off_main(death: &Death) -> Option<&Crash> {
    death.crash.as_ref().filter(|crash| !crash.on_main)
}
