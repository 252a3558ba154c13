//! Where the files of a session's crates are.

use std::path::PathBuf;

use woozle::protocol::library_name;

use crate::compiler::names;

/// The name under which rustc knows a crate's root file.
pub const ROOT: &str = "lib.rs";

/// Where the crate's files, library and MIR are.
#[derive(Debug, Clone)]
pub struct Layout {
    /// The session's folder.
    pub folder: PathBuf,
}

impl Layout {
    /// The crate's own folder.
    pub fn sources(&self, serial: u32) -> PathBuf {
        self.folder.join("src").join(names::crate_name(serial))
    }

    /// The folder of a crate that is not known yet.
    pub(crate) fn sources_ahead(&self) -> PathBuf {
        self.folder.join("src").join("next")
    }

    /// The folder of all libraries.
    pub fn libraries(&self) -> PathBuf {
        self.folder.join("lib")
    }

    /// The crate's library.
    pub fn library(&self, serial: u32) -> PathBuf {
        self.libraries().join(library_name(serial))
    }

    /// The crate's MIR.
    pub fn mir(&self, serial: u32) -> PathBuf {
        self.sources(serial).join("cell.mir")
    }
}
