//! Replacing a file as a whole: whoever reads it sees the old content or the new, never a part.

use std::fs::{self, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
use std::path::Path;

/// Writes `content` beside `path` and renames it into place. Mode and owner stay, as far as this user may give files
/// away.
pub(super) fn write_atomically(path: &Path, content: &[u8]) -> io::Result<()> {
    let old = fs::metadata(path).ok();
    let permissions = match &old {
        Some(old) => old.permissions(),
        // The process's umask takes its part away.
        None => Permissions::from_mode(0o666),
    };
    let mut file = tempfile::Builder::new()
        .prefix(".woozle-")
        .permissions(permissions)
        .tempfile_in(folder_of(path))?;
    if let Some(old) = old {
        let _ = fchown(file.as_file(), Some(old.uid()), Some(old.gid()));
    }
    file.write_all(content)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

pub(super) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
#[path = "atomic_tests.rs"]
mod tests;
