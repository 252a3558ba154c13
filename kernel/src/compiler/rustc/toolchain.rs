//! rustc, and what every cell is compiled against.

use std::path::{Path, PathBuf};

use super::link::lld::Lld;
use super::warm::WarmRustc;

/// A library that holds crates that a notebook has added. A cell is linked to it if it names one of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bundle {
    /// The name of the crate that it is.
    pub name: String,
    /// The crates in it that cells can name.
    pub crates: Vec<String>,
}

/// Where rustc is, and what every cell is compiled against.
#[derive(Debug, Clone, Default)]
pub struct Toolchain {
    /// The compiler.
    pub rustc: PathBuf,
    /// The folder of the runtime that cells are compiled against.
    pub runtime: PathBuf,
    /// The library of std.
    pub std: PathBuf,
    /// Crates that every cell can name: `(name, library)`.
    pub externs: Vec<(String, PathBuf)>,
    /// Crates that a notebook has added.
    pub dependencies: Vec<String>,
    /// The libraries that hold those.
    pub bundles: Vec<Bundle>,
    /// Of those, the one with the async runtime that cells run in.
    pub executor: Option<String>,
    /// Folders in which rustc finds the crates that those use.
    pub search: Vec<PathBuf>,
    /// Folders of libraries in other languages that those use, with their kind.
    pub natives: Vec<String>,
    /// What `cc` is told besides when it links: which linker the user has chosen.
    pub link_argument: Option<String>,
    /// What links, in the place of `cc`.
    pub lld: Option<Lld>,
    /// The rustc that is started ahead.
    pub warm: WarmRustc,
    /// The file that tells whether this rustc is as it is known here.
    pub verdict: Option<PathBuf>,
}

impl Toolchain {
    /// The linker that rustc brings, unless another one has been chosen.
    pub(super) fn lld(&self) -> Option<&Lld> {
        self.lld.as_ref().filter(|_| self.link_argument.is_none())
    }
}

/// The folder of a search path of rustc's, which may begin with a kind: `native=/lib`.
pub(crate) fn folder_of(search_path: &str) -> &Path {
    let folder = search_path.split_once('=').map(|(_, folder)| folder);
    Path::new(folder.unwrap_or(search_path))
}
