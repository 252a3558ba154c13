//! `woozle install` and `woozle uninstall`.

use std::fs;

use crate::home::{Home, WOOZLE, assert_fails, assert_succeeds, kernel_json};
use serde_json::json;

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
