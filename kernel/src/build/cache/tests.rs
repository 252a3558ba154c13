//! Tests of `cache`.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::sync::mpsc::channel;

use super::*;

#[test]
fn the_folder_is_the_one_that_the_user_set() {
    type Environment<'a> = &'a [(&'a str, &'a str)];
    let cases: [(&str, Environment<'_>, &str); 6] = [
        (
            "its own variable",
            &[
                ("WOOZLE_CACHE", "/w"),
                ("XDG_CACHE_HOME", "/x"),
                ("HOME", "/h"),
            ],
            "/w",
        ),
        (
            "the user's cache folder",
            &[("XDG_CACHE_HOME", "/x"), ("HOME", "/h")],
            "/x/woozle",
        ),
        ("the usual one", &[("HOME", "/h")], "/h/.cache/woozle"),
        (
            "an empty variable is not set",
            &[("WOOZLE_CACHE", ""), ("HOME", "/h")],
            "/h/.cache/woozle",
        ),
        ("a relative path", &[("WOOZLE_CACHE", "w")], "w"),
        (
            "a relative path that the specification forbids",
            &[("XDG_CACHE_HOME", "x"), ("HOME", "/h")],
            "/h/.cache/woozle",
        ),
    ];
    for (what, environment, expected) in cases {
        let get = |name: &str| {
            let found = environment.iter().find(|(own, _)| *own == name);
            found.map(|(_, value)| OsString::from(value))
        };
        assert_eq!(folder_by(&get), PathBuf::from(expected), "{what}");
    }
    let user = rustix::process::geteuid().as_raw();
    let shared = std::env::temp_dir().join(format!("woozle-{user}"));
    assert_eq!(folder_by(&|_| None), shared);
}

#[test]
fn the_folder_is_made() {
    let root = tempfile::tempdir().expect("a folder");
    let wanted = root.path().join("a/b");
    let folder = prepare_in(wanted.clone()).expect("it can be made");
    assert!(folder == wanted && folder.is_dir());
    assert_eq!(
        fs::read_dir(&folder).expect("it is there").count(),
        0,
        "nothing is left in it"
    );
}

#[test]
fn a_folder_that_cannot_be_written_is_named_with_the_remedy() {
    let root = tempfile::tempdir().expect("a folder");
    let file = root.path().join("file");
    fs::write(&file, "").expect("it can be written");
    let error = prepare_in(file.join("cache"))
        .expect_err("a file is no folder")
        .to_string();
    assert!(
        error.contains("file/cache") && error.contains("WOOZLE_CACHE"),
        "{error}"
    );
}

#[test]
fn a_lock_is_held_until_it_is_dropped() {
    let root = tempfile::tempdir().expect("a folder");
    let folder = root.path().to_owned();
    let held = lock_in(folder.clone(), "a.lock").expect("nobody holds it");
    let other = File::open(folder.join("a.lock")).expect("it is there");
    assert!(other.try_lock().is_err(), "it is held");
    lock_in(folder.clone(), "b.lock").expect("another name is another lock");
    let (sender, receiver) = channel();
    let waiting = std::thread::spawn(move || {
        let lock = lock_in(folder, "a.lock");
        sender.send(lock.is_ok()).expect("somebody listens");
    });
    drop(held);
    assert!(receiver.recv().expect("it gets the lock"));
    waiting.join().expect("no panic");
}

#[test]
fn a_lock_destroys_nothing() {
    let root = tempfile::tempdir().expect("a folder");
    let kept = root.path().join("kept");
    fs::write(&kept, "honey").expect("written");
    symlink("kept", root.path().join("a.lock")).expect("linked");
    lock_in(root.path().to_owned(), "a.lock").expect_err("a link is not followed");
    lock_in(root.path().to_owned(), "kept").expect("locked");
    assert_eq!(fs::read_to_string(&kept).expect("read"), "honey");
}

#[test]
fn a_folder_that_others_may_write_is_refused_with_the_remedy() {
    let root = tempfile::tempdir().expect("a folder");
    fs::set_permissions(root.path(), fs::Permissions::from_mode(0o777)).expect("set");
    let error = prepare_in(root.path().to_owned()).expect_err("anybody could write it");
    let error = error.to_string();
    for part in ["is not used", "777", "chmod go-w", "WOOZLE_CACHE"] {
        assert!(error.contains(part), "{part:?} is not in: {error}");
    }
}

#[test]
fn a_path_that_rustc_cannot_be_told_is_refused_in_one_line() {
    let root = tempfile::tempdir().expect("a folder");
    for name in [&b"a\nb"[..], b"a\rb", b"a:b", b"a,b", b"a%b", b"a\xffb"] {
        let folder = root.path().join(OsStr::from_bytes(name));
        let error = prepare_in(folder.clone()).expect_err("unfit").to_string();
        assert!(
            error.contains("WOOZLE_CACHE") && !error.contains('\n'),
            "{error}"
        );
        assert!(!folder.exists());
    }
}
