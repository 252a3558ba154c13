//! A rustc that is started ahead, and not waited for.
//!
//! To load rustc takes a tenth of a small cell's time: so one has loaded already, and what it is to do comes on its
//! standard input (`rustc @/dev/stdin`). To end takes as much again: so it is left to itself as soon as it has said
//! that the crate is there.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use super::rustc::Layout;

/// The file with the arguments of the last run: `rustc @rustc.args` in the crate's folder repeats it.
pub(super) const ARGUMENTS: &str = "rustc.args";

/// The rustc that waits, and those that end. They do so with the last clone of this.
#[derive(Debug, Clone, Default)]
pub struct Standby(Arc<Mutex<Processes>>);

#[derive(Debug, Default)]
struct Processes {
    waiting: Option<Waiting>,
    ending: Vec<(Child, BufReader<ChildStderr>)>,
}

#[derive(Debug)]
struct Waiting {
    /// None once it has work.
    child: Option<Child>,
    rustc: PathBuf,
    changed: Option<SystemTime>,
    /// Its working folder, which gets the crate's name when that is known.
    folder: PathBuf,
}

/// What rustc is to do.
pub(super) struct Task<'a> {
    /// Where it runs.
    pub(super) folder: PathBuf,
    /// Names and texts of the files there.
    pub(super) files: &'a [(String, String)],
    /// One a line.
    pub(super) arguments: &'a str,
}

impl Standby {
    /// Lets one wait from now on. Without one the next compilation takes longer, and that is all.
    pub fn prepare(&self, rustc: &Path, layout: &Layout) {
        let mut processes = self.lock();
        if processes.waiting.is_none() {
            let folder = layout.sources_ahead();
            processes.waiting = Waiting::start(rustc, folder).ok();
        }
    }

    /// Runs rustc, and lets the next one load meanwhile: rustc keeps one processor busy, and cells may follow each
    /// other at once. `hear` gets each line that it prints, and says whether all is done with it. True if rustc has
    /// succeeded.
    ///
    /// # Errors
    /// When a file cannot be written, or rustc cannot be started.
    pub(super) fn run(
        &self,
        rustc: &Path,
        layout: &Layout,
        task: &Task<'_>,
        hear: &mut dyn FnMut(&str) -> bool,
    ) -> io::Result<bool> {
        let waiting = self.take(rustc);
        let moved = waiting.and_then(|waiting| waiting.move_to(&task.folder));
        std::fs::create_dir_all(&task.folder)?;
        let own = (ARGUMENTS, task.arguments);
        let files = task.files.iter().map(|(name, text)| (&**name, &**text));
        for (name, text) in files.chain([own]) {
            std::fs::write(task.folder.join(name), text)?;
        }
        let mut child = match moved {
            Some(child) => child,
            None => start(rustc, &task.folder)?,
        };
        if let Some(mut input) = child.stdin.take() {
            // If it does not read them, it has failed, and says why.
            let _ = input.write_all(task.arguments.as_bytes());
        }
        self.prepare(rustc, layout);
        let Some(stderr) = child.stderr.take() else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        let mut stderr = BufReader::new(stderr);
        let mut line = Vec::new();
        while stderr.read_until(b'\n', &mut line)? > 0 {
            if hear(String::from_utf8_lossy(&line).trim_end()) {
                self.lock().let_end(child, stderr);
                return Ok(true);
            }
            line.clear();
        }
        Ok(child.wait()?.success())
    }

    /// The one that waits, if it still does, and is the rustc that is there now.
    fn take(&self, rustc: &Path) -> Option<Waiting> {
        let mut waiting = self.lock().waiting.take()?;
        let same = waiting.rustc == rustc && waiting.changed == changed(rustc);
        let lives = matches!(waiting.child.as_mut().map(Child::try_wait), Some(Ok(None)));
        (same && lives).then_some(waiting)
    }

    fn lock(&self) -> MutexGuard<'_, Processes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Processes {
    fn let_end(&mut self, child: Child, stderr: BufReader<ChildStderr>) {
        self.ending
            .retain_mut(|(child, _)| !matches!(child.try_wait(), Ok(Some(_))));
        // What it prints goes nowhere, but must not make it fail.
        self.ending.push((child, stderr));
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        for (child, _) in &mut self.ending {
            let _ = child.wait();
        }
    }
}

impl Waiting {
    fn start(rustc: &Path, folder: PathBuf) -> io::Result<Self> {
        std::fs::create_dir_all(&folder)?;
        Ok(Self {
            child: Some(start(rustc, &folder)?),
            rustc: rustc.to_owned(),
            changed: changed(rustc),
            folder,
        })
    }

    /// Gives its folder this name; nothing if that is not possible.
    fn move_to(mut self, folder: &Path) -> Option<Child> {
        // Of an earlier run for the same crate nothing is needed.
        let _ = std::fs::remove_dir_all(folder);
        std::fs::rename(&self.folder, folder).ok()?;
        self.child.take()
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

fn start(rustc: &Path, folder: &Path) -> io::Result<Child> {
    Command::new(rustc)
        .current_dir(folder)
        .arg("@/dev/stdin")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
}

fn changed(rustc: &Path) -> Option<SystemTime> {
    rustc.metadata().and_then(|data| data.modified()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toolchain::Toolchain;

    fn rustc() -> PathBuf {
        Toolchain::find().expect("a toolchain").rustc
    }

    /// Whether it succeeds, and what it prints.
    fn run(standby: &Standby, layout: &Layout, arguments: &str) -> (bool, Vec<String>) {
        let task = Task {
            folder: layout.sources(1),
            files: &[("lib.rs".to_owned(), "pub fn f() {}".to_owned())],
            arguments,
        };
        let mut lines = Vec::new();
        let mut hear = |line: &str| {
            lines.push(line.to_owned());
            line.contains(r#""emit":"link""#)
        };
        let success = standby.run(&rustc(), layout, &task, &mut hear);
        (success.expect("rustc runs"), lines)
    }

    const GOOD: &str = "lib.rs\n--crate-type=rlib\n--error-format=json\n--json=artifacts";

    fn layout(folder: &tempfile::TempDir) -> Layout {
        Layout {
            folder: folder.path().to_owned(),
        }
    }

    /// One waits.
    fn prepared(folder: &tempfile::TempDir) -> (Standby, Layout) {
        let (standby, layout) = (Standby::default(), layout(folder));
        standby.prepare(&rustc(), &layout);
        (standby, layout)
    }

    #[test]
    fn one_that_waits_does_what_a_new_one_does() {
        let folder = tempfile::tempdir().expect("a folder");
        let layout = layout(&folder);
        let standby = Standby::default();
        for _ in 0..3 {
            let (success, lines) = run(&standby, &layout, GOOD);
            assert!(success, "{lines:?}");
            assert!(layout.sources(1).join("liblib.rlib").is_file());
            let (success, lines) = run(&standby, &layout, "--no-such-option");
            assert!(!success && !lines.is_empty(), "{lines:?}");
        }
    }

    #[test]
    fn one_that_was_killed_is_not_missed() {
        let folder = tempfile::tempdir().expect("a folder");
        let (standby, layout) = prepared(&folder);
        if let Some(child) = &mut standby.lock().waiting.as_mut().expect("one").child {
            child.kill().expect("killed");
            child.wait().expect("ended");
        }
        assert!(run(&standby, &layout, GOOD).0);
    }

    #[test]
    fn none_is_left_behind() {
        let folder = tempfile::tempdir().expect("a folder");
        let (standby, layout) = prepared(&folder);
        let id = {
            let processes = standby.lock();
            let waiting = processes.waiting.as_ref().expect("one");
            waiting.child.as_ref().expect("it waits").id()
        };
        drop(standby);
        assert!(!Path::new(&format!("/proc/{id}")).exists());
        assert!(!layout.sources_ahead().exists());
    }
}
