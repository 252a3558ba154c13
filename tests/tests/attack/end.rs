//! The end of a session, and that nothing is left of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::session::Attack;
use super::tally::{Failure, Kind, Tally};
use crate::support::numbers::Numbers;
use crate::support::{Watched, with_variable};

/// How long processes may take to end, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// What may be left.
pub(super) struct Traces {
    mark: String,
    /// The session's folder in the cache, with its libraries.
    pub(super) folder: Option<PathBuf>,
}

/// What came of a session.
pub(super) struct Ended {
    pub(super) tally: Tally,
    pub(super) failures: Vec<Failure>,
    /// What the next kernel has to remove from the cache.
    pub(super) folder: Option<PathBuf>,
}

/// What a cell does while the session ends.
const BUSY: [&str; 4] = [
    "println!(\"running\"); spin();",
    "println!(\"running\"); pool.map(nap, 0..20_000_u64)?;",
    "println!(\"running\"); std::thread::sleep(Duration::from_secs(1000));",
    "println!(\"running\"); std::process::Command::new(\"sleep\").arg(\"1000\").status()?;",
];

impl Attack {
    /// Ends it in one of the ways that there are.
    pub(super) fn end(mut self, traces: &Traces, numbers: &mut Numbers) -> Ended {
        if numbers.chance(50) {
            let busy = *numbers.one_of(&BUSY);
            let request = self.send(busy);
            if numbers.chance(70) {
                self.session
                    .wait_for(&request, |cell| !cell.stdout.is_empty());
            }
        }
        let mut failures = Vec::new();
        let mut folder = None;
        if numbers.chance(50) {
            self.note("  the kernel is killed");
            self.tally.kill("kernel", 1);
            self.session.kernel.kill();
            failures.extend(traces.processes_left());
            folder = traces.folder.clone();
        } else {
            self.note("  shutdown");
            let status = self.session.shut_down();
            failures.extend(traces.processes_left());
            if !status.success() {
                failures.push(left(format!("the kernel ends with {status}")));
            }
            failures.extend(traces.folder_left());
            failures.extend(files_left(self.temporary.path()));
        }
        let last = self.last_operations();
        for failure in &mut failures {
            failure
                .what
                .push_str(&format!("\nThe last operations:\n{last}"));
        }
        for failure in &failures {
            self.tally.fail(failure.kind);
        }
        Ended {
            tally: self.tally,
            failures,
            folder,
        }
    }
}

impl Traces {
    pub(super) fn of(mark: &str) -> Self {
        Self {
            mark: mark.to_owned(),
            folder: folder(mark),
        }
    }

    /// Waits for the ends of all processes, and gives those that live on, which are killed then.
    pub(super) fn processes_left(&self) -> Option<Failure> {
        let begin = Instant::now();
        let rest = || PATIENCE.saturating_sub(begin.elapsed());
        // One that was being started meanwhile is found in the next round.
        loop {
            let processes = with_variable(&self.mark);
            if processes.is_empty() {
                return None;
            }
            if !processes.iter().all(|process| process.ends_within(rest())) {
                break;
            }
        }
        let picture = super::usage::picture(&self.mark);
        with_variable(&self.mark).iter().for_each(Watched::kill);
        Some(left(format!("these processes are left:\n{picture}")))
    }

    /// The session's folder, if it is still there.
    fn folder_left(&self) -> Option<Failure> {
        let folder = self.folder.as_ref().filter(|folder| folder.exists())?;
        Some(left(format!("{} is left", folder.display())))
    }
}

pub(super) fn folder_left(folder: &Path) -> Option<Failure> {
    folder
        .exists()
        .then(|| left(format!("{} is left", folder.display())))
}

fn left(what: String) -> Failure {
    let kind = Kind::Left;
    Failure { kind, what }
}

fn files_left(folder: &Path) -> Option<Failure> {
    let files: Vec<PathBuf> = fs::read_dir(folder)
        .ok()?
        .flatten()
        .map(|file| file.path())
        .collect();
    (!files.is_empty()).then(|| left(format!("these files are left: {files:?}")))
}

/// The session's folder: the host has loaded its cells from there.
fn folder(mark: &str) -> Option<PathBuf> {
    let hosts = with_variable(mark);
    let hosts = hosts.iter().filter(|process| process.name == "woozle-host");
    let maps: String = hosts
        .filter_map(|host| fs::read_to_string(format!("/proc/{}/maps", host.id)).ok())
        .collect();
    let folders: BTreeSet<PathBuf> = maps
        .split_whitespace()
        .filter(|word| word.contains("/session-"))
        .filter_map(|word| {
            let is_folder = |path: &&Path| {
                path.file_name()
                    .is_some_and(|name| name.to_string_lossy().starts_with("session-"))
            };
            Path::new(word)
                .ancestors()
                .find(is_folder)
                .map(Path::to_owned)
        })
        .collect();
    folders.into_iter().next()
}
