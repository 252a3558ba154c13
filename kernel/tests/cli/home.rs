//! The program, with a home of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

pub(crate) const WOOZLE: &str = env!("CARGO_BIN_EXE_woozle");

/// A home of its own, so that nothing of the user's is seen or touched.
pub(crate) struct Home(TempDir);

impl Home {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn command(&self) -> Command {
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

    pub(crate) fn run(&self, args: &[&str]) -> Output {
        self.command().args(args).output().expect("woozle starts")
    }

    pub(crate) fn write(&self, name: &str, content: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).expect("written");
        path
    }
}

/// Asserts that it failed as documented: this code, one error line, one help line, nothing on stdout.
pub(crate) fn assert_fails(output: &Output, code: i32, part: &str) {
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

pub(crate) fn assert_succeeds(output: &Output, part: &str) {
    assert!(output.status.success(), "{output:?}");
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(stdout.contains(part), "{part:?} is not in: {stdout}");
}

pub(crate) fn kernel_json(dir: &Path) -> Value {
    let text = fs::read_to_string(dir.join("kernel.json")).expect("a kernel.json");
    serde_json::from_str(&text).expect("JSON")
}

pub(crate) fn notebook() -> String {
    let cell = json!({ "cell_type": "code", "id": "a", "metadata": {}, "source": "1", "execution_count": null, "outputs": [] });
    json!({ "nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell] }).to_string()
}
