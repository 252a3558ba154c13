//! The session's folder in the cache: sources and libraries of its cells.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use tempfile::TempDir;

use crate::build::cache::{self, CacheError};
use crate::system::private;

/// What the names of all sessions' folders begin with.
const PREFIX: &str = "session-";

/// The file that a live session holds locked.
const LOCK: &str = "lock";

/// A folder, removed when the session ends.
#[derive(Debug)]
pub(crate) struct SessionFolder {
    folder: TempDir,
    /// Held locked.
    lock: File,
}

impl SessionFolder {
    /// Makes a folder, and removes those of kernels that were killed.
    pub(crate) fn new() -> Result<Self, CacheError> {
        let cache = cache::prepare()?;
        // A folder that is just being made must not be taken for one of the dead.
        let _making = cache::lock("sessions.lock")?;
        remove_stale(&cache);
        Self::new_in(&cache).map_err(|source| CacheError::new(cache, source))
    }

    fn new_in(cache: &Path) -> io::Result<Self> {
        let folder = private::temporary(PREFIX, cache)?;
        let lock = populate(folder.path())?;
        Ok(Self { folder, lock })
    }

    /// Makes the folder again if somebody has removed it. What was in it is lost.
    pub(crate) fn renew(&mut self) -> Result<(), CacheError> {
        // With the whole cache, the host is gone, and that is said.
        let is_lost = |cache: &Path| cache.is_dir() && !self.path().join(LOCK).exists();
        if !self.path().parent().is_some_and(is_lost) {
            return Ok(());
        }
        let cache = cache::prepare()?;
        let _making = cache::lock("sessions.lock")?;
        let renewed = private::folder(self.path()).and_then(|()| Ok(populate(self.path())?));
        self.lock = renewed.map_err(|refusal| CacheError::new(cache, refusal))?;
        Ok(())
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Makes what a session's folder holds from the beginning; gives the lock.
fn populate(folder: &Path) -> io::Result<File> {
    let lock = private::file(&folder.join(LOCK))?;
    lock.lock()?;
    fs::create_dir_all(folder.join("lib"))?;
    Ok(lock)
}

/// Removes the folders of sessions that are over. Nobody may make one meanwhile.
fn remove_stale(cache: &Path) {
    let entries = fs::read_dir(cache).into_iter().flatten().flatten();
    let sessions = entries.filter(|entry| {
        let name = entry.file_name();
        name.to_string_lossy().starts_with(PREFIX)
    });
    for session in sessions {
        let is_over = match File::open(session.path().join(LOCK)) {
            Ok(lock) => lock.try_lock().is_ok(),
            // The kernel was killed before it had made the lock.
            Err(error) => error.kind() == io::ErrorKind::NotFound,
        };
        if is_over {
            let _ = fs::remove_dir_all(session.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn what_killed_kernels_have_left_is_removed() {
        let cache = tempfile::tempdir().expect("a folder");
        let live = SessionFolder::new_in(cache.path()).expect("made");
        let at = |name: &str| cache.path().join(name);
        // Killed while it ran; before it had its lock; and no session's at all.
        for name in ["session-1/lib", "session-2/src", "runtime-1"] {
            fs::create_dir_all(at(name)).expect("made");
        }
        fs::write(at("session-1").join(LOCK), "").expect("written");
        remove_stale(cache.path());
        assert!(!at("session-1").exists() && !at("session-2").exists());
        assert!(at("runtime-1").exists() && live.path().exists());
    }

    #[test]
    fn a_folder_is_for_its_owner_alone() {
        let cache = tempfile::tempdir().expect("a folder");
        let folder = SessionFolder::new_in(cache.path()).expect("made");
        let mode = |path: &Path| path.metadata().expect("there").permissions().mode() & 0o777;
        assert_eq!(mode(folder.path()), 0o700);
        assert_eq!(mode(&folder.path().join(LOCK)), 0o600);
    }
}
