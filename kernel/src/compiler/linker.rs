//! Linking without the C compiler: rustc calls the lld that it brings itself. Starting `cc`, and what `cc` starts,
//! takes a twentieth of a cell's time.

use std::path::{Path, PathBuf};
use std::process::Command;

/// rustc's own lld, and where it finds the C library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lld {
    folders: Vec<PathBuf>,
}

/// What every library of Rust is linked to.
const NEEDED: [&str; 2] = ["libc.so", "libgcc_s.so.1"];

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
    pub(super) fn arguments(&self) -> impl Iterator<Item = String> {
        let chosen = ["-Clinker-flavor=ld.lld", "-Clinker=rust-lld"].map(str::to_owned);
        let folders = self.folders.iter();
        chosen
            .into_iter()
            .chain(folders.map(|folder| format!("-Clink-arg=-L{}", folder.display())))
    }
}
