//! Tests of `warm`.

use rustix::process::{Pid, Signal, kill_process};

use super::super::mode::Mode;
use super::*;
use crate::build::toolchain::Toolchain;

fn rustc() -> PathBuf {
    Toolchain::find().expect("a toolchain").rustc
}

const GOOD: &str =
    "root.rs\n--crate-type=lib\n--emit=obj=cell.o\n--error-format=json\n--json=artifacts";

const KIND: Kind = Kind {
    mode: Mode::Debug,
    mir: false,
};

/// What one is told that waits for the source of a crate.
fn ahead(serial: u32) -> Ahead {
    Ahead {
        serial,
        kind: KIND,
        head: "#![allow(unused)]\n",
        known: Arc::default(),
        own: GOOD.to_owned(),
        crates: String::new(),
    }
}

struct Session {
    folder: tempfile::TempDir,
    warm: WarmRustc,
}

impl Session {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a folder"),
            warm: WarmRustc::default(),
        }
    }

    fn layout(&self) -> Layout {
        Layout {
            folder: self.folder.path().to_owned(),
        }
    }

    /// One waits for its arguments, and one for the source of the first crate.
    fn prepared() -> Self {
        let session = Self::new();
        let (rustc, layout) = (rustc(), session.layout());
        session.warm.prepare(&rustc, &layout);
        session.warm.prepare_ahead(&rustc, &layout, &ahead(1));
        session
    }

    /// The process ids of those that wait.
    fn ids(&self) -> Vec<u32> {
        let mut processes = self.warm.lock();
        let Processes { loaded, ahead, .. } = &mut *processes;
        let ahead = ahead.iter_mut().map(|(_, waiting)| waiting);
        let all = loaded.iter_mut().chain(ahead);
        all.map(|waiting| waiting.child().id()).collect()
    }

    /// Compiles the first crate: whether it succeeds, whether one waited for it, and what is printed.
    fn run(&self, arguments: &str) -> (bool, bool, Vec<String>) {
        let layout = self.layout();
        let task = Task {
            folder: layout.sources(1),
            head: "",
            files: &[("lib.rs".to_owned(), "pub fn f() {}".to_owned())],
            links: &[],
            arguments,
            next: None,
        };
        let mut lines = Vec::new();
        let mut read_line = |line: &str| {
            lines.push(line.to_owned());
            line.contains(r#""emit":"obj""#)
        };
        let waiting = self.warm.claim(1, |_| true);
        let status = self
            .warm
            .run((&rustc(), &layout), &task, waiting, &mut read_line);
        let root = std::fs::read_to_string(task.folder.join(START)).expect("there is a root");
        let was_told = root.starts_with("#![allow");
        (status.expect("rustc runs").success(), was_told, lines)
    }
}

#[test]
fn one_that_waits_does_what_a_new_one_does() {
    let session = Session::new();
    for _ in 0..3 {
        let (success, _, lines) = session.run(GOOD);
        assert!(success, "{lines:?}");
        let object = session.layout().sources(1).join("cell.o");
        assert!(object.is_file());
        let (success, _, lines) = session.run("--no-such-option");
        assert!(!success && !lines.is_empty(), "{lines:?}");
    }
}

#[test]
fn one_that_was_told_all_but_the_source_compiles_that_and_can_be_repeated() {
    let session = Session::prepared();
    let (success, was_told, lines) = session.run("--no-such-option");
    assert!(success && was_told, "{lines:?}");
    let folder = session.layout().sources(1);
    std::fs::remove_file(folder.join("cell.o")).expect("there is an object");
    let mut again = process::start(&rustc(), &folder, ARGUMENTS).expect("rustc starts");
    assert!(again.child.wait().expect("it ends").success());
    assert!(folder.join("cell.o").is_file());
}

#[test]
fn one_that_waits_for_another_crate_is_left_alone_and_one_whose_crate_is_otherwise_ends() {
    let session = Session::prepared();
    assert!(session.warm.claim(2, |_| true).is_none());
    assert_eq!(session.ids().len(), 2);
    assert!(session.warm.claim(1, |_| false).is_none());
    assert_eq!(session.ids().len(), 1);
}

#[test]
fn those_that_were_killed_are_not_missed() {
    let session = Session::prepared();
    for id in session.ids() {
        let id = Pid::from_raw(id.cast_signed()).expect("an id");
        kill_process(id, Signal::KILL).expect("killed");
    }
    for (_, waiting) in &mut session.warm.lock().ahead {
        waiting.child().wait().expect("ended");
    }
    if let Some(waiting) = &mut session.warm.lock().loaded {
        waiting.child().wait().expect("ended");
    }
    let (success, was_told, lines) = session.run(GOOD);
    assert!(success && !was_told, "{lines:?}");
}

#[test]
fn those_that_were_stopped_go_on() {
    let session = Session::prepared();
    for id in session.ids() {
        let id = Pid::from_raw(id.cast_signed()).expect("an id");
        kill_process(id, Signal::STOP).expect("stopped");
    }
    assert!(session.run(GOOD).0);
    assert!(session.run(GOOD).0);
}

#[test]
fn only_so_many_wait() {
    let session = Session::new();
    for serial in 1..=3 {
        let ahead = ahead(serial);
        session
            .warm
            .prepare_ahead(&rustc(), &session.layout(), &ahead);
    }
    assert_eq!(session.ids().len(), MOST_AHEAD);
    assert_eq!(session.warm.find_ahead(|ahead| ahead.serial == 1), None);
    session.warm.retain_ahead(|ahead| ahead.serial == 3);
    assert_eq!(session.ids().len(), 1);
}

#[test]
fn none_is_left_behind() {
    let session = Session::prepared();
    let ids = session.ids();
    let Session { folder, warm } = session;
    drop(warm);
    for id in ids {
        assert!(!Path::new(&format!("/proc/{id}")).exists());
    }
    let left = std::fs::read_dir(folder.path().join("src")).expect("a folder");
    assert_eq!(left.count(), 0);
}
