//! The kernel's end leaves nothing behind, and kernels do not get in each other's way.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use crate::support::{Kernel, Session, Watched, descendants};

/// A cell that starts a child and a thread that outlive it; the child is what remains to look for.
const BUSY: &str = "let child = std::process::Command::new(\"sleep\").arg(\"100000\").spawn()?;\n\
    std::thread::spawn(|| loop { std::thread::park() });";

/// All processes below the kernel: at least the host and the child of [`BUSY`].
fn below(session: &Session) -> Vec<Watched> {
    let below = descendants(session.kernel.id());
    for name in ["woozle-host", "sleep"] {
        assert!(
            below.iter().any(|process| process.name == name),
            "no {name}: {below:?}"
        );
    }
    below
}

/// The session's folder in the cache: the host has loaded its cells from there.
fn folder(session: &Session) -> PathBuf {
    let below = descendants(session.kernel.id());
    let host = below
        .iter()
        .find(|process| process.name == "woozle-host")
        .expect("a host");
    let maps = fs::read_to_string(format!("/proc/{}/maps", host.id)).expect("its maps");
    let library = maps
        .split_whitespace()
        .find(|word| word.contains("/session-"))
        .expect("a cell");
    let folder = PathBuf::from(library)
        .ancestors()
        .find(|path| {
            path.file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with("session-"))
        })
        .expect("its session")
        .to_owned();
    assert!(folder.is_dir());
    folder
}

#[test]
fn a_killed_kernel_leaves_no_process() {
    let mut session = Session::start();
    session.run(BUSY).ok();
    let below = below(&session);
    session.kernel.kill();
    below.iter().for_each(Watched::ends);
}

#[test]
fn a_killed_kernels_folder_is_removed_by_the_next_one() {
    let mut session = Session::start();
    session.run(BUSY).ok();
    let (folder, below) = (folder(&session), below(&session));
    session.kernel.kill();
    below.iter().for_each(Watched::ends);
    Session::start();
    assert!(!folder.exists());
}

#[test]
fn a_shutdown_leaves_no_process_and_no_folder() {
    let mut session = Session::start();
    session.run(BUSY).ok();
    let (folder, below) = (folder(&session), below(&session));
    let status = session.shut_down();
    assert!(status.success(), "{status}");
    below.iter().for_each(Watched::ends);
    assert!(!folder.exists());
    assert_eq!(session.kernel.said(), "");
}

#[test]
fn a_shutdown_while_a_cell_runs_leaves_no_process_and_no_folder() {
    let mut session = Session::start();
    session.run(BUSY).ok();
    let request = session.send("println!(\"running\");\nloop { std::hint::spin_loop() }");
    session.wait_for(&request, |cell| cell.stdout == "running\n");
    let (folder, below) = (folder(&session), below(&session));
    let status = session.shut_down();
    assert!(status.success(), "{status}");
    below.iter().for_each(Watched::ends);
    assert!(!folder.exists());
}

#[test]
fn two_kernels_share_a_fresh_cache() {
    let cache = TempDir::new().expect("a folder");
    let start = || {
        let kernel = Kernel::start(|command| {
            command.env("WOOZLE_CACHE", cache.path());
        });
        let mut session = Session::connect(kernel);
        session.wait_until_ready();
        session
    };
    let mut sessions = std::thread::scope(|scope| {
        [scope.spawn(start), scope.spawn(start)].map(|thread| thread.join().expect("it ran"))
    });
    for session in &mut sessions {
        session.run("let n = 20;").ok();
    }
    for session in &mut sessions {
        session.run("n + 1").gives("21");
        assert!(session.shut_down().success());
    }
    let names = fs::read_dir(&cache).expect("the cache").flatten();
    let mut names: Vec<_> = names
        .map(|entry| entry.file_name().into_string().expect("UTF-8"))
        .collect();
    names.retain(|name| !name.ends_with(".lock") && name != "cells");
    assert!(
        names.len() == 1 && names[0].starts_with("runtime-"),
        "{names:?}"
    );
}
