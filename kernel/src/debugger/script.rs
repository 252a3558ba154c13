//! The script by which LLDB knows Woozle's threads and types, as a file of the session's.

use std::io;
use std::path::PathBuf;

use tempfile::TempDir;

use crate::build::cache;
use crate::system::private;

/// What the name of its folder begins with.
const FOLDER: &str = "debugger-";

/// The name of the file, and of the module for Python.
const FILE: &str = "woozle_lldb.py";

/// The file, once it has been asked for.
#[derive(Debug, Default)]
pub(super) struct Script {
    folder: Option<TempDir>,
}

impl Script {
    /// Where it is.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn path(&mut self) -> io::Result<PathBuf> {
        let folder = match self.folder.take() {
            Some(folder) => folder,
            None => private::temporary(FOLDER, &cache::prepare().map_err(io::Error::other)?)?,
        };
        let path = folder.path().join(FILE);
        std::fs::write(&path, include_str!("woozle_lldb.py"))?;
        self.folder = Some(folder);
        Ok(path)
    }
}
