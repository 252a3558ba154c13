//! rustc processes that are started ahead, and not waited for.
//!
//! To load rustc takes a tenth of a small cell's time, and to read what is known of the runtime and of std a fifth. So some
//! have begun already:
//!
//! - some have been told all but the source of a crate ([`Ahead`]), and have read as far as to that: its root includes a file
//!   that leads to their standard input;
//! - one has loaded only, and what it is to do comes on its standard input (`rustc @/dev/stdin`), for crates that are not as was
//!   foreseen.
//!
//! To end takes as much again: so rustc is left to itself as soon as it has said that the object is there.

mod process;

use std::collections::BTreeSet;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{ChildStderr, ExitStatus};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::layout::{ARGUMENTS, Layout, ROOT, START};
use super::mode::Kind;
use crate::system::lease::Leased;
pub(super) use process::Waiting;

/// More are not kept: each takes some 25 MB.
const MOST_AHEAD: usize = 2;

/// What a rustc has been told that waits for the source of a crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ahead {
    /// The crate's number.
    pub serial: u32,
    /// How it will be compiled.
    pub kind: Kind,
    /// What its root begins with.
    pub head: &'static str,
    /// The crate may name these of other cells.
    pub known: Arc<BTreeSet<u32>>,
    /// The arguments, one a line, but for those that follow.
    pub own: String,
    /// Those for the crates of other cells.
    pub crates: String,
}

/// The processes that wait, and those that end. They do so with the last clone of this.
#[derive(Debug, Clone, Default)]
pub struct WarmRustc(Arc<Mutex<Processes>>);

#[derive(Debug, Default)]
struct Processes {
    loaded: Option<Waiting>,
    /// The one that was started last comes last.
    ahead: Vec<(Ahead, Waiting)>,
    ending: Vec<(Leased, BufReader<ChildStderr>)>,
}

/// What rustc is to do.
pub(super) struct Task<'a> {
    /// Where it runs.
    pub(super) folder: PathBuf,
    /// What the crate's root begins with.
    pub(super) head: &'a str,
    /// Names and texts of the files there.
    pub(super) files: &'a [(String, String)],
    /// Names of links there, and where they lead.
    pub(super) links: &'a [(String, PathBuf)],
    /// All arguments, one a line, for one that has only been loaded.
    pub(super) arguments: &'a str,
    /// What is to be started meanwhile.
    pub(super) next: Option<&'a Ahead>,
}

impl WarmRustc {
    /// Lets one load from now on. Without one the next compilation takes longer, and that is all.
    pub fn prepare(&self, rustc: &Path, layout: &Layout) {
        let mut processes = self.lock();
        if processes.loaded.is_none() {
            let folder = layout.sources_ahead();
            processes.loaded = Waiting::start(rustc, folder, None).ok();
        }
    }

    /// Lets one read all but the source of a crate.
    pub fn prepare_ahead(&self, rustc: &Path, layout: &Layout, ahead: &Ahead) {
        let folder = layout.sources_of_ahead(ahead.serial);
        let files = [
            (START, root(ahead.head)),
            (ARGUMENTS, format!("{}\n{}", ahead.own, ahead.crates)),
        ];
        match Waiting::start(rustc, folder, Some(&files)) {
            Ok(waiting) => {
                let mut processes = self.lock();
                processes.ahead.push((ahead.clone(), waiting));
                if processes.ahead.len() > MOST_AHEAD {
                    processes.ahead.remove(0);
                }
            }
            Err(error) => tracing::debug!(%error, "rustc cannot be started ahead"),
        }
    }

    /// Ends those that do not wait for what is wanted any more.
    pub fn retain_ahead(&self, is_wanted: impl Fn(&Ahead) -> bool) {
        self.lock().ahead.retain(|(ahead, _)| is_wanted(ahead));
    }

    /// The number and the kind of the crate that one waits for, if one does.
    pub fn find_ahead(&self, is_right: impl Fn(&Ahead) -> bool) -> Option<(u32, Kind)> {
        let processes = self.lock();
        let mut all = processes.ahead.iter().map(|(ahead, _)| ahead);
        let found = all.find(|ahead| is_right(ahead))?;
        Some((found.serial, found.kind))
    }

    /// Whether one waits for the source of this crate; if it is not to have that, it ends.
    pub(super) fn claim(&self, serial: u32, has_it: impl Fn(&Ahead) -> bool) -> Option<Waiting> {
        let mut processes = self.lock();
        let mut all = processes.ahead.iter();
        let at = all.position(|(ahead, _)| ahead.serial == serial)?;
        let (ahead, waiting) = processes.ahead.remove(at);
        has_it(&ahead).then_some(waiting)
    }

    /// Runs rustc, and lets the next one begin meanwhile: rustc keeps one processor busy, and cells may follow each
    /// other at once. `read_line` gets each line that it prints, and says whether all is done with it; then it counts as ended.
    ///
    /// # Errors
    /// When a file cannot be written, or rustc cannot be started.
    pub(super) fn run(
        &self,
        (rustc, layout): (&Path, &Layout),
        task: &Task<'_>,
        ahead: Option<Waiting>,
        read_line: &mut dyn FnMut(&str) -> bool,
    ) -> io::Result<ExitStatus> {
        let ahead = ahead.and_then(|waiting| waiting.move_to(rustc, &task.folder));
        let is_ahead = ahead.is_some();
        let moved = ahead.or_else(|| {
            let loaded = self.lock().loaded.take();
            loaded.and_then(|waiting| waiting.move_to(rustc, &task.folder))
        });
        let text = write_files(task, is_ahead)?;
        let mut process = match moved {
            Some(process) => process,
            None => process::start(rustc, &task.folder, "/dev/stdin")?,
        };
        if let Some(mut input) = process.child.stdin.take() {
            // If it does not read it, it has failed, and says why.
            let _ = input.write_all(text.as_bytes());
        }
        self.prepare(rustc, layout);
        if let Some(next) = task.next {
            self.prepare_ahead(rustc, layout, next);
        }
        let Some(stderr) = process.child.stderr.take() else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        let mut stderr = BufReader::new(stderr);
        let mut line = Vec::new();
        while stderr.read_until(b'\n', &mut line)? > 0 {
            if read_line(String::from_utf8_lossy(&line).trim_end()) {
                self.lock().let_end(process, stderr);
                return Ok(ExitStatus::default());
            }
            line.clear();
        }
        process.child.wait()
    }

    fn lock(&self) -> MutexGuard<'_, Processes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A crate's root.
fn root(head: &str) -> String {
    format!("{head}include!({ROOT:?});\n")
}

/// Writes the crate's files; gives what goes to rustc's standard input.
pub(super) fn write_files<'a>(task: &Task<'a>, is_ahead: bool) -> io::Result<&'a str> {
    std::fs::create_dir_all(&task.folder)?;
    let mut text = task.arguments;
    for (name, content) in task.files {
        if is_ahead && name == ROOT {
            // In the place of the link to the standard input, so that the run can be repeated.
            let new = task.folder.join(format!("{ROOT}.new"));
            std::fs::write(&new, content)?;
            std::fs::rename(new, task.folder.join(name))?;
            text = content;
        } else {
            std::fs::write(task.folder.join(name), content)?;
        }
    }
    if !is_ahead {
        std::fs::write(task.folder.join(START), root(task.head))?;
        std::fs::write(task.folder.join(ARGUMENTS), task.arguments)?;
    }
    for (name, path) in task.links {
        let link = task.folder.join(name);
        let _ = std::fs::remove_file(&link); // of an earlier run
        std::os::unix::fs::symlink(path, link)?;
    }
    Ok(text)
}

impl Processes {
    fn let_end(&mut self, process: Leased, stderr: BufReader<ChildStderr>) {
        self.ending
            .retain_mut(|(process, _)| !matches!(process.child.try_wait(), Ok(Some(_))));
        // What it prints goes nowhere, but must not make it fail.
        self.ending.push((process, stderr));
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        for (process, _) in &mut self.ending {
            let _ = process.child.wait();
        }
    }
}

#[cfg(test)]
mod tests;
