//! Where the files of a session's crates are.

use std::path::PathBuf;

use woozle::protocol::library_name;

use crate::compiler::names;

/// The file that rustc begins with: a crate's attributes, and the runtime. It includes [`ROOT`].
pub(super) const START: &str = "root.rs";

/// The name under which rustc knows the file with all else that a crate's root has.
pub const ROOT: &str = "lib.rs";

/// The file with the arguments of the last run: `rustc @rustc.args` in the crate's folder repeats it.
pub(super) const ARGUMENTS: &str = "rustc.args";

/// The object that a crate becomes, in its folder.
pub(super) const OBJECT: &str = "cell.o";

/// What it reads, by rustc's dep-info.
pub(super) const DEP_INFO: &str = "cell.d";

/// Its MIR.
pub(super) const MIR: &str = "cell.mir";

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

    /// The folder of a crate whose source is not known yet.
    pub(super) fn sources_of_ahead(&self, serial: u32) -> PathBuf {
        self.folder.join("src").join(format!("next-{serial}"))
    }

    /// The folder of all libraries.
    pub fn libraries(&self) -> PathBuf {
        self.folder.join("lib")
    }

    /// The crate's library.
    pub fn library(&self, serial: u32) -> PathBuf {
        self.libraries().join(library_name(serial))
    }

    /// What later crates read of the crate.
    pub fn metadata(&self, serial: u32) -> PathBuf {
        self.library(serial).with_extension("rmeta")
    }

    /// The crate's MIR.
    pub fn mir(&self, serial: u32) -> PathBuf {
        self.sources(serial).join(MIR)
    }
}
