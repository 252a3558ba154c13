//! A rustc that waits for its work.

#![expect(
    clippy::disallowed_methods,
    reason = "rustc, which ends with the kernel"
)]

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

use rustix::process::{Pid, Signal, kill_process};

use crate::compiler::rustc::layout::{ARGUMENTS, ROOT};
use crate::system::lease::{self, Leased};

/// Such a process.
#[derive(Debug)]
pub(crate) struct Waiting {
    /// None once it has work.
    process: Option<Leased>,
    rustc: PathBuf,
    changed: Option<SystemTime>,
    /// Its working folder, which gets the crate's name when it has work.
    folder: PathBuf,
}

impl Waiting {
    /// Starts one: it waits for all arguments, or it finds the arguments and the beginning of a crate among `files` and waits for
    /// the rest of the crate.
    pub(super) fn start(
        rustc: &Path,
        folder: PathBuf,
        files: Option<&[(&str, String)]>,
    ) -> io::Result<Self> {
        // Of another session in this folder, or of one that was not needed.
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder)?;
        for (name, text) in files.into_iter().flatten() {
            std::fs::write(folder.join(name), text)?;
        }
        let arguments = if files.is_some() {
            // Not a FIFO: if the kernel died, nobody would ever open the other end.
            std::os::unix::fs::symlink("/dev/stdin", folder.join(ROOT))?;
            ARGUMENTS
        } else {
            "/dev/stdin"
        };
        Ok(Self {
            process: Some(start(rustc, &folder, arguments)?),
            rustc: rustc.to_owned(),
            changed: changed(rustc),
            folder,
        })
    }

    /// Gives its folder this name; nothing if that is not possible, if it does not wait any more, or if it is not the rustc that is
    /// there now.
    pub(super) fn move_to(mut self, rustc: &Path, folder: &Path) -> Option<Leased> {
        let same = self.rustc == rustc && self.changed == changed(rustc);
        let child = &mut self.process.as_mut()?.child;
        let lives = matches!(child.try_wait(), Ok(None));
        // Somebody may have stopped what seemed to do nothing.
        let goes_on = || kill_process(Pid::from_child(child), Signal::CONT).is_ok();
        if !(same && lives && goes_on()) {
            return None;
        }
        // Of an earlier run for the same crate nothing is needed.
        let _ = std::fs::remove_dir_all(folder);
        std::fs::rename(&self.folder, folder).ok()?;
        self.process.take()
    }

    #[cfg(test)]
    pub(super) fn child(&mut self) -> &mut std::process::Child {
        &mut self.process.as_mut().expect("it waits").child
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

/// Starts rustc with the arguments in a file.
pub(super) fn start(rustc: &Path, folder: &Path, arguments: &str) -> io::Result<Leased> {
    let mut command = Command::new(rustc);
    command
        .current_dir(folder)
        // Where the kernel is: in the notebook's folder.
        .env(
            "CARGO_MANIFEST_DIR",
            std::env::current_dir().unwrap_or_default(),
        )
        .arg(format!("@{arguments}"))
        .stdin(Stdio::piped())
        .stderr(Stdio::piped());
    // It prints nothing there; what a macro of the user's does goes nowhere, as if it were closed.
    lease::spawn(&mut command, Command::stdout)
}

fn changed(rustc: &Path) -> Option<SystemTime> {
    rustc.metadata().and_then(|data| data.modified()).ok()
}
