//! The session's folder in the cache: sources and libraries of its cells.

use std::fs::{self, File};
use std::path::Path;

use tempfile::TempDir;

use crate::cache::{self, CacheError};

/// The file that a live session holds locked.
const LOCK: &str = "lock";

/// A folder, removed when the session ends.
#[derive(Debug)]
pub(super) struct Folder {
    folder: TempDir,
    _lock: File,
}

impl Folder {
    /// Makes a folder, and removes those of kernels that were killed.
    pub(super) fn new() -> Result<Self, CacheError> {
        let cache = cache::prepare()?;
        // A folder that is just being made must not be taken for one of the dead.
        let _making = cache::lock("sessions.lock")?;
        sweep(&cache);
        let make = || {
            let folder = tempfile::Builder::new()
                .prefix("session-")
                .tempdir_in(&cache)?;
            let lock = File::create(folder.path().join(LOCK))?;
            lock.lock()?;
            fs::create_dir(folder.path().join("lib"))?;
            Ok(Self {
                folder,
                _lock: lock,
            })
        };
        make().map_err(|source| CacheError::new(cache.clone(), source))
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Removes the folders of sessions that are over.
fn sweep(cache: &Path) {
    let entries = fs::read_dir(cache).into_iter().flatten().flatten();
    for entry in entries.filter(|entry| entry.file_name().to_string_lossy().starts_with("session-"))
    {
        let lock = File::open(entry.path().join(LOCK));
        if lock.is_ok_and(|lock| lock.try_lock().is_ok()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
