//! Files by their content.

use std::collections::HashMap;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use sha2::{Digest as _, Sha256};

use crate::system::atomic::{folder_of, write_atomically};
use crate::system::lock::LockUnpoisoned as _;
use crate::system::private;

/// The hash of a content.
pub(super) type Hash = [u8; 32];

/// What was read before; a file is read again if it may have changed since.
#[derive(Debug, Default)]
pub(super) struct Contents(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    files: HashMap<PathBuf, (Stamp, Hash)>,
    /// Of those: libraries that later sessions need as well, such as the runtime.
    libraries: HashMap<PathBuf, (Stamp, Hash)>,
    /// Whether there are more of them than were read from the file.
    has_new_libraries: bool,
}

/// Device, inode, size, and when it was changed: in seconds and nanoseconds.
type Stamp = (u64, u64, u64, i64, i64);

/// A file that is younger may be changed once more within one step of the file system's clock.
const SETTLED: Duration = Duration::from_secs(1);

impl Contents {
    /// With what an earlier session knew of libraries; they are large.
    pub(super) fn load(path: &Path) -> Self {
        let text = fs::read(path).unwrap_or_default();
        let list: Vec<(PathBuf, (Stamp, Hash))> = serde_json::from_slice(&text).unwrap_or_default();
        let libraries: HashMap<_, _> = list.into_iter().collect();
        let known = Known {
            files: libraries.clone(),
            libraries,
            has_new_libraries: false,
        };
        Self(Mutex::new(known))
    }

    /// Keeps what is known of libraries for a later session, if that is more than before.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn save(&self, path: &Path) -> io::Result<()> {
        let mut known = self.0.lock_unpoisoned();
        if !known.has_new_libraries {
            return Ok(());
        }
        known.libraries.retain(|path, _| path.exists());
        let list: Vec<_> = known.libraries.iter().collect();
        private::folder(folder_of(path)).map_err(io::Error::other)?;
        write_atomically(path, &serde_json::to_vec(&list)?)?;
        known.has_new_libraries = false;
        Ok(())
    }

    /// The hash of a library's content.
    ///
    /// # Errors
    /// As those of [`Self::of`].
    pub(super) fn of_library(&self, path: &Path) -> io::Result<Hash> {
        let hash = self.of(path)?;
        let mut known = self.0.lock_unpoisoned();
        if let Some(entry) = known.files.get(path).copied()
            && known.libraries.get(path) != Some(&entry)
        {
            known.libraries.insert(path.to_owned(), entry);
            known.has_new_libraries = true;
        }
        Ok(hash)
    }

    /// The hash of a file's content. Who asks for a file that another thread reads waits for it.
    ///
    /// # Errors
    /// When it cannot be read, or is empty: then it only stands for one that is to come.
    pub(super) fn of(&self, path: &Path) -> io::Result<Hash> {
        let mut known = self.0.lock_unpoisoned();
        let about = fs::metadata(path)?;
        let stamp = stamp(&about);
        if let Some((before, hash)) = known.files.get(path)
            && *before == stamp
        {
            return Ok(*hash);
        }
        let content = fs::read(path)?;
        if content.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let hash = hash(&content);
        if is_settled(&about) {
            known.files.insert(path.to_owned(), (stamp, hash));
        }
        Ok(hash)
    }
}

pub(super) fn hash(content: &[u8]) -> Hash {
    Sha256::digest(content).into()
}

fn stamp(about: &Metadata) -> Stamp {
    (
        about.dev(),
        about.ino(),
        about.size(),
        about.ctime(),
        about.ctime_nsec(),
    )
}

fn is_settled(about: &Metadata) -> bool {
    let changed = u64::try_from(about.ctime()).unwrap_or(u64::MAX);
    let since = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(changed));
    let age = since.and_then(|since| SystemTime::now().duration_since(since).ok());
    age.is_some_and(|age| age > SETTLED * 2) // the part of a second is cut off
}
