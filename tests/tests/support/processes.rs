//! The processes below another one, and their ends.

use std::collections::BTreeMap;
use std::fs;
use std::os::fd::OwnedFd;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

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
    pub(crate) fn kill(&self) {
        // If it has ended meanwhile, that is as well.
        let _ = pidfd_send_signal(&self.handle, Signal::KILL);
    }

    /// Waits for the end of the process.
    #[track_caller]
    pub(crate) fn ends(&self) {
        assert!(
            self.ends_within(Duration::from_secs(60)),
            "{self:?} has not ended"
        );
    }

    /// Waits for the end of the process for so long; false if it lives on.
    pub(crate) fn ends_within(&self, limit: Duration) -> bool {
        let limit = Timespec::try_from(limit).expect("a short time");
        let mut polled = [PollFd::new(&self.handle, PollFlags::IN)];
        poll(&mut polled, Some(&limit)).expect("polled") == 1
    }
}

/// All processes that have this in their environment, wherever they are by now.
pub(crate) fn with_variable(variable: &str) -> Vec<Watched> {
    let has = |id: &u32| {
        let environment = fs::read(format!("/proc/{id}/environ")).unwrap_or_default();
        environment
            .split(|byte| *byte == 0)
            .any(|entry| entry == variable.as_bytes())
    };
    all().filter(has).filter_map(Watched::new).collect()
}

/// The numbers of all processes.
fn all() -> impl Iterator<Item = u32> {
    let entries = fs::read_dir("/proc").expect("/proc is mounted").flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

/// All processes below this one.
pub(crate) fn descendants(ancestor: u32) -> Vec<Watched> {
    let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for id in all() {
        if let Some(parent) = parent(id) {
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
