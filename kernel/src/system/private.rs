//! Folders and files of the user's that nobody else may write: what is in them is run, and may be secret.
//!
//! A folder whose owner is somebody else, or that others may write, is refused, whatever is in it: that may have been
//! put there. This holds for root as for anybody.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use rustix::fs::OFlags;
use tempfile::TempDir;

/// For its owner alone.
const FOLDER: u32 = 0o700;
const FILE: u32 = 0o600;

/// That group or others may write.
const WRITABLE: u32 = 0o022;

/// Why a folder is not used.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("it belongs to user {owner}, and this is user {user}")]
    Foreign { owner: u32, user: u32 },
    #[error("other users may write into it (its mode is {mode:o})")]
    Writable { mode: u32 },
}

/// Makes a folder that is only for this user, if it is not there, and checks it.
///
/// # Errors
/// When it cannot be made, or somebody else could change what is in it.
pub fn folder(path: &Path) -> Result<(), Refusal> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    match DirBuilder::new().mode(FOLDER).create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        made => made?,
    }
    check(path, rustix::process::geteuid().as_raw())
}

/// As [`folder`]; it is also checked that something can be written there.
///
/// # Errors
/// When it cannot, or somebody else could.
pub fn writable(path: &Path) -> Result<(), Refusal> {
    folder(path)?;
    tempfile::tempfile_in(path)?;
    Ok(())
}

/// Whether only this user, and root, can change what is in a folder.
fn check(path: &Path, user: u32) -> Result<(), Refusal> {
    let folder = path.metadata()?;
    // A link may lead elsewhere the next time.
    for about in [path.symlink_metadata()?, folder.clone()] {
        let owner = about.uid();
        if owner != user && owner != 0 {
            return Err(Refusal::Foreign { owner, user });
        }
    }
    if !folder.is_dir() {
        return Err(io::Error::from(io::ErrorKind::NotADirectory).into());
    }
    let mode = folder.mode() & 0o7777;
    if mode & WRITABLE != 0 {
        return Err(Refusal::Writable { mode });
    }
    Ok(())
}

/// A new folder for this user alone, with a name that nobody else has; it is removed when dropped.
///
/// # Errors
/// When it cannot be made.
pub fn temporary(prefix: &str, parent: &Path) -> io::Result<TempDir> {
    tempfile::Builder::new()
        .prefix(prefix)
        // Without it, the umask alone decides.
        .permissions(Permissions::from_mode(FOLDER))
        .tempdir_in(parent)
}

/// Opens a file of this user's, and makes it if it is not there. What is in it stays.
///
/// # Errors
/// When it cannot be opened, or is a link.
pub fn file(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(FILE)
        .custom_flags(OFlags::NOFOLLOW.bits().cast_signed())
        .open(path)?;
    let about = file.metadata()?;
    if about.mode() & 0o077 != 0 && about.uid() == rustix::process::geteuid().as_raw() {
        file.set_permissions(Permissions::from_mode(FILE))?;
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{chown, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        path.metadata().expect("it is there").mode() & 0o7777
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).expect("set");
    }

    #[test]
    fn a_new_folder_is_for_its_owner_alone() {
        let root = tempfile::tempdir().expect("a folder");
        let path = root.path().join("a/b");
        folder(&path).expect("made");
        assert_eq!(mode(&path), 0o700);
        folder(&path).expect("it is there");
        let new = temporary("c-", &path).expect("made");
        assert_eq!(mode(new.path()), 0o700);
    }

    #[test]
    fn a_folder_that_others_may_write_is_refused() {
        let root = tempfile::tempdir().expect("a folder");
        for (mode, good) in [
            (0o700, true),
            (0o755, true),
            (0o500, true),
            (0o775, false),
            (0o707, false),
            (0o1777, false),
        ] {
            set_mode(root.path(), mode);
            let refused = folder(root.path()).err();
            assert_eq!(refused.is_none(), good, "{mode:o}: {refused:?}");
            if let Some(refused) = refused {
                let said = refused.to_string();
                assert!(said.contains(&format!("mode is {mode:o}")), "{said}");
            }
        }
    }

    #[test]
    fn a_folder_of_another_user_is_refused() {
        let root = tempfile::tempdir().expect("a folder");
        let own = rustix::process::geteuid().as_raw();
        check(root.path(), own).expect("it is one's own");
        // Root's may be used by anybody, if it can.
        let others = check(root.path(), own + 1);
        assert!(if own == 0 {
            others.is_ok()
        } else {
            others.is_err()
        });
        // Only root can give a folder away; an ordinary user's test ends here.
        if chown(root.path(), Some(12345), None).is_err() {
            return println!("not run: it takes root to give a folder away");
        }
        let said = folder(root.path()).expect_err("another's").to_string();
        assert!(said.contains("belongs to user 12345"), "{said}");
    }

    #[test]
    fn a_link_of_another_user_is_refused() {
        let root = tempfile::tempdir().expect("a folder");
        let (real, link) = (root.path().join("real"), root.path().join("link"));
        folder(&real).expect("made");
        symlink("real", &link).expect("linked");
        folder(&link).expect("one's own link");
        if std::os::unix::fs::lchown(&link, Some(12345), None).is_err() {
            return println!("not run: it takes root to give a link away");
        }
        let said = folder(&link).expect_err("another's").to_string();
        assert!(said.contains("belongs to user 12345"), "{said}");
    }

    #[test]
    fn a_file_keeps_its_content_and_is_no_link() {
        let root = tempfile::tempdir().expect("a folder");
        let (path, link) = (root.path().join("file"), root.path().join("link"));
        drop(file(&path).expect("made"));
        assert_eq!(mode(&path), 0o600);
        fs::write(&path, "honey").expect("written");
        set_mode(&path, 0o644);
        drop(file(&path).expect("opened"));
        assert_eq!(mode(&path), 0o600);
        symlink("file", &link).expect("linked");
        file(&link).expect_err("a link is not followed");
        assert_eq!(fs::read_to_string(&path).expect("read"), "honey");
    }
}
