//! Replacing a file as a whole: whoever reads it sees the old content or the new, never a part.

use std::fs::{self, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
use std::path::Path;

/// Writes `content` beside `path` and renames it into place. Mode and owner stay, as far as this user may give files
/// away.
pub(crate) fn write_atomically(path: &Path, content: &[u8]) -> io::Result<()> {
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

pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    }

    #[test]
    fn the_new_content_replaces_the_old_and_keeps_its_mode() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.ipynb");
        fs::write(&path, "old").expect("written");
        fs::set_permissions(&path, Permissions::from_mode(0o640)).expect("set");
        write_atomically(&path, b"new").expect("replaced");
        assert_eq!(fs::read_to_string(&path).expect("readable"), "new");
        assert_eq!(
            fs::metadata(&path).expect("there").permissions().mode() & 0o777,
            0o640
        );
        assert_eq!(names(folder.path()), ["a.ipynb"]);
    }

    #[test]
    fn a_failure_leaves_what_was_there_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        // A folder with a file in it cannot be renamed over: the last step fails.
        let path = folder.path().join("a.ipynb");
        fs::create_dir(&path).expect("made");
        fs::write(path.join("inside"), "old").expect("written");
        write_atomically(&path, b"new").expect_err("not over a folder");
        assert_eq!(
            fs::read_to_string(path.join("inside")).expect("readable"),
            "old"
        );
        assert_eq!(names(folder.path()), ["a.ipynb"]);
    }

    #[test]
    fn a_file_of_another_user_stays_theirs() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.ipynb");
        fs::write(&path, "old").expect("written");
        if std::os::unix::fs::chown(&path, Some(12345), None).is_err() {
            return println!("not run: it takes root to give a file away");
        }
        write_atomically(&path, b"new").expect("replaced");
        assert_eq!(fs::metadata(&path).expect("there").uid(), 12345);
    }
}
