//! Running rustc on a cell's crate.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::time::Instant;

use rustix::process::Signal;

use super::contract::code;
use super::invocation::Invocation;
use super::layout::OBJECT;
use super::link::Link;
use super::link::native::NativeLibrary;
use super::messages::Compiled;
use super::mode::Mode;
use super::toolchain::Toolchain;
use super::warm::{Ahead, Task, Waiting, write_files};
use crate::system::exit;

impl Invocation<'_> {
    /// Writes the crate's files, compiles it, and links it unless it is only checked.
    ///
    /// # Errors
    /// When a file cannot be written, or rustc cannot be started.
    pub fn run(&self) -> io::Result<Compiled> {
        if self.kind.mode == Mode::Check {
            return self.compile();
        }
        let natives = self.natives();
        let folder = self.layout.sources(self.serial);
        let (object, library) = (folder.join(OBJECT), self.layout.library(self.serial));
        let link = self.link(&natives, &object, &library);
        let linker = link.start();
        let mut compiled = self.compile()?;
        if compiled.success {
            let begin = Instant::now();
            if let Err(error) = link.finish(linker) {
                compiled.fail(error.to_string());
            }
            compiled.linking = begin.elapsed();
        }
        Ok(compiled)
    }

    /// What the linker is told, whatever it links.
    pub(super) fn linker_options(&self) -> Vec<OsString> {
        self.link(&[], Path::new(""), Path::new("")).options("")
    }

    fn link<'a>(
        &'a self,
        natives: &'a [NativeLibrary],
        object: &'a Path,
        library: &'a Path,
    ) -> Link<'a> {
        Link {
            toolchain: self.toolchain,
            layout: self.layout,
            serial: self.serial,
            needs: self.needs,
            natives,
            object,
            library,
        }
    }

    /// Compiles it by the rustc that waits for its source, if there is one; by another one if that has crashed, or its errors are
    /// doubtful.
    fn compile(&self) -> io::Result<Compiled> {
        let mut next = self.next;
        let claim = || {
            let warm = &self.toolchain.warm;
            warm.claim(self.serial, |ahead| self.is_foreseen(ahead))
        };
        // If this only checks the crate, what waits for it is for the run that follows.
        if self.kind.mode != Mode::Check
            && let Some(waiting) = claim()
        {
            let compiled = self.compile_once(Some(waiting), next.take())?;
            let is_failed = compiled.errors().next().is_some();
            if compiled.success || is_failed && !self.is_doubtful(&compiled) {
                return Ok(compiled);
            }
            tracing::debug!(
                serial = self.serial,
                "a cell is compiled again, by a rustc that was told nothing ahead"
            );
        }
        let compiled = self.compile_once(None, next)?;
        if compiled.ended_by.is_some_and(is_from_outside) {
            tracing::debug!("rustc was killed; another one does the work");
            return self.compile_once(None, None);
        }
        Ok(compiled)
    }

    /// Whether the errors may be due to what rustc was told ahead: it was told of all cells, also of those that the source does not name,
    /// and has looked at the folders of crates as they were then.
    fn is_doubtful(&self, compiled: &Compiled) -> bool {
        let mut known = self.emitted.crates.clone();
        known.insert(self.serial);
        let mut errors = compiled.errors();
        errors.any(|error| error.code() == code::NO_CRATE) || compiled.names_other_crates(&known)
    }

    fn compile_once(&self, ahead: Option<Waiting>, next: Option<&Ahead>) -> io::Result<Compiled> {
        tracing::debug!(serial = self.serial, mode = ?self.kind.mode, "rustc compiles");
        let arguments = self.arguments();
        let task = self.task(&arguments, next);
        let mut compiled = Compiled::default();
        let mut read_line = |line: &str| compiled.read_line(line);
        let Toolchain { rustc, warm, .. } = self.toolchain;
        let status = warm.run((rustc, self.layout), &task, ahead, &mut read_line)?;
        compiled.success = status.success();
        compiled.ended_by = status.signal();
        if compiled.ended_by.is_some() {
            compiled.read_line(&format!("its end was {}", exit::shown(status)));
        }
        Ok(compiled)
    }

    /// Writes the crate's files to a folder, and no more.
    ///
    /// # Errors
    /// When one cannot be written.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        let arguments = self.arguments();
        let task = Task {
            folder: folder.to_owned(),
            ..self.task(&arguments, None)
        };
        write_files(&task, false).map(drop)
    }

    fn task<'a>(&'a self, arguments: &'a str, next: Option<&'a Ahead>) -> Task<'a> {
        Task {
            folder: self.layout.sources(self.serial),
            head: &self.emitted.head,
            files: &self.emitted.files,
            links: &self.emitted.links,
            arguments,
            next,
        }
    }
}

/// Whether a signal comes from others, who say nothing of the cell by it: the rustc that waits seems to do nothing, and
/// may be killed at any time.
fn is_from_outside(signal: i32) -> bool {
    let signals = [Signal::KILL, Signal::TERM, Signal::INT, Signal::HUP];
    signals.iter().any(|other| other.as_raw() == signal)
}
