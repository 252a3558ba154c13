//! Files by their content.

use std::collections::HashMap;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use sha2::{Digest as _, Sha256};

use crate::system::lock::LockUnpoisoned as _;

/// The hash of a content.
pub(super) type Hash = [u8; 32];

/// What was read before; a file is read again if it may have changed since.
#[derive(Debug, Default)]
pub(super) struct Contents(Mutex<HashMap<PathBuf, (Stamp, Hash)>>);

/// Device, inode, size, and when it was changed: in seconds and nanoseconds.
type Stamp = (u64, u64, u64, i64, i64);

/// A file that is younger may be changed once more within one step of the file system's clock.
const SETTLED: Duration = Duration::from_secs(1);

impl Contents {
    /// The hash of a file's content.
    ///
    /// # Errors
    /// When it cannot be read, or is empty: then it only stands for one that is to come.
    pub(super) fn of(&self, path: &Path) -> io::Result<Hash> {
        let about = fs::metadata(path)?;
        let stamp = stamp(&about);
        if let Some((known, hash)) = self.0.lock_unpoisoned().get(path)
            && *known == stamp
        {
            return Ok(*hash);
        }
        let content = fs::read(path)?;
        if content.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let hash = hash(&content);
        if is_settled(&about) {
            let mut known = self.0.lock_unpoisoned();
            known.insert(path.to_owned(), (stamp, hash));
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
