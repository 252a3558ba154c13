//! `woozle doctor` and `woozle lab`.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::home::{Home, WOOZLE, assert_fails, assert_succeeds, kernel_json};

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
