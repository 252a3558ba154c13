//! Kernels that cannot start: one line that says what is wrong, one that says what to do, and the
//! documented exit code.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::support::{
    Kernel, Session, can_mount, link_runtimes, mount_small_disk, shared_cache, woozle,
};

const BAD_INPUT: i32 = 2;
const KERNEL: i32 = 3;
const SYSTEM: i32 = 4;

fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(woozle());
    command
        .args(args)
        .current_dir(folder)
        .env("WOOZLE_CACHE", shared_cache())
        .env_remove("RUSTC");
    command
}

#[track_caller]
fn fails(output: &Output, code: i32, parts: &[&str]) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{stderr}");
    let [error, help] = stderr.lines().collect::<Vec<_>>()[..] else {
        panic!("not two lines: {stderr}");
    };
    assert!(
        error.starts_with("error: ") && help.starts_with("help: "),
        "{stderr}"
    );
    for part in parts {
        assert!(stderr.contains(part), "{part:?} is not in: {stderr}");
    }
}

#[test]
fn a_bad_connection_file() {
    let folder = TempDir::new().expect("a folder");
    let files = [
        ("broken.json", "{\"shell_port\": "),
        ("list.json", "[]"),
        (
            "poor.json",
            "{\"transport\": \"tcp\", \"ip\": \"127.0.0.1\"}",
        ),
    ];
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("written");
    }
    let names = files.map(|(name, _)| name);
    for name in names.into_iter().chain(["missing.json", "."]) {
        let output = command(folder.path(), &["kernel", "-f", name])
            .output()
            .expect("it starts");
        fails(&output, BAD_INPUT, &[name]);
    }
}

#[test]
fn a_kernel_without_rustc_says_so_in_each_cell_until_there_is_one() {
    let folder = TempDir::new().expect("a folder");
    let rustc = folder.path().join("rustc");
    let mut session = Session::connect(Kernel::start(|kernel| {
        kernel.env("RUSTC", &rustc);
    }));
    for _ in 0..2 {
        let cell = session.run("1 + 1");
        cell.fails_with(&["rustc was not found", "rustup.rs"]);
    }
    let sysroot = Command::new("rustc").args(["--print", "sysroot"]).output();
    let sysroot = String::from_utf8(sysroot.expect("rustc runs").stdout).expect("a path");
    symlink(Path::new(sysroot.trim()).join("bin/rustc"), &rustc).expect("linked");
    session.wait_until_ready();
    session.run("1 + 1").gives("2");
}

#[test]
fn variables_that_programs_read_keep_no_cell_from_running() {
    let mut session = Session::start_with(|kernel| {
        kernel.envs([
            ("RUST_MIN_STACK", "1000"),
            ("TMPDIR", "/nonexistent"),
            ("MAKEFLAGS", "-j2 --jobserver-auth=198,199"),
            ("CARGO_MAKEFLAGS", "-j2 --jobserver-auth=198,199"),
            ("RUST_BACKTRACE", "full"),
            ("RUST_LOG", "trace"),
            ("RUSTFLAGS", "-Cpanic=abort"),
            ("CARGO_ENCODED_RUSTFLAGS", "-Cpanic=abort"),
            ("RUSTC_BOOTSTRAP", "1"),
            ("RUSTC_WRAPPER", "/nonexistent"),
            ("MALLOC_PERTURB_", "85"),
            ("MALLOC_CHECK_", "3"),
            ("TOKIO_WORKER_THREADS", "none"),
            ("RAYON_NUM_THREADS", "none"),
        ]);
    });
    session.run("println!(\"{}\", 6 * 7);").prints("42\n");
    session
        .run("std::thread::spawn(|| [1_u8; 500_000].len()).join().unwrap()")
        .gives("500000");
    session
        .run("let n: u32 = \"x\".parse().unwrap();")
        .fails_with(&["ParseIntError", "cell [3]"]);
    session.run("std::env::temp_dir().is_dir()").gives("true");
    let said = session.kernel.said();
    let lines: Vec<_> = said.lines().collect();
    assert_eq!(lines.len(), 2, "{said}");
    for name in [
        "RUST_MIN_STACK=1000 is left out",
        "TMPDIR=/nonexistent is left out",
    ] {
        assert!(said.contains(name), "{said}");
    }
}

/// Writes a notebook of one cell.
fn notebook(folder: &Path) {
    let cell = serde_json::json!({
        "cell_type": "code", "id": "a", "metadata": {}, "source": "1 + 1",
        "execution_count": null, "outputs": [],
    });
    let notebook =
        serde_json::json!({ "nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell] });
    fs::write(folder.join("one.ipynb"), notebook.to_string()).expect("written");
}

#[test]
fn a_run_without_rustc() {
    let folder = TempDir::new().expect("a folder");
    notebook(folder.path());
    let output = command(
        folder.path(),
        &["run", "one.ipynb", "--output", "out.ipynb"],
    )
    .env("PATH", folder.path())
    .output()
    .expect("it starts");
    assert_eq!(output.status.code(), Some(KERNEL), "{output:?}");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("rustc was not found"), "{stderr}");
    assert!(!folder.path().join("out.ipynb").exists());
}

#[test]
fn a_run_with_a_cache_folder_that_cannot_be_written() {
    let folder = TempDir::new().expect("a folder");
    notebook(folder.path());
    let output = command(
        folder.path(),
        &["run", "one.ipynb", "--output", "out.ipynb"],
    )
    .env("WOOZLE_CACHE", "/proc/woozle")
    .output()
    .expect("it starts");
    fails(&output, SYSTEM, &["/proc/woozle", "WOOZLE_CACHE"]);
    assert!(!folder.path().join("out.ipynb").exists());
}

#[test]
fn a_kernel_with_a_cache_folder_that_cannot_be_written_says_so_in_each_cell() {
    let mut session = Session::start_with(|kernel| {
        kernel.env("WOOZLE_CACHE", "/proc/woozle");
    });
    for _ in 0..2 {
        let cell = session.run("1 + 1");
        cell.fails_with(&["/proc/woozle", "cannot be written", "WOOZLE_CACHE"]);
    }
}

#[test]
fn a_cache_folder_that_is_removed_while_it_is_used() {
    Session::start(); // the runtime is built
    let folder = tempfile::tempdir().expect("a folder");
    link_runtimes(folder.path());
    let cache = folder.path().to_owned();
    let mut session = Session::start_with(|kernel| {
        kernel.env("WOOZLE_CACHE", &cache);
    });
    session.run("let kept = 1;").ok();
    drop(folder);
    for _ in 0..2 {
        session.run("kept + 1").fails_with(&[
            "has been removed while this kernel used it",
            "restart the kernel",
        ]);
    }
}

#[test]
fn a_rustc_that_is_replaced_while_a_kernel_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    let rustc = folder.path().join("rustc");
    let error = r#"{"message":"found crate `woozle` compiled by an incompatible version of rustc","code":{"code":"E0514"},"level":"error"}"#;
    // It says that it is no proxy for another one.
    let install = |compiles: &str| {
        let script = format!(
            "#!/bin/sh\n\
             case \"$*\" in\n\"--print sysroot\") echo /nowhere; exit;;\n\
             @*) {compiles};;\nesac\nexec {} \"$@\"\n",
            std::env::var("RUSTC").unwrap_or_else(|_| "rustc".into())
        );
        let new = rustc.with_extension("new");
        std::fs::write(&new, script).expect("written");
        let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(&new, executable).expect("made executable");
        std::fs::rename(&new, &rustc).expect("replaced");
    };
    install("");
    let mut session = Session::start_with(|kernel| {
        kernel.env("RUSTC", &rustc);
    });
    session.run("let kept = 1;").ok();
    install(&format!("echo '{error}' >&2; exit 1"));
    session.run("kept + 1").fails_with(&[
        "rustc has been replaced by another version",
        "restart the kernel",
    ]);
    install("");
    session.run("kept + 1").gives("2");
}

#[test]
fn a_disk_that_is_full() {
    if !can_mount() {
        return;
    }
    Session::start(); // the runtime is built
    let folder = TempDir::new().expect("a folder");
    let mounts = folder.path().to_owned();
    let mut session = Session::start_with(|kernel| {
        kernel.env("WOOZLE_CACHE", &mounts);
        mount_small_disk(kernel, mounts);
    });
    session.run("let mut kept = vec![1];").ok();
    let fill = folder.path().join("fill");
    let cell = "let mut file = std::fs::File::create(FILL).unwrap();\n\
        while std::io::Write::write_all(&mut file, &[1; 4096]).is_ok() {}\ndrop(file);";
    session
        .run(&cell.replace("FILL", &format!("{fill:?}")))
        .ok();
    // The test does not see that disk itself.
    let fill = format!("/proc/{}/root{}", session.kernel.id(), fill.display());
    let fill = fs::File::options()
        .write(true)
        .open(fill)
        .expect("the file");
    let size = fill.metadata().expect("its size").len();
    // Full for the kernel, for rustc, and for the linker.
    for room in [0, 16, 32, 48] {
        fill.set_len(size - room * 1024).expect("some room");
        let cell = session.run("fn f(n: i32) -> i32 { n + 1 }\nkept.push(f(1));");
        cell.fails_with(&["the disk is full", "Nothing is lost", "run the cell again"]);
    }
    fill.set_len(0).expect("much room");
    session
        .run("fn f(n: i32) -> i32 { n + 1 }\nkept.push(f(1));")
        .ok();
    session.run("kept").gives("[1, 2]");
}
