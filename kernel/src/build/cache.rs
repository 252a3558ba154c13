//! Woozle's cache folder: what is built once and used by every kernel.

use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::system::private::{self, Refusal};

/// Why the cache cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{}; {}", self.what(), self.help())]
pub struct CacheError {
    folder: PathBuf,
    reason: Reason,
}

#[derive(Debug)]
enum Reason {
    Refused(Refusal),
    /// rustc and cargo are told of the folder in texts of one line.
    Path,
}

impl CacheError {
    /// The cache folder, and what went wrong there.
    pub fn new(folder: PathBuf, source: impl Into<Refusal>) -> Self {
        let reason = Reason::Refused(source.into());
        Self { folder, reason }
    }

    /// What happened, without what to do.
    #[must_use]
    pub fn what(&self) -> String {
        let folder = self.folder.display();
        match &self.reason {
            Reason::Refused(Refusal::Io(error)) => {
                format!("the cache folder {folder} cannot be written: {error}")
            }
            Reason::Refused(refusal) => format!("the cache folder {folder} is not used: {refusal}"),
            Reason::Path => format!(
                "the cache folder {:?} is not used: {UNFIT} in its path, which rustc and its linker cannot be told",
                self.folder
            ),
        }
    }

    /// What to do.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match &self.reason {
            Reason::Refused(Refusal::Io(_)) => "set WOOZLE_CACHE to a folder that can",
            Reason::Refused(Refusal::Foreign { .. }) => "set WOOZLE_CACHE to a folder of your own",
            Reason::Refused(Refusal::Writable { .. }) => {
                "`chmod go-w` it if all that is in it is yours, or set WOOZLE_CACHE to a folder of your own"
            }
            Reason::Path => "set WOOZLE_CACHE to a folder with a plain name",
        }
    }
}

/// What a path must not have.
const UNFIT: &str = "there is a `:`, `,`, `%`, line break or what is no UTF-8";

fn is_fit(folder: &Path) -> bool {
    let path = folder.to_str();
    // Each of them parts something in an argument of rustc, cargo or the linker, or stands for something else.
    path.is_some_and(|path| !path.contains(|c: char| c.is_control() || ":,%".contains(c)))
}

/// The cache folder: `$WOOZLE_CACHE`, else `woozle` in the user's cache folder, else one in the folder for temporary
/// files with the user's number, since others have theirs there.
pub fn folder() -> PathBuf {
    folder_by(&|name| std::env::var_os(name))
}

fn folder_by(environment: &dyn Fn(&str) -> Option<OsString>) -> PathBuf {
    let set = |name| {
        environment(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    if let Some(own) = set("WOOZLE_CACHE") {
        return own;
    }
    // The XDG specification says that a relative path in this variable is ignored.
    let caches = set("XDG_CACHE_HOME").filter(|path| path.is_absolute());
    match caches.or_else(|| set("HOME").map(|home| home.join(".cache"))) {
        Some(caches) => caches.join("woozle"),
        None => {
            let user = rustix::process::geteuid().as_raw();
            std::env::temp_dir().join(format!("woozle-{user}"))
        }
    }
}

/// Makes the cache folder if need be, and checks that it can be written, by nobody else.
///
/// # Errors
/// When it cannot.
pub fn prepare() -> Result<PathBuf, CacheError> {
    prepare_in(folder())
}

fn prepare_in(folder: PathBuf) -> Result<PathBuf, CacheError> {
    if !is_fit(&folder) {
        let reason = Reason::Path;
        return Err(CacheError { folder, reason });
    }
    match private::writable(&folder) {
        Ok(()) => Ok(folder),
        Err(refusal) => Err(CacheError::new(folder, refusal)),
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
    let attempt = private::file(&folder.join(name)).and_then(|file| file.lock().map(|()| file));
    attempt.map_err(|source| CacheError::new(folder, source))
}

#[cfg(test)]
mod tests;
