//! Ending a host, and waiting for its end.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::sync::{Arc, Mutex};

use rustix::process::{
    Pid, Signal, WaitId, WaitIdOptions, WaitOptions, kill_process_group, waitid, waitpid,
};

use super::copies::Copies;
use crate::system::lock::LockUnpoisoned as _;

/// Ends a host and all that it started, but for the copies that sleep.
#[derive(Debug, Clone)]
pub struct HostTerminator {
    pub(super) group: Pid,
    copies: Arc<Copies>,
    /// Set once the host has been waited for: from then on its number may be another's.
    gone: Arc<Mutex<bool>>,
}

impl HostTerminator {
    /// Ends this process group.
    pub(super) fn new(group: Pid, copies: Arc<Copies>) -> Self {
        Self {
            group,
            copies,
            gone: Arc::default(),
        }
    }

    /// Kills the host's process group.
    pub fn kill(&self) {
        let gone = self.gone.lock_unpoisoned();
        if !*gone {
            self.kill_group();
        }
    }

    /// Whether the host has ended, be it that nobody has been told yet.
    pub(super) fn has_ended(&self) -> bool {
        let gone = self.gone.lock_unpoisoned();
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        *gone || matches!(waitid(WaitId::Pid(self.group), options), Ok(Some(_)))
    }

    /// Kills the group and waits for the host, which has closed its link.
    pub(super) fn wait(&self) -> ExitStatus {
        let mut gone = self.gone.lock_unpoisoned();
        self.kill_group();
        let status = wait_for(self.group);
        *gone = true;
        status
    }

    fn kill_group(&self) {
        // A new copy leaves the group by itself, but may not have come to that.
        self.copies.receive_new();
        let _ = kill_process_group(self.group, Signal::KILL);
    }
}

/// Waits for the end of a host, which is a child of this process.
fn wait_for(pid: Pid) -> ExitStatus {
    loop {
        match waitpid(Some(pid), WaitOptions::empty()) {
            Ok(Some((_, status))) => return ExitStatus::from_raw(status.as_raw()),
            Err(rustix::io::Errno::INTR) | Ok(None) => {}
            Err(_) => return ExitStatus::from_raw(0),
        }
    }
}
