//! Where the entries are: a file each, by its key. One is written under another name and renamed, so that it is there as a whole or
//! not at all, whoever else writes it.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::entry::{self, Entry};
use super::key::Key;
use crate::build::cache;
use crate::system::private;

/// What the names of files begin with that are being written.
const NEW: &str = "new-";

/// A file that is no entry.
const CONTENTS: &str = "contents.json";

/// More than this is not kept: what has not been used for the longest time goes.
const MOST_BYTES: u64 = 256 << 20;

/// What nobody has used for so long goes.
const MOST_AGE: Duration = Duration::from_hours(24 * 60);

/// A file that is being written for so long is not any more.
const ABANDONED: Duration = Duration::from_hours(1);

/// The first bytes of an entry, with its first line.
const BEGIN: u64 = 64;

/// Its name in the cache folder.
const NAME: &str = "cells";

/// By this variable of the environment nothing is kept.
const SWITCH: &str = "WOOZLE_CELL_CACHE";
const OFF: &str = "off";

/// The folder of the entries.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

/// What there is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Size {
    /// How many entries.
    pub entries: usize,
    /// Their bytes together.
    pub bytes: u64,
}

impl Folder {
    /// The one in Woozle's cache folder; nothing if that cannot be used, or `WOOZLE_CELL_CACHE` is `off`.
    pub fn find() -> Option<Self> {
        if std::env::var_os(SWITCH).is_some_and(|value| value == OFF) {
            return None;
        }
        cache::prepare().ok().map(|cache| Self(cache.join(NAME)))
    }

    /// This folder, which need not be there.
    pub fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The file with what libraries contain.
    pub(super) fn contents(&self) -> PathBuf {
        self.0.join(CONTENTS)
    }

    /// How much there is.
    pub fn size(&self) -> Size {
        let mut size = Size::default();
        for file in self.files() {
            size.entries += 1;
            size.bytes += file.bytes;
        }
        size
    }

    /// Removes all entries.
    ///
    /// # Errors
    /// When the folder cannot be removed.
    pub fn empty(&self) -> io::Result<()> {
        match fs::remove_dir_all(&self.0) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// The entry of this key, which counts as used.
    pub(super) fn read(&self, key: &Key) -> Option<Entry> {
        let path = self.path_of(key);
        let mut file = File::open(&path).ok()?;
        let mut content = Vec::new();
        file.read_to_end(&mut content).ok()?;
        let Some(entry) = Entry::decode(&content) else {
            tracing::debug!(path = %path.display(), "an entry of the cache is not as it was written");
            return None;
        };
        let _ = file.set_modified(SystemTime::now()); // where that is not possible, it is older
        Some(entry)
    }

    /// Writes an entry.
    pub(super) fn write(&self, key: &Key, entry: &Entry) -> io::Result<()> {
        let content = entry.encode()?;
        private::folder(&self.0).map_err(io::Error::other)?;
        let mut file = tempfile::Builder::new().prefix(NEW).tempfile_in(&self.0)?;
        file.write_all(&content)?;
        file.persist(self.path_of(key))?;
        Ok(())
    }

    /// Removes an entry.
    pub(super) fn remove(&self, key: &Key) {
        let _ = fs::remove_file(self.path_of(key)); // another kernel may have done so
    }

    /// The numbers of the crates that were used last, at most so many.
    pub(super) fn recent(&self, most: usize) -> BTreeSet<u32> {
        let files = self.by_age().into_iter().rev();
        let numbers = files.filter_map(|file| {
            let mut begin = Vec::new();
            let file = File::open(file.path).ok()?;
            file.take(BEGIN).read_to_end(&mut begin).ok()?;
            entry::crate_of(&begin)
        });
        numbers.take(most).collect()
    }

    /// Removes what is too old, or too much.
    pub(super) fn sweep(&self) {
        self.sweep_to(MOST_BYTES);
    }

    fn sweep_to(&self, most_bytes: u64) {
        let now = SystemTime::now();
        let age = |time: SystemTime| now.duration_since(time).unwrap_or_default();
        let mut bytes = self.size().bytes;
        for file in self.by_age() {
            if bytes > most_bytes || age(file.used) > MOST_AGE {
                let _ = fs::remove_file(&file.path);
                bytes -= file.bytes;
            }
        }
        for file in self.all_files().filter(|file| file.is_new) {
            if age(file.used) > ABANDONED {
                let _ = fs::remove_file(&file.path);
            }
        }
    }

    /// The entries; the one that was used last comes last.
    fn by_age(&self) -> Vec<EntryFile> {
        let mut files: Vec<_> = self.files().collect();
        files.sort_by_key(|file| file.used);
        files
    }

    fn files(&self) -> impl Iterator<Item = EntryFile> {
        self.all_files().filter(|file| !file.is_new)
    }

    fn all_files(&self) -> impl Iterator<Item = EntryFile> {
        let entries = fs::read_dir(&self.0).into_iter().flatten().flatten();
        let entries = entries.filter(|entry| entry.file_name() != CONTENTS);
        entries.filter_map(|entry| {
            let about = entry.metadata().ok()?;
            Some(EntryFile {
                is_new: is_new(&entry.file_name().to_string_lossy()),
                path: entry.path(),
                bytes: about.len(),
                used: about.modified().ok()?,
            })
        })
    }

    fn path_of(&self, key: &Key) -> PathBuf {
        self.0.join(key.as_str())
    }
}

/// Whether a file is one that is being written.
fn is_new(name: &str) -> bool {
    name.starts_with(NEW) || name.starts_with('.')
}

struct EntryFile {
    path: PathBuf,
    bytes: u64,
    used: SystemTime,
    /// Whether it is being written.
    is_new: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(folder: &Folder, name: &str, bytes: usize, age: Duration) -> PathBuf {
        let path = folder.path().join(name);
        fs::write(&path, vec![0; bytes]).expect("written");
        let file = File::options().write(true).open(&path).expect("opened");
        file.set_modified(SystemTime::now() - age).expect("set");
        path
    }

    #[test]
    fn what_is_old_or_too_much_is_swept() {
        let root = tempfile::tempdir().expect("a folder");
        let folder = Folder::new(root.path().to_owned());
        let minutes = |minutes: u64| Duration::from_secs(minutes * 60);
        let old = file(&folder, "old", 10, MOST_AGE + minutes(1));
        let third = file(&folder, "third", 100, minutes(3));
        let second = file(&folder, "second", 100, minutes(2));
        let first = file(&folder, "first", 100, minutes(1));
        let writing = file(&folder, "new-1", 10, minutes(1));
        let abandoned = file(&folder, "new-2", 10, ABANDONED + minutes(1));
        folder.sweep_to(1000);
        assert!(!old.exists() && !abandoned.exists() && third.exists());
        folder.sweep_to(250);
        assert!(!third.exists() && second.exists() && first.exists() && writing.exists());
        let size = Size {
            entries: 2,
            bytes: 200,
        };
        assert_eq!(folder.size(), size);
        folder.empty().expect("emptied");
        folder.empty().expect("nothing is there");
        assert_eq!(folder.size(), Size::default());
        folder.sweep();
    }
}
