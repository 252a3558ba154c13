//! Woozle's cache folder: what is built once and used by every kernel.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::PathBuf;

use sha2::{Digest, Sha256};

/// Why the cache cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{}; set WOOZLE_CACHE to a folder that can", self.what())]
pub struct CacheError {
    folder: PathBuf,
    source: std::io::Error,
}

impl CacheError {
    /// The cache folder, and what went wrong there.
    pub fn new(folder: PathBuf, source: std::io::Error) -> Self {
        Self { folder, source }
    }

    /// What happened, without what to do.
    #[must_use]
    pub fn what(&self) -> String {
        let (folder, source) = (self.folder.display(), &self.source);
        format!("the cache folder {folder} cannot be written: {source}")
    }
}

/// The cache folder: `$WOOZLE_CACHE`, else `woozle` in the user's cache folder.
pub fn folder() -> PathBuf {
    folder_by(&|name| std::env::var_os(name))
}

fn folder_by(environment: &dyn Fn(&str) -> Option<OsString>) -> PathBuf {
    let set = |name| {
        environment(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    set("WOOZLE_CACHE").unwrap_or_else(|| {
        set("XDG_CACHE_HOME")
            .or_else(|| set("HOME").map(|home| home.join(".cache")))
            .unwrap_or_else(std::env::temp_dir)
            .join("woozle")
    })
}

/// Makes the cache folder if need be, and checks that it can be written.
///
/// # Errors
/// When it cannot.
pub fn prepare() -> Result<PathBuf, CacheError> {
    prepare_in(folder())
}

fn prepare_in(folder: PathBuf) -> Result<PathBuf, CacheError> {
    let check = || {
        fs::create_dir_all(&folder)?;
        tempfile::tempfile_in(&folder).map(drop)
    };
    match check() {
        Ok(()) => Ok(folder),
        Err(source) => Err(CacheError { folder, source }),
    }
}

/// The name of what is built from these parts: another one as soon as one of them changes.
#[must_use]
pub fn key<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hex::encode(&hash.finalize()[..8])
}

/// Waits for the lock of this name, which other kernels may hold; it is held until dropped.
///
/// # Errors
/// When the lock file cannot be made.
pub fn lock(name: &str) -> Result<File, CacheError> {
    lock_in(prepare()?, name)
}

fn lock_in(folder: PathBuf, name: &str) -> Result<File, CacheError> {
    let attempt = File::create(folder.join(name)).and_then(|file| file.lock().map(|()| file));
    attempt.map_err(|source| CacheError { folder, source })
}

#[cfg(test)]
mod tests;
