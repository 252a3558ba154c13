//! Replacing a file as a whole: whoever reads it sees the old content or the new, never a part.

use std::fs::{self, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// Where a file that is asked for at `path` is to be written: a symbolic link is followed, so that
/// the link stays a link. Fails if no file could be written there.
pub fn target(path: &Path) -> io::Result<PathBuf> {
    let target = match path.canonicalize() {
        Ok(real) => real,
        Err(error) if error.kind() == io::ErrorKind::NotFound => std::path::absolute(path)?,
        Err(error) => return Err(error),
    };
    if target.is_dir() {
        return Err(io::Error::new(
            io::ErrorKind::IsADirectory,
            "it is a folder",
        ));
    }
    let folder = folder_of(&target);
    if !folder.is_dir() {
        let why = format!("the folder {} does not exist", folder.display());
        return Err(io::Error::new(io::ErrorKind::NotFound, why));
    }
    // Only trying tells: permissions are not all that can be in the way.
    tempfile::tempfile_in(folder)?;
    Ok(target)
}

/// Writes `content` beside `path` and renames it into place.
pub fn write_atomically(path: &Path, content: &[u8]) -> io::Result<()> {
    let permissions = match fs::metadata(path) {
        Ok(old) => old.permissions(),
        // The process's umask takes its part away.
        Err(_) => Permissions::from_mode(0o666),
    };
    let mut file = tempfile::Builder::new()
        .prefix(".woozle-")
        .permissions(permissions)
        .tempfile_in(folder_of(path))?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
#[path = "atomic_tests.rs"]
mod tests;
