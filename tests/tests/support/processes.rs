//! The processes below another one, and their ends.

use std::collections::BTreeMap;
use std::fs;
use std::os::fd::OwnedFd;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, pidfd_open};

/// A process known by more than its number, which may be another's once it has ended.
#[derive(Debug)]
pub(crate) struct Watched {
    pub(crate) id: u32,
    pub(crate) name: String,
    handle: OwnedFd,
}

impl Watched {
    pub(crate) fn new(id: u32) -> Option<Self> {
        let pid = Pid::from_raw(id.try_into().ok()?)?;
        let handle = pidfd_open(pid, PidfdFlags::empty()).ok()?;
        let name = fs::read_to_string(format!("/proc/{id}/comm")).ok()?;
        Some(Self {
            id,
            name: name.trim().to_owned(),
            handle,
        })
    }

    /// Sends SIGKILL.
    #[cfg(feature = "analyzer")]
    pub(crate) fn kill(&self) {
        rustix::process::pidfd_send_signal(&self.handle, rustix::process::Signal::KILL)
            .expect("killed");
    }

    /// Waits for the end of the process.
    #[track_caller]
    pub(crate) fn ends(&self) {
        let limit = Timespec::try_from(Duration::from_secs(60)).expect("a short time");
        let mut polled = [PollFd::new(&self.handle, PollFlags::IN)];
        let ready = poll(&mut polled, Some(&limit)).expect("polled");
        assert_eq!(ready, 1, "{self:?} has not ended");
    }
}

/// All processes below this one.
pub(crate) fn descendants(ancestor: u32) -> Vec<Watched> {
    let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for entry in fs::read_dir("/proc").expect("/proc is mounted").flatten() {
        let id = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok());
        if let Some(id) = id
            && let Some(parent) = parent(id)
        {
            children.entry(parent).or_default().push(id);
        }
    }
    let mut found = Vec::new();
    let mut parents = vec![ancestor];
    while let Some(id) = parents.pop() {
        let below = children.remove(&id).unwrap_or_default();
        found.extend(below.iter().filter_map(|id| Watched::new(*id)));
        parents.extend(below);
    }
    found
}

fn parent(id: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name before it, in parentheses, may hold anything.
    let (_, rest) = stat.rsplit_once(')')?;
    rest.split_whitespace().nth(1)?.parse().ok()
}
