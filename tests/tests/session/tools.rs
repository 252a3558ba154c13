//! The programs that work for a kernel (rustc, cargo, and what they start): they end with it, and may be killed themselves.

use std::fs::{self, File};
use std::io::Read as _;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::PathBuf;
use std::process::Command;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use tempfile::TempDir;

use crate::support::{Kernel, Session, Watched, descendants, link_runtimes};

/// A toolchain of shell scripts that do something when they are to compile a cell, or to build crates, and else what the
/// real rustc does.
struct Tools {
    folder: TempDir,
    /// A pipe in which a script says that it is at work.
    begun: File,
}

impl Tools {
    fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let pipe = folder.path().join("begun");
        let made = Command::new("mkfifo").arg(&pipe).status();
        assert!(made.is_ok_and(|status| status.success()));
        let begun = File::options()
            .read(true)
            .write(true)
            .custom_flags(0o4000) // O_NONBLOCK
            .open(&pipe)
            .expect("opened");
        let tools = Self { folder, begun };
        tools.compile_by("");
        tools
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, script: &str) {
        let new = self.path("new");
        fs::write(&new, format!("#!/bin/sh\n{script}\n")).expect("written");
        fs::set_permissions(&new, fs::Permissions::from_mode(0o755)).expect("made executable");
        fs::rename(new, self.path(name)).expect("renamed");
    }

    /// What rustc does first when it has been told what to compile.
    fn compile_by(&self, script: &str) {
        let real = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".into());
        let script = format!(
            "case \"$*\" in\n\"--print sysroot\") echo /nowhere; exit;;\n\
             @*) cat > arguments; {script}\n exec {real} \"$@\" < arguments;;\nesac\nexec {real} \"$@\""
        );
        self.write("rustc", &script);
    }

    /// A script that starts a program, says which, and never ends.
    fn busy(&self) -> String {
        let pipe = self.path("begun");
        format!("sleep 100000 & echo $! > '{}'; wait", pipe.display())
    }

    /// Waits until a busy script is at work.
    #[track_caller]
    fn wait(&self) {
        let limit = Timespec {
            tv_sec: 120,
            tv_nsec: 0,
        };
        let mut polled = [PollFd::new(&self.begun, PollFlags::IN)];
        assert_eq!(poll(&mut polled, Some(&limit)), Ok(1), "it has not begun");
    }

    fn settings(&self, kernel: &mut Command) {
        kernel.env("RUSTC", self.path("rustc"));
    }

    /// Kills the kernel while a busy script is at work, of which nothing may be left.
    fn kill(&self, kernel: &mut Kernel) {
        self.wait();
        let mut started = [0; 32];
        let length = (&self.begun).read(&mut started).expect("read");
        let started = String::from_utf8_lossy(&started[..length]);
        let below = descendants(kernel.id());
        let is_started = |process: &Watched| process.id.to_string() == started.trim();
        assert!(below.iter().any(is_started), "{started}: {below:?}");
        kernel.kill();
        below.iter().for_each(Watched::ends);
    }
}

#[test]
fn a_killed_kernel_ends_a_compilation() {
    let tools = Tools::new();
    tools.compile_by(&tools.busy());
    let mut session = Session::start_with(|kernel| tools.settings(kernel));
    session.send("1 + 1");
    tools.kill(&mut session.kernel);
}

#[test]
fn a_killed_kernel_ends_the_building_of_crates() {
    let tools = Tools::new();
    tools.write("cargo", &tools.busy());
    let mut session = Session::start_with(|kernel| tools.settings(kernel));
    session.send(":dep honey = \"1\"");
    tools.kill(&mut session.kernel);
}

#[test]
fn a_killed_kernel_ends_the_building_of_the_runtime() {
    let (tools, cache) = (Tools::new(), TempDir::new().expect("a folder"));
    tools.write("cargo", &tools.busy());
    let mut kernel = Kernel::start(|kernel| {
        tools.settings(kernel);
        kernel.env("WOOZLE_CACHE", cache.path());
    });
    tools.kill(&mut kernel);
}

#[test]
fn a_killed_kernel_ends_the_building_of_the_analyzer() {
    Session::start(); // the runtime is built
    let (tools, cache) = (Tools::new(), TempDir::new().expect("a folder"));
    tools.write("cargo", &tools.busy());
    link_runtimes(cache.path());
    let sources = cache.path().join("library");
    fs::create_dir_all(sources.join("core/src")).expect("made");
    fs::write(sources.join("core/src/lib.rs"), "").expect("written");
    let mut session = Session::start_with(|kernel| {
        tools.settings(kernel);
        kernel
            .env("WOOZLE_CACHE", cache.path())
            .env("RUST_SRC_PATH", sources)
            .env_remove("WOOZLE_ANALYZER");
    });
    session.inspect("String::with_capacity");
    tools.kill(&mut session.kernel);
}

#[test]
fn a_rustc_that_is_killed_is_replaced() {
    let tools = Tools::new();
    let mut session = Session::start_with(|kernel| tools.settings(kernel));
    session.run("let kept = 20;").ok();
    let once = tools.path("once");
    tools.compile_by(&format!("mkdir '{}' && kill -KILL $$", once.display()));
    session.run("kept + 1").gives("21");
    assert!(once.is_dir());
    tools.compile_by("kill -KILL $$");
    session.run("kept + 2").fails_with(&["SIGKILL"]);
    tools.compile_by("");
    session.run("kept + 3").gives("23");
}
