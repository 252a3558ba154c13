//! Interrupting a request, on another thread than the one that works for it.

use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use woozle::protocol::Command;

use crate::build::cargo;
use crate::debugger::Debugger;
use crate::host::{Host, HostTerminator};
use crate::server::Interrupt;
use crate::system::lock::LockUnpoisoned as _;

/// Interrupts the running cell: asks its host to unwind it, and ends the host if that does not help, or
/// if it is asked again. A cell that is still being compiled is not run.
#[derive(Debug, Default)]
pub(crate) struct Interrupter {
    progress: Mutex<RequestProgress>,
    changed: Condvar,
    /// May hold the cell's process.
    debugger: Arc<Debugger>,
}

/// How long a cell has to end by itself.
const GRACE: Duration = Duration::from_secs(1);

/// How far the current request is.
#[derive(Debug, Default)]
struct RequestProgress {
    killer: Option<HostTerminator>,
    commands: Option<Sender<Command>>,
    /// Counts the requests.
    request: u64,
    /// Whether there is a request.
    running: bool,
    /// Whether its cell is in the host.
    in_host: bool,
    interrupted: bool,
    /// Whether the host was killed for it.
    killed: bool,
    /// The cargo that builds crates for it, with its process group.
    building: Option<Pid>,
}

impl RequestProgress {
    /// Ends the building of crates.
    fn end_building(&self) {
        if let Some(process) = self.building {
            let _ = kill_process_group(process, Signal::KILL);
        }
    }
}

impl Interrupter {
    /// One that lets go what this debugger holds.
    pub(crate) fn new(debugger: &Arc<Debugger>) -> Self {
        Self {
            debugger: Arc::clone(debugger),
            ..Self::default()
        }
    }

    /// Notes the host that now runs the cells.
    pub(crate) fn watch(&self, host: &Host) {
        let mut progress = self.lock();
        progress.killer = Some(host.killer());
        progress.commands = Some(host.sender());
    }

    /// Notes the process group that builds crates, which an interrupt ends; or that there is none any more.
    pub(crate) fn note_build(&self, process: Option<Pid>) {
        let mut progress = self.lock();
        progress.building = process;
        if progress.interrupted {
            progress.end_building();
        }
    }

    /// Whether the current request has been interrupted.
    pub(crate) fn was_interrupted(&self) -> bool {
        self.lock().interrupted
    }

    /// Lets the cell into the host, unless it has been interrupted before.
    pub(crate) fn enter_host(&self) -> bool {
        let mut progress = self.lock();
        progress.in_host = !progress.interrupted;
        progress.in_host
    }

    /// The cell is out of the host; true if the host was killed for it.
    pub(crate) fn leave_host(&self) -> bool {
        let mut progress = self.lock();
        progress.in_host = false;
        self.changed.notify_all();
        progress.killed
    }

    /// A request begins.
    pub(crate) fn begin(&self) {
        let mut progress = self.lock();
        progress.request += 1;
        progress.running = true;
        progress.in_host = false;
        progress.interrupted = false;
        progress.killed = false;
    }

    /// The request has been answered.
    pub(crate) fn end(&self) {
        self.lock().running = false;
    }

    fn lock(&self) -> MutexGuard<'_, RequestProgress> {
        self.progress.lock_unpoisoned()
    }
}

impl Interrupt for Interrupter {
    fn interrupt(&self) {
        self.debugger.end_stop();
        let mut progress = self.lock();
        if !progress.running {
            return;
        }
        let again = std::mem::replace(&mut progress.interrupted, true);
        progress.end_building();
        if !progress.in_host || progress.killed {
            return;
        }
        let request = progress.request;
        if !again {
            if let Some(commands) = &progress.commands {
                let _ = commands.send(Command::Interrupt);
            }
            let waits = |progress: &mut RequestProgress| {
                progress.in_host && progress.request == request && !progress.killed
            };
            let (now, _) = self
                .changed
                .wait_timeout_while(progress, GRACE, waits)
                .unwrap_or_else(PoisonError::into_inner);
            progress = now;
        }
        if progress.in_host
            && progress.request == request
            && !progress.killed
            && let Some(killer) = progress.killer.clone()
        {
            progress.killed = true;
            self.changed.notify_all();
            killer.kill();
        }
    }
}

impl cargo::Watch for Interrupter {
    fn started(&self, process: Pid) {
        self.note_build(Some(process));
    }

    fn ended(&self) {
        self.note_build(None);
    }

    fn is_over(&self) -> bool {
        self.was_interrupted()
    }
}
