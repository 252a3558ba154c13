//! Tests of `cache`.

use std::sync::mpsc::channel;

use super::*;

#[test]
fn the_folder_is_the_one_that_the_user_set() {
    type Environment<'a> = &'a [(&'a str, &'a str)];
    let cases: [(&str, Environment<'_>, &str); 5] = [
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
    ];
    for (what, environment, expected) in cases {
        let get = |name: &str| {
            let found = environment.iter().find(|(own, _)| *own == name);
            found.map(|(_, value)| OsString::from(value))
        };
        assert_eq!(folder_by(&get), PathBuf::from(expected), "{what}");
    }
    assert_eq!(folder_by(&|_| None), std::env::temp_dir().join("woozle"));
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
