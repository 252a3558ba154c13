//! Linking without the C compiler: rustc calls the lld that it brings itself. Starting `cc`, and what `cc` starts,
//! takes a twentieth of a cell's time.

#![expect(
    clippy::disallowed_methods,
    reason = "cc and rustc are asked what they would do, and answer at once"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

/// rustc's own lld, and where it finds the C library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lld {
    folders: Vec<PathBuf>,
}

/// What every library of Rust is linked to.
const NEEDED: [&str; 2] = ["libc.so", "libgcc_s.so"];

impl Lld {
    /// The one that belongs to a toolchain with these libraries, if it has one and `cc` tells where the C library is.
    pub fn find(libraries: &Path) -> Option<Self> {
        if !libraries.with_file_name("bin").join("rust-lld").is_file() {
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
        Some(Self { folders })
    }

    /// rustc's arguments for it.
    pub(crate) fn arguments(&self) -> impl Iterator<Item = String> {
        let chosen = ["-Clinker-flavor=ld.lld", "-Clinker=rust-lld"].map(str::to_owned);
        let folders = self.folders.iter();
        chosen
            .into_iter()
            .chain(folders.map(|folder| format!("-Clink-arg=-L{}", folder.display())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::toolchain::Toolchain;

    #[test]
    fn a_library_can_be_linked_by_it() {
        let toolchain = Toolchain::find().expect("a toolchain");
        let Some(lld) = Lld::find(&toolchain.libraries) else {
            // A toolchain without an lld of its own, such as a distribution's.
            assert!(
                !toolchain
                    .libraries
                    .with_file_name("bin")
                    .join("rust-lld")
                    .exists()
            );
            return;
        };
        let folder = tempfile::tempdir().expect("a folder");
        let source = folder.path().join("cell.rs");
        std::fs::write(&source, "pub fn f() { println!(\"{:?}\", vec![1]); }").expect("written");
        let output = Command::new(&toolchain.rustc)
            .args(["--crate-type=dylib", "-Cprefer-dynamic"])
            .args(lld.arguments())
            .arg(&source)
            .arg("--out-dir")
            .arg(folder.path())
            .output()
            .expect("rustc starts");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(folder.path().join("libcell.so").is_file());
    }
}
