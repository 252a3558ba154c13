//! The `woozle` program from outside: what it prints, what it leaves behind, and its exit codes.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;
use woozle_kernel::jupyter::connection::Connection;

const WOOZLE: &str = env!("CARGO_BIN_EXE_woozle");

/// A home of its own, so that nothing of the user's is seen or touched.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(WOOZLE);
        command
            .current_dir(self.0.path())
            .env("HOME", self.0.path())
            // The runtime is built once for all tests, those of the workspace's other packages included.
            .env(
                "WOOZLE_CACHE",
                Path::new(env!("CARGO_TARGET_TMPDIR")).join("woozle-cache"),
            );
        for name in [
            "JUPYTER_DATA_DIR",
            "JUPYTER_PATH",
            "XDG_DATA_HOME",
            "XDG_CACHE_HOME",
            "VIRTUAL_ENV",
            "CONDA_PREFIX",
            "WOOZLE_ANALYZER",
            "RUST_SRC_PATH",
        ] {
            command.env_remove(name);
        }
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command().args(args).output().expect("woozle starts")
    }

    fn write(&self, name: &str, content: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).expect("written");
        path
    }
}

/// Asserts that it failed as documented: this code, one error line, one help line, nothing on stdout.
fn assert_fails(output: &Output, code: i32, part: &str) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{stderr}");
    let lines: Vec<_> = stderr.lines().collect();
    assert!(
        lines.len() == 2 && lines[0].starts_with("error: ") && lines[1].starts_with("help: "),
        "{stderr}"
    );
    assert!(lines[0].contains(part), "{part:?} is not in: {stderr}");
    assert!(output.stdout.is_empty(), "{output:?}");
}

fn assert_succeeds(output: &Output, part: &str) {
    assert!(output.status.success(), "{output:?}");
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(stdout.contains(part), "{part:?} is not in: {stdout}");
}

fn kernel_json(dir: &Path) -> Value {
    let text = fs::read_to_string(dir.join("kernel.json")).expect("a kernel.json");
    serde_json::from_str(&text).expect("JSON")
}

fn notebook() -> String {
    let cell = json!({ "cell_type": "code", "id": "a", "metadata": {}, "source": "1", "execution_count": null, "outputs": [] });
    json!({ "nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell] }).to_string()
}

#[test]
fn install_and_uninstall_in_a_prefix() {
    let home = Home::new();
    let dir = home.path("prefix/share/jupyter/kernels/woozle");
    // A relative prefix, from the current folder.
    let output = home.run(&["install", "--prefix", "prefix"]);
    assert_succeeds(&output, &dir.display().to_string());
    let spec = kernel_json(&dir);
    assert_eq!(
        spec["argv"],
        json!([WOOZLE, "kernel", "-f", "{connection_file}"])
    );
    assert_eq!(spec["display_name"], "Rust (Woozle)");
    assert_eq!(spec["language"], "rust");
    assert_eq!(spec["interrupt_mode"], "message");
    assert_eq!(spec["metadata"]["debugger"], true);
    assert!(dir.join("logo-svg.svg").is_file());

    assert_succeeds(
        &home.run(&["uninstall", "--prefix", "prefix"]),
        &dir.display().to_string(),
    );
    assert!(!dir.exists());
    assert_fails(
        &home.run(&["uninstall", "--prefix", "prefix"]),
        2,
        "no kernelspec is installed",
    );
}

#[test]
fn install_is_for_the_user_unless_told_otherwise() {
    let home = Home::new();
    assert!(home.run(&["install"]).status.success());
    assert!(
        home.path(".local/share/jupyter/kernels/woozle/kernel.json")
            .is_file()
    );
    let output = home
        .command()
        .args(["install", "--user"])
        .env("JUPYTER_DATA_DIR", home.path("data"))
        .output();
    assert!(output.expect("woozle starts").status.success());
    assert!(home.path("data/kernels/woozle/kernel.json").is_file());
    let output = home
        .command()
        .args(["install", "--sys-prefix"])
        .env("VIRTUAL_ENV", home.path("venv"))
        .output();
    assert!(output.expect("woozle starts").status.success());
    assert!(
        home.path("venv/share/jupyter/kernels/woozle/kernel.json")
            .is_file()
    );
}

#[test]
fn a_kernelspec_may_have_another_name() {
    let home = Home::new();
    let args = ["--prefix", "p", "--name", "rust-2"];
    assert!(
        home.run(&[&["install", "--display-name", "Zwei"], &args[..]].concat())
            .status
            .success()
    );
    let dir = home.path("p/share/jupyter/kernels/rust-2");
    assert_eq!(kernel_json(&dir)["display_name"], "Zwei");
    assert!(
        home.run(&[&["uninstall"], &args[..]].concat())
            .status
            .success()
    );
    assert!(!dir.exists());
    assert_fails(
        &home.run(&["install", "--prefix", "p", "--name", "../x"]),
        2,
        "`../x`",
    );
}

#[test]
fn another_kernels_spec_is_left_alone() {
    let home = Home::new();
    let dir = home.path("p/share/jupyter/kernels/python3");
    fs::create_dir_all(&dir).expect("made");
    fs::write(dir.join("kernel.json"), "{}").expect("written");
    for command in ["install", "uninstall"] {
        assert_fails(
            &home.run(&[command, "--prefix", "p", "--name", "python3"]),
            2,
            "another kernel",
        );
    }
    assert_eq!(kernel_json(&dir), json!({}));
}

#[test]
fn places_exclude_each_other() {
    let output = Home::new().run(&["install", "--user", "--sys-prefix"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
}

#[test]
fn run_says_what_is_wrong_with_a_notebook() {
    let home = Home::new();
    home.write("script.ipynb", "fn main() {}\n");
    home.write("list.ipynb", "[1, 2]\n");
    home.write(
        "future.ipynb",
        r#"{"nbformat": 5, "nbformat_minor": 0, "cells": []}"#,
    );
    home.write("py.ipynb", &notebook().replace(r#""nbformat":4"#, r#""nbformat":4,"x":0"#).replace(
        r#""metadata":{},"nbformat""#,
        r#""metadata":{"kernelspec":{"name":"python3","display_name":"P","language":"python"}},"nbformat""#,
    ));
    let table = [
        ("missing.ipynb", "No such file"),
        ("script.ipynb", "not JSON"),
        ("list.ipynb", "not a notebook"),
        ("future.ipynb", "5 is newer"),
        ("py.ipynb", "its language is python"),
        (".", "a folder"),
    ];
    for (name, part) in table {
        let before = fs::read(home.path(name)).ok();
        assert_fails(&home.run(&["run", name]), 2, part);
        assert_fails(&home.run(&["run", name, "--inplace"]), 2, part);
        assert_eq!(fs::read(home.path(name)).ok(), before, "{name}");
    }
}

#[test]
fn run_checks_the_output_before_it_runs() {
    let home = Home::new();
    home.write("a.ipynb", &notebook());
    assert_fails(
        &home.run(&["run", "a.ipynb", "--output", "no/b.ipynb"]),
        2,
        "does not exist",
    );
    assert_fails(&home.run(&["run", "a.ipynb", "--output", "."]), 2, "folder");
    assert!(!home.path("no").exists());
}

#[test]
fn pipes_and_sockets_are_not_waited_for() {
    let home = Home::new();
    home.write("a.ipynb", &notebook());
    let made = Command::new("mkfifo").arg(home.path("pipe")).status();
    assert!(made.expect("mkfifo runs").success());
    let _socket = UnixListener::bind(home.path("socket")).expect("bound");
    for (name, part) in [
        ("pipe", "a pipe"),
        ("socket", "a socket"),
        ("/dev/zero", "a device"),
    ] {
        assert_fails(&home.run(&["run", name]), 2, part);
        assert_fails(&home.run(&["run", name, "--inplace"]), 2, part);
        assert_fails(&home.run(&["kernel", "-f", name]), 2, part);
    }
    let output = |name| home.run(&["run", "a.ipynb", "--output", name]);
    assert_fails(&output("pipe"), 2, "nobody reads");
    assert_fails(&output("socket"), 2, "a socket");
    assert!(
        home.path("pipe")
            .metadata()
            .expect("there")
            .file_type()
            .is_fifo()
    );
}

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

#[test]
fn run_refuses_wrong_usage() {
    let home = Home::new();
    home.write("a.ipynb", &notebook());
    for args in [
        &["a.ipynb", "--inplace", "--output", "b.ipynb"][..],
        &["a.ipynb", "--timeout", "0"],
        &[],
    ] {
        let output = home.run(&[&["run"], args].concat());
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(!home.path("b.ipynb").exists());
    }
}

#[test]
fn kernel_says_what_is_wrong_with_a_connection_file() {
    let home = Home::new();
    home.write("broken.json", "{");
    for name in ["missing.json", "broken.json"] {
        assert_fails(&home.run(&["kernel", "-f", name]), 2, name);
        assert_fails(&home.run(&["kernel", "--connection-file", name]), 2, name);
    }
}

#[test]
fn kernel_says_which_port_is_taken() {
    type Port = fn(&mut Connection) -> &mut u16;
    let home = Home::new();
    let mut connection = Connection::fresh_tcp().expect("there are free ports");
    let own = connection.clone();
    let channels: [(&str, Port); 5] = [
        ("shell", |connection| &mut connection.shell_port),
        ("iopub", |connection| &mut connection.iopub_port),
        ("stdin", |connection| &mut connection.stdin_port),
        ("control", |connection| &mut connection.control_port),
        ("heartbeat", |connection| &mut connection.hb_port),
    ];
    let other = TcpListener::bind((own.ip.as_str(), 0)).expect("a port");
    let taken = other.local_addr().expect("it has one").port();
    for (channel, port) in channels {
        *port(&mut connection) = taken;
        let file = home.path(channel);
        connection.write_new(&file).expect("written");
        let output = home
            .command()
            .args(["kernel", "-f", channel])
            // No cell is compiled.
            .env("RUSTC", "none")
            .output();
        let said = format!("the {channel} channel at tcp://{}:{taken}", own.ip);
        let output = output.expect("woozle starts");
        let log = String::from_utf8_lossy(&output.stderr);
        let error = log.lines().position(|line| line.starts_with("error: "));
        let error: Vec<&str> = log.lines().skip(error.expect("an error")).collect();
        assert_eq!(output.status.code(), Some(3), "{log}");
        assert!(error[0].contains(&said), "{log}");
        assert!(
            error[1].starts_with("help: another program has it"),
            "{log}"
        );
        connection.clone_from(&own);
    }
}

#[test]
fn lab_wants_a_path_that_exists() {
    assert_fails(&Home::new().run(&["lab", "missing"]), 2, "no such file");
}

/// A `PATH` with programs that answer `--version`, all of them shell scripts. (Child processes
/// write them: see the tests of `jupyter::lab`.)
fn path_with(home: &Home, programs: &[(&str, &str)]) -> PathBuf {
    let bin = home.path("bin");
    fs::create_dir_all(&bin).expect("made");
    for (name, script) in programs {
        let status = Command::new("/bin/sh")
            .args([
                "-c",
                r#"printf '#!/bin/sh\n%s\n' "$1" > "$0" && chmod +x "$0""#,
            ])
            .arg(bin.join(name))
            .arg(script)
            .status();
        assert!(status.expect("sh runs").success());
    }
    bin
}

#[test]
fn doctor_fails_only_for_what_is_essential() {
    let home = Home::new();
    let rustc = |release: &str| {
        format!(
            "case \"$*\" in -vV) printf 'rustc {release}\\nrelease: {release}\\n' ;; *) echo /nowhere ;; esac"
        )
    };
    let rustc_now = rustc("1.95.0");
    let good = [
        ("rustc", rustc_now.as_str()),
        ("cargo", "echo cargo 1.95.0"),
        ("cc", "echo cc 12"),
    ];
    let path = path_with(&home, &good);
    let doctor = || {
        home.command()
            .arg("doctor")
            .env("PATH", &path)
            .output()
            .expect("woozle starts")
    };
    let output = doctor();
    assert_succeeds(&output, "✓ rustc: rustc 1.95.0");
    assert_succeeds(&output, "✗ kernelspec: not installed; run `woozle install`");
    assert_succeeds(&output, "✗ analyzer: not built; ");
    assert!(home.run(&["install"]).status.success());
    assert_succeeds(&doctor(), "✓ kernelspec");

    path_with(&home, &[("rustc", &rustc("1.80.1"))]);
    let output = doctor();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("✗ rustc: rustc 1.80.1 is too old"),
        "{output:?}"
    );
}

#[test]
fn lab_starts_the_jupyterlab_that_it_finds_and_mends_a_stale_kernelspec() {
    let home = Home::new();
    fs::create_dir(home.path("notebooks")).expect("made");
    let path = path_with(
        &home,
        &[(
            "jupyter-lab",
            r#"if [ "$1" = --version ]; then echo 4.4.0; else echo "args: $*"; fi"#,
        )],
    );
    let lab = |args: &[&str]| {
        home.command()
            .arg("lab")
            .args(args)
            .env("PATH", &path)
            .output()
            .expect("woozle starts")
    };
    assert_succeeds(
        &lab(&["--", "--no-browser"]),
        "args: notebooks --no-browser",
    );
    let dir = home.path(".local/share/jupyter/kernels/woozle");
    assert_eq!(kernel_json(&dir)["argv"][0], WOOZLE);

    let stale = fs::read_to_string(dir.join("kernel.json"))
        .expect("readable")
        .replace(WOOZLE, "/gone/woozle");
    fs::write(dir.join("kernel.json"), stale).expect("written");
    assert_succeeds(&lab(&["."]), "args: .");
    assert_eq!(kernel_json(&dir)["argv"][0], WOOZLE);
}
