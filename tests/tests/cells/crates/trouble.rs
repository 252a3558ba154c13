//! What can go wrong while crates are added: it is said in a line, the session is as it was, and the next try works.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::folder::Crates;
use crate::support::{Session, can_mount, descendants, link_runtimes, mount_small_disk};

/// A crate whose build script says that it has begun, and goes on when it is told to.
struct Slow {
    crates: Crates,
    begun: PathBuf,
    go_on: PathBuf,
}

impl Slow {
    fn new() -> Self {
        let crates = Crates::new();
        crates.package("slow", "pub fn f() -> u8 { 9 }");
        let [begun, go_on] = ["begun", "go-on"].map(|name| crates.0.path().join(name));
        for pipe in [&begun, &go_on] {
            let made = Command::new("mkfifo").arg(pipe).status();
            assert!(made.is_ok_and(|status| status.success()));
        }
        let script = format!(
            "fn main() {{ std::fs::write({begun:?}, \"yes\").unwrap(); std::fs::read({go_on:?}).unwrap(); }}"
        );
        crates.write("slow", "build.rs", &script);
        Self {
            crates,
            begun,
            go_on,
        }
    }

    fn wait_until_begun(&self) {
        assert_eq!(fs::read(&self.begun).expect("the script writes"), b"yes");
    }

    fn let_go_on(&self) {
        fs::write(&self.go_on, "go").expect("the script reads");
    }
}

#[test]
fn a_kernel_that_is_killed_while_it_builds_leaves_nothing_behind() {
    let slow = Slow::new();
    let mut session = slow.crates.session();
    session.send(":dep ./slow");
    slow.wait_until_begun();
    let left = descendants(session.kernel.id());
    assert!(
        left.iter()
            .any(|process| process.name.contains("build-script")),
        "{left:?}"
    );
    session.kernel.kill();
    left.iter().for_each(|process| process.ends());
    // The next one begins anew.
    let mut session = slow.crates.session();
    let building = session.send(":dep ./slow\nslow::f()");
    slow.wait_until_begun();
    slow.let_go_on();
    session.finish(&building).gives("9");
}

#[test]
fn two_kernels_that_build_the_same_build_it_once() {
    let slow = Slow::new();
    let mut sessions = [slow.crates.session(), slow.crates.session()];
    let first = sessions[0].send(":dep ./slow\nslow::f()");
    slow.wait_until_begun();
    let second = sessions[1].send(":dep ./slow\nslow::f()");
    sessions[1].wait_for(&second, |cell| {
        cell.stderr.contains("waiting for another build")
    });
    slow.let_go_on();
    sessions[0].finish(&first).gives("9");
    sessions[1].finish(&second).gives("9");
}

#[test]
fn pins_that_contradict_are_named() {
    let crates = Crates::new();
    crates.package("eats", "pub fn eat() -> u8 { fastrand::u8(7..8) }");
    let manifest = "[package]\nname = \"eats\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[dependencies]\nfastrand = \"=2.5.0\"\n";
    crates.write("eats", "Cargo.toml", manifest);
    let mut session = crates.session();
    session
        .run(":dep fastrand = \"=2.4.1\"\nlet n = fastrand::u8(3..4);")
        .ok();
    let cell = session.run(":dep ./eats");
    cell.fails_with(&[
        "need versions of `fastrand` that exclude each other",
        "cargo said:",
        "=2.5.0",
    ]);
    let said = cell.fails();
    assert!(!said.contains("woozle-"), "{said}");
    session.run("n + fastrand::u8(4..5)").gives("7");
    crates.write("eats", "Cargo.toml", &manifest.replace("=2.5.0", "2"));
    session.run(":dep ./eats\neats::eat() + n").gives("10");
}

#[test]
fn what_is_there_needs_no_network() {
    let mut session = Session::start();
    session.run(":dep fastrand = \"2\"").ok();
    let mut session = Session::start_with(|kernel| {
        // Nobody is there; and what is not there is not asked for again and again.
        kernel
            .env("CARGO_HTTP_PROXY", "127.0.0.1:1")
            .env("CARGO_NET_RETRY", "0");
    });
    let crates = ["fastrand = \"2.0\"", "unicode-segmentation = \"=0.0.1\""];
    session
        .run(&format!(":dep {}\nfastrand::u8(7..8)", crates[0]))
        .gives("7");
    session
        .run(&format!(":dep {}", crates[1]))
        .fails_with(&["the network does not answer", "cargo said:"]);
    session.run("fastrand::u8(7..8)").gives("7");
    // cargo need not be asked to.
    session
        .run(":offline on\n:dep fastrand = \"2.1\"\nfastrand::u8(8..9)")
        .gives("8");
}

#[test]
fn a_build_script_may_write_beside_its_sources() {
    let crates = Crates::new();
    crates.package("made", "include!(\"made.rs\");");
    let script =
        "fn main() { std::fs::write(\"src/made.rs\", \"pub fn f() -> u8 { 5 }\").unwrap(); }";
    crates.write("made", "build.rs", script);
    let mut session = crates.session();
    session.run(":dep ./made\nmade::f()").gives("5");
    for _ in 0..2 {
        let cell = session.run("made::f()").ok();
        assert_eq!((&*cell.stderr, cell.result.as_deref()), ("", Some("5")));
    }
}

#[test]
fn a_cache_that_is_emptied_is_filled_again() {
    Session::start(); // the runtime is built
    let cache = tempfile::TempDir::new().expect("a folder");
    link_runtimes(cache.path());
    let crates = Crates::new();
    crates.package("honey", "pub fn taste() -> u8 { 7 }");
    crates.package("jam", "pub fn taste() -> u8 { 8 }");
    let (folder, own) = (crates.0.path().to_owned(), cache.path().to_owned());
    let mut session = Session::start_with(move |kernel| {
        kernel.current_dir(folder).env("WOOZLE_CACHE", own);
    });
    session.run(":dep ./honey\nlet n = honey::taste();").ok();
    forget_steps(cache.path());
    session.run("n").gives("7");
    session
        .run("honey::taste()")
        .fails_with(&["has been removed", "run the cells again"]);
    session.run(":dep ./honey\nhoney::taste()").gives("7");
    forget_steps(cache.path());
    session
        .run(":dep ./jam\n(honey::taste(), jam::taste(), n)")
        .gives("(7, 8, 7)");
}

/// Removes all that has been built for `:dep`.
fn forget_steps(cache: &Path) {
    for entry in fs::read_dir(cache).expect("a cache").flatten() {
        let name = entry.file_name();
        if name.to_string_lossy().starts_with("deps-") && entry.path().is_dir() {
            fs::remove_dir_all(entry.path()).expect("removed");
        }
    }
}

#[test]
fn crates_need_room_on_the_disk() {
    if !can_mount() {
        return;
    }
    Session::start(); // the runtime is built
    let crates = Crates::new();
    crates.package("honey", "pub fn taste() -> u8 { 7 }");
    let cache = tempfile::TempDir::new().expect("a folder");
    let (folder, mounts) = (crates.0.path().to_owned(), cache.path().to_owned());
    let mut session = Session::start_with(|kernel| {
        kernel.current_dir(folder).env("WOOZLE_CACHE", &mounts);
        mount_small_disk(kernel, mounts);
    });
    session.run("let n = 4;").ok();
    // The test does not see that disk itself.
    let own = format!(
        "/proc/{}/root{}",
        session.kernel.id(),
        cache.path().display()
    );
    let mut fill = fs::File::create(Path::new(&own).join("fill")).expect("made");
    while fill.write_all(&[1; 4096]).is_ok() {}
    session
        .run(":dep ./honey\nhoney::taste()")
        .fails_with(&["the disk is full", "run the cell again"]);
    let left = fs::read_dir(&own).expect("a cache").flatten();
    let left: Vec<_> = left.map(|entry| entry.file_name()).collect();
    let is_begun = |name: &std::ffi::OsString| {
        name.to_string_lossy().starts_with("deps-") && name.to_string_lossy().ends_with(".building")
    };
    assert!(!left.iter().any(is_begun), "{left:?}");
    fill.set_len(0).expect("much room");
    session.run("n").gives("4");
    session.run(":dep ./honey\nhoney::taste()").gives("7");
}
