//! The folders that a kernel works in, and the notebooks that `woozle run` reads: odd ones, hostile ones, removed ones.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Session, code_cell, link_runtimes, run_notebook, woozle};

/// A cache of one's own in which the runtime is built.
fn cache(folder: &Path) -> PathBuf {
    Session::start(); // the runtime is built
    let cache = folder.join("cache");
    fs::create_dir(&cache).expect("made");
    link_runtimes(&cache);
    cache
}

fn mode(path: &Path) -> u32 {
    path.metadata().expect("it is there").permissions().mode() & 0o777
}

/// The folders of the sessions in a cache.
fn sessions(cache: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(cache).expect("a cache").flatten();
    let paths = entries.map(|entry| entry.path());
    paths
        .filter(|path| path.to_string_lossy().contains("/session-"))
        .collect()
}

#[test]
fn a_cache_that_is_named_by_a_relative_path() {
    let folder = TempDir::new().expect("a folder");
    cache(folder.path());
    let mut session = Session::start_with(|kernel| {
        kernel
            .env("WOOZLE_CACHE", "cache")
            .current_dir(folder.path());
    });
    session.run("fn f() -> i32 { 1 }").ok();
    session.run("f() + 1").gives("2");
}

#[test]
fn a_session_and_its_history_are_for_their_user_alone() {
    let folder = TempDir::new().expect("a folder");
    let (cache, data) = (cache(folder.path()), folder.path().join("data"));
    let mut session = Session::start_with(|kernel| {
        kernel.env("WOOZLE_CACHE", &cache).env("WOOZLE_DATA", &data);
    });
    session.run("let secret = 1;").ok();
    let [session] = &sessions(&cache)[..] else {
        panic!("not one session")
    };
    assert_eq!((mode(session), mode(&data)), (0o700, 0o700));
    assert_eq!(mode(&cache.join("sessions.lock")), 0o600);
    for entry in fs::read_dir(&data).expect("a folder").flatten() {
        assert_eq!(mode(&entry.path()), 0o600, "{entry:?}");
    }
}

#[test]
fn a_cache_that_others_may_write_is_not_used() {
    let folder = TempDir::new().expect("a folder");
    let cache = cache(folder.path());
    fs::set_permissions(&cache, Permissions::from_mode(0o777)).expect("set");
    let mut session = Session::start_with(|kernel| {
        kernel.env("WOOZLE_CACHE", &cache);
    });
    let cell = session.run("1 + 1");
    cell.fails_with(&["other users may write", "chmod go-w", "WOOZLE_CACHE"]);
    fs::set_permissions(&cache, Permissions::from_mode(0o755)).expect("set");
    session.run("1 + 1").gives("2");
}

#[test]
fn a_session_whose_folder_is_removed_goes_on() {
    let folder = TempDir::new().expect("a folder");
    let cache = cache(folder.path());
    let mut session = Session::start_with(|kernel| {
        kernel.env("WOOZLE_CACHE", &cache);
    });
    session.run("let kept = 1;\nfn f() -> i32 { 2 }").ok();
    for removed in sessions(&cache) {
        fs::remove_dir_all(removed).expect("removed");
    }
    session.run("kept + 1").gives("2");
    session.run("f()").fails_with(&[
        "has been removed while this kernel used it",
        "run the cells again",
        "restart the kernel",
    ]);
    // Another kernel takes it for one that lives.
    Session::start_with(|kernel| {
        kernel.env("WOOZLE_CACHE", &cache);
    });
    session.run("fn f() -> i32 { 3 }").ok();
    session.run("f() + kept").gives("4");
}

#[test]
fn what_is_planted_for_cargo_above_the_cache_is_not_obeyed() {
    let folder = TempDir::new().expect("a folder");
    let cache = cache(folder.path());
    for (name, text) in [
        (
            ".cargo/config.toml",
            "[build]\nrustc-wrapper = \"/planted\"\n",
        ),
        (
            "honey/Cargo.toml",
            "[package]\nname = \"honey\"\nedition = \"2024\"\n",
        ),
        ("honey/src/lib.rs", "pub fn pots() -> i32 { 10 }\n"),
    ] {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().expect("a folder")).expect("made");
        fs::write(file, text).expect("written");
    }
    let mut session = Session::start_with(|kernel| {
        kernel
            .env("WOOZLE_CACHE", &cache)
            .current_dir(folder.path());
    });
    session.run(":dep ./honey\nhoney::pots()").gives("10");
}

#[test]
fn odd_notebooks_are_run_and_written() {
    let folder = TempDir::new().expect("a folder");
    let two = [code_cell("a", "let x = 2;"), code_cell("a", "x + 1")];
    let later =
        json!({ "nbformat": 4, "nbformat_minor": 99, "metadata": {}, "new": 1, "cells": two });
    let old = json!({ "nbformat": 3, "nbformat_minor": 0, "metadata": { "name": "" }, "worksheets": [{ "cells": [
        { "cell_type": "heading", "level": 1, "source": "Old" },
        { "cell_type": "code", "language": "python", "input": ["let x = 2;\n", "x + 1"], "outputs": [] },
    ]}]});
    let half = later.to_string().replace("x + 1", r"/* \ud800 */ x + 1");
    for (name, text) in [
        ("later.ipynb", later.to_string()),
        ("old.ipynb", old.to_string()),
        ("half.ipynb", format!("\u{feff}{half}")),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("written");
        let output = run_notebook(folder.path(), &[name, "--inplace"]);
        assert!(output.status.success(), "{output:?}");
        let written: Value = serde_json::from_slice(&fs::read(&path).expect("read")).expect("JSON");
        let cells = written["cells"].as_array().expect("cells");
        assert_ne!(cells[0]["id"], cells[1]["id"]);
        assert_eq!(
            cells[1]["outputs"][0]["data"]["text/plain"],
            json!(["3"]),
            "{name}"
        );
    }
}

#[test]
fn results_go_to_standard_output_alone() {
    let folder = TempDir::new().expect("a folder");
    let cells = [code_cell("a", "println!(\"honey\");")];
    let notebook = json!({ "nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells });
    fs::write(folder.path().join("a.ipynb"), notebook.to_string()).expect("written");
    symlink("/dev/null", folder.path().join("null")).expect("linked");
    let output = run_notebook(folder.path(), &["a.ipynb", "--output", "/dev/stdout"]);
    assert!(output.status.success(), "{output:?}");
    let written: Value = serde_json::from_slice(&output.stdout).expect("JSON alone");
    assert_eq!(
        written["cells"][0]["outputs"][0]["text"],
        json!(["honey\n"])
    );
    let output = run_notebook(folder.path(), &["a.ipynb", "--output", "null"]);
    assert!(
        output.status.success() && output.stdout.ends_with(b"honey\n"),
        "{output:?}"
    );
    assert!(!Path::new("/dev/null").is_file());
}

#[test]
fn a_run_with_relative_folders() {
    let folder = TempDir::new().expect("a folder");
    cache(folder.path());
    for name in ["below", "temporary"] {
        fs::create_dir(folder.path().join(name)).expect("made");
    }
    let notebook = json!({ "nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [code_cell("a", "1 + 1")] });
    fs::write(folder.path().join("below/a.ipynb"), notebook.to_string()).expect("written");
    let output = Command::new(woozle())
        .args(["run", "below/a.ipynb"])
        .current_dir(folder.path())
        .env("WOOZLE_CACHE", "./cache")
        .env("WOOZLE_DATA", "data")
        .env("TMPDIR", "temporary")
        .env("WOOZLE_ANALYZER", "off")
        .output()
        .expect("woozle starts");
    assert!(output.status.success(), "{output:?}");
    assert!(output.stdout.ends_with(b"\n2\n"), "{output:?}");
    assert!(!folder.path().join("below/cache").exists());
}
