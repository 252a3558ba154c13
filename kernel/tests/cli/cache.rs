//! What `woozle` does not take from a cache.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::fs::{MetadataExt, PermissionsExt};

use crate::home::{Home, assert_fails, notebook};

#[test]
fn a_cache_that_is_not_safe_or_not_fit_is_refused() {
    let home = Home::new();
    home.write("a.ipynb", &notebook());
    let open = home.path("open");
    fs::create_dir(&open).expect("made");
    fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).expect("set");
    for (cache, part) in [
        (open, "other users may write"),
        (home.path("a\nb"), "line break"),
    ] {
        let mut run = home.command();
        run.args(["run", "a.ipynb"]).env("WOOZLE_CACHE", cache);
        assert_fails(&run.output().expect("woozle starts"), 4, part);
    }
}

/// What was planted where the cache is of a user without a home.
#[test]
fn a_planted_cache_is_not_used() {
    let home = Home::new();
    home.write("a.ipynb", &notebook());
    let victim = home.write("victim", "honey");
    let user = home.path("a.ipynb").metadata().expect("there").uid();
    let planted = home.path(&format!("woozle-{user}"));
    fs::create_dir(&planted).expect("made");
    symlink(&victim, planted.join("sessions.lock")).expect("linked");
    fs::set_permissions(&planted, fs::Permissions::from_mode(0o777)).expect("set");
    let mut run = home.command();
    for name in ["HOME", "WOOZLE_CACHE"] {
        run.env_remove(name);
    }
    run.args(["run", "a.ipynb"]).env("TMPDIR", home.path("."));
    let output = run.output().expect("woozle starts");
    assert_fails(&output, 4, "other users may write");
    assert_eq!(fs::read_to_string(victim).expect("read"), "honey");
}
