//! Linking by the lld that rustc brings. Starting `cc`, and what `cc` starts, would take a tenth of a cell's time.

#![expect(
    clippy::disallowed_methods,
    reason = "cc is asked what it would do, and answers at once; lld ends with the kernel"
)]

use std::ffi::OsString;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::system::lease::{self, Leased};

/// rustc's own lld, and where it finds the C library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lld {
    program: PathBuf,
    folders: Vec<PathBuf>,
}

/// One that has been started, and reads on its standard input what it is to link.
#[derive(Debug)]
pub(crate) struct Waiting(Leased);

/// What a library of Rust is linked to besides, as rustc does it.
pub(super) const SYSTEM: [&str; 7] = ["gcc_s", "util", "rt", "pthread", "m", "dl", "c"];

/// Of that, what is not in every folder.
const NEEDED: [&str; 2] = ["libc.so", "libgcc_s.so"];

impl Lld {
    /// The one that belongs to a toolchain with these libraries, if it has one and `cc` tells where the C library is.
    pub fn find(libraries: &Path) -> Option<Self> {
        let program = libraries.with_file_name("bin").join("rust-lld");
        if !program.is_file() {
            return None;
        }
        let mut folders = Vec::new();
        for library in NEEDED {
            let output = Command::new("cc")
                .arg(format!("-print-file-name={library}"))
                .output()
                .ok()?;
            // Without a folder, if `cc` does not find it.
            let path = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
            let folder = path.parent().filter(|folder| folder.is_absolute())?;
            if !folders.iter().any(|known| known == folder) {
                folders.push(folder.to_owned());
            }
        }
        Some(Self { program, folders })
    }

    /// Starts it with all that is known before the object is there.
    ///
    /// # Errors
    /// When it cannot be started.
    pub(super) fn start(
        &self,
        library: &Path,
        options: &[OsString],
        libraries: &[PathBuf],
    ) -> io::Result<Waiting> {
        let mut command = Command::new(&self.program);
        command
            .args(["-flavor", "gnu", "-shared", "-zdefs", "--threads=1", "-o"])
            .arg(library)
            .args(options)
            .args(libraries);
        for folder in &self.folders {
            command.arg("-L").arg(folder);
        }
        command
            .args(SYSTEM.map(|name| format!("-l{name}")))
            // A linker script may stand for any input, and this one comes last.
            .arg("/dev/stdin")
            .stdin(Stdio::piped())
            .stderr(Stdio::piped());
        lease::spawn(&mut command, Command::stdout).map(Waiting)
    }
}

impl Waiting {
    /// Gives it the object, and waits for the library.
    ///
    /// # Errors
    /// When it fails; then its words are in the error.
    pub(super) fn link(mut self, object: &Path) -> io::Result<()> {
        let child = &mut self.0.child;
        if let Some(mut input) = child.stdin.take() {
            // If it does not read, it has failed, and says why.
            let _ = write!(input, "INPUT(\"{}\")", object.display());
        }
        let mut said = String::new();
        if let Some(mut stderr) = child.stderr.take() {
            stderr.read_to_string(&mut said)?;
        }
        let status = child.wait()?;
        if status.success() {
            Ok(())
        } else {
            Err(io::Error::other(format!("{status}: {}", said.trim_end())))
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let _ = self.0.child.kill(); // unless it has ended
        let _ = self.0.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::toolchain::Toolchain;

    /// That of a toolchain; there may be none, as in a distribution's.
    fn found(toolchain: &Toolchain) -> Option<Lld> {
        let lld = Lld::find(&toolchain.libraries);
        let program = toolchain.libraries.with_file_name("bin").join("rust-lld");
        assert!(lld.is_some() || !program.exists());
        lld
    }

    /// An object that uses std, and its folder.
    fn object(rustc: &Path) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let source = folder.path().join("cell.rs");
        std::fs::write(&source, "pub fn f() { println!(\"{:?}\", vec![1]); }").expect("written");
        let output = Command::new(rustc)
            .current_dir(folder.path())
            .args([
                "--crate-type=dylib",
                "-Cprefer-dynamic",
                "--emit=obj=cell.o",
            ])
            .arg(&source)
            .output()
            .expect("rustc starts");
        assert!(output.status.success());
        let object = folder.path().join("cell.o");
        (folder, object)
    }

    #[test]
    fn a_library_can_be_linked_by_it() {
        let toolchain = Toolchain::find().expect("a toolchain");
        let Some(lld) = found(&toolchain) else {
            return;
        };
        let (folder, object) = object(&toolchain.rustc);
        let library = folder.path().join("libcell.so");
        let start =
            |libraries: &[PathBuf]| lld.start(&library, &[], libraries).expect("lld starts");
        let missing = start(&[]).link(&object).expect_err("std is missing");
        assert!(
            missing.to_string().contains("undefined symbol"),
            "{missing}"
        );
        assert!(!library.exists());
        let std = toolchain.std().expect("std's library");
        start(&[std]).link(&object).expect("it links");
        assert!(library.is_file());
    }

    #[test]
    fn one_that_gets_nothing_to_do_ends() {
        let toolchain = Toolchain::find().expect("a toolchain");
        let Some(lld) = found(&toolchain) else {
            return;
        };
        let folder = tempfile::tempdir().expect("a folder");
        let waiting = lld
            .start(&folder.path().join("x.so"), &[], &[])
            .expect("lld starts");
        let id = waiting.0.child.id();
        drop(waiting);
        assert!(!Path::new(&format!("/proc/{id}")).exists());
    }
}
