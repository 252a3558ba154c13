//! A rustc that is started ahead, and not waited for.
//!
//! To load rustc takes a tenth of a small cell's time: so one has loaded already, and what it is to do comes on its
//! standard input (`rustc @/dev/stdin`). To end takes as much again: so it is left to itself as soon as it has said
//! that the crate is there.

#![expect(
    clippy::disallowed_methods,
    reason = "rustc, which ends with the kernel"
)]

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{ChildStderr, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use rustix::process::{Pid, Signal, kill_process};

use super::layout::Layout;
use crate::system::lease::{self, Leased};

/// The file with the arguments of the last run: `rustc @rustc.args` in the crate's folder repeats it.
pub(super) const ARGUMENTS: &str = "rustc.args";

/// The rustc that waits, and those that end. They do so with the last clone of this.
#[derive(Debug, Clone, Default)]
pub struct WarmRustc(Arc<Mutex<Processes>>);

#[derive(Debug, Default)]
struct Processes {
    waiting: Option<Waiting>,
    ending: Vec<(Leased, BufReader<ChildStderr>)>,
}

#[derive(Debug)]
struct Waiting {
    /// None once it has work.
    process: Option<Leased>,
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
    /// Names of links there, and where they lead.
    pub(super) links: &'a [(String, PathBuf)],
    /// One a line.
    pub(super) arguments: &'a str,
}

impl WarmRustc {
    /// Lets one wait from now on. Without one the next compilation takes longer, and that is all.
    pub fn prepare(&self, rustc: &Path, layout: &Layout) {
        let mut processes = self.lock();
        if processes.waiting.is_none() {
            let folder = layout.sources_ahead();
            processes.waiting = Waiting::start(rustc, folder).ok();
        }
    }

    /// Runs rustc, and lets the next one load meanwhile: rustc keeps one processor busy, and cells may follow each
    /// other at once. `read_line` gets each line that it prints, and says whether all is done with it; then it counts as ended.
    ///
    /// # Errors
    /// When a file cannot be written, or rustc cannot be started.
    pub(super) fn run(
        &self,
        rustc: &Path,
        layout: &Layout,
        task: &Task<'_>,
        read_line: &mut dyn FnMut(&str) -> bool,
    ) -> io::Result<ExitStatus> {
        let waiting = self.take(rustc);
        let moved = waiting.and_then(|waiting| waiting.move_to(&task.folder));
        std::fs::create_dir_all(&task.folder)?;
        let own = (ARGUMENTS, task.arguments);
        let files = task.files.iter().map(|(name, text)| (&**name, &**text));
        for (name, text) in files.chain([own]) {
            std::fs::write(task.folder.join(name), text)?;
        }
        for (name, path) in task.links {
            let link = task.folder.join(name);
            let _ = std::fs::remove_file(&link); // of an earlier run
            std::os::unix::fs::symlink(path, link)?;
        }
        let mut process = match moved {
            Some(process) => process,
            None => start(rustc, &task.folder)?,
        };
        if let Some(mut input) = process.child.stdin.take() {
            // If it does not read them, it has failed, and says why.
            let _ = input.write_all(task.arguments.as_bytes());
        }
        self.prepare(rustc, layout);
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

    /// The one that waits, if it still does, and is the rustc that is there now.
    fn take(&self, rustc: &Path) -> Option<Waiting> {
        let mut waiting = self.lock().waiting.take()?;
        let same = waiting.rustc == rustc && waiting.changed == changed(rustc);
        let child = &mut waiting.process.as_mut()?.child;
        let lives = matches!(child.try_wait(), Ok(None));
        // Somebody may have stopped what seemed to do nothing.
        let goes_on = || kill_process(Pid::from_child(child), Signal::CONT).is_ok();
        (same && lives && goes_on()).then_some(waiting)
    }

    fn lock(&self) -> MutexGuard<'_, Processes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
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

impl Waiting {
    fn start(rustc: &Path, folder: PathBuf) -> io::Result<Self> {
        std::fs::create_dir_all(&folder)?;
        Ok(Self {
            process: Some(start(rustc, &folder)?),
            rustc: rustc.to_owned(),
            changed: changed(rustc),
            folder,
        })
    }

    /// Gives its folder this name; nothing if that is not possible.
    fn move_to(mut self, folder: &Path) -> Option<Leased> {
        // Of an earlier run for the same crate nothing is needed.
        let _ = std::fs::remove_dir_all(folder);
        std::fs::rename(&self.folder, folder).ok()?;
        self.process.take()
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.child.kill();
            let _ = process.child.wait();
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

fn start(rustc: &Path, folder: &Path) -> io::Result<Leased> {
    let mut command = Command::new(rustc);
    command
        .current_dir(folder)
        // Where the kernel is: in the notebook's folder.
        .env(
            "CARGO_MANIFEST_DIR",
            std::env::current_dir().unwrap_or_default(),
        )
        .arg("@/dev/stdin")
        .stdin(Stdio::piped())
        .stderr(Stdio::piped());
    // It prints nothing there; what a macro of the user's does goes nowhere, as if it were closed.
    lease::spawn(&mut command, Command::stdout)
}

fn changed(rustc: &Path) -> Option<SystemTime> {
    rustc.metadata().and_then(|data| data.modified()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::toolchain::Toolchain;

    fn rustc() -> PathBuf {
        Toolchain::find().expect("a toolchain").rustc
    }

    /// Whether it succeeds, and what it prints.
    fn run(warm: &WarmRustc, layout: &Layout, arguments: &str) -> (bool, Vec<String>) {
        let task = Task {
            folder: layout.sources(1),
            files: &[("lib.rs".to_owned(), "pub fn f() {}".to_owned())],
            links: &[],
            arguments,
        };
        let mut lines = Vec::new();
        let mut read_line = |line: &str| {
            lines.push(line.to_owned());
            line.contains(r#""emit":"link""#)
        };
        let status = warm.run(&rustc(), layout, &task, &mut read_line);
        (status.expect("rustc runs").success(), lines)
    }

    const GOOD: &str = "lib.rs\n--crate-type=rlib\n--error-format=json\n--json=artifacts";

    fn layout(folder: &tempfile::TempDir) -> Layout {
        Layout {
            folder: folder.path().to_owned(),
        }
    }

    /// One waits.
    fn prepared(folder: &tempfile::TempDir) -> (WarmRustc, Layout) {
        let (warm, layout) = (WarmRustc::default(), layout(folder));
        warm.prepare(&rustc(), &layout);
        (warm, layout)
    }

    #[test]
    fn one_that_waits_does_what_a_new_one_does() {
        let folder = tempfile::tempdir().expect("a folder");
        let layout = layout(&folder);
        let warm = WarmRustc::default();
        for _ in 0..3 {
            let (success, lines) = run(&warm, &layout, GOOD);
            assert!(success, "{lines:?}");
            assert!(layout.sources(1).join("liblib.rlib").is_file());
            let (success, lines) = run(&warm, &layout, "--no-such-option");
            assert!(!success && !lines.is_empty(), "{lines:?}");
        }
    }

    #[test]
    fn one_that_was_killed_is_not_missed() {
        let folder = tempfile::tempdir().expect("a folder");
        let (warm, layout) = prepared(&folder);
        if let Some(process) = &mut warm.lock().waiting.as_mut().expect("one").process {
            process.child.kill().expect("killed");
            process.child.wait().expect("ended");
        }
        assert!(run(&warm, &layout, GOOD).0);
    }

    #[test]
    fn one_that_was_stopped_goes_on() {
        let folder = tempfile::tempdir().expect("a folder");
        let (warm, layout) = prepared(&folder);
        if let Some(process) = &warm.lock().waiting.as_ref().expect("one").process {
            kill_process(Pid::from_child(&process.child), Signal::STOP).expect("stopped");
        }
        assert!(run(&warm, &layout, GOOD).0);
    }

    #[test]
    fn none_is_left_behind() {
        let folder = tempfile::tempdir().expect("a folder");
        let (warm, layout) = prepared(&folder);
        let id = {
            let processes = warm.lock();
            let waiting = processes.waiting.as_ref().expect("one");
            waiting.process.as_ref().expect("it waits").child.id()
        };
        drop(warm);
        assert!(!Path::new(&format!("/proc/{id}")).exists());
        assert!(!layout.sources_ahead().exists());
    }
}
