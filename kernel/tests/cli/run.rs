//! `woozle run`: what it says before it runs anything.

use std::fs;
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::UnixListener;
use std::process::Command;

use crate::home::{Home, assert_fails, notebook};

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
