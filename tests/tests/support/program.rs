//! The program under test, and the cache that the tests' kernels share.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::{env, fs};

use serde_json::{Value, json};

/// The `woozle` binary of this build; cargo makes it if the tests are run without the rest of the
/// workspace.
pub(crate) fn woozle() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let test = env::current_exe().expect("the path of this test");
        let folder = test.ancestors().nth(2).expect("target/PROFILE/deps/TEST");
        let mut build = Command::new(env!("CARGO"));
        build
            .args(["build", "--quiet", "--package", "woozle-kernel"])
            .args(["--bin", "woozle", "--target-dir"])
            .arg(folder.parent().expect("the target folder"))
            .current_dir(env!("CARGO_MANIFEST_DIR"));
        if folder.ends_with("release") {
            build.arg("--release");
        }
        assert!(build.status().expect("cargo starts").success());
        folder.join("woozle")
    })
}

/// A cache folder below cargo's target folder, so that the user's own is left alone and the
/// runtime is built once.
pub(crate) fn shared_cache() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("woozle-cache")
}

/// Makes a folder a cache in which the runtime is built.
pub(crate) fn link_runtimes(folder: &Path) {
    for entry in fs::read_dir(shared_cache()).expect("a cache").flatten() {
        if entry.file_name().to_string_lossy().starts_with("runtime-") {
            symlink(entry.path(), folder.join(entry.file_name())).expect("linked");
        }
    }
}

/// Runs `woozle run` in a folder.
pub(crate) fn run_notebook(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(woozle());
    command
        .arg("run")
        .args(arguments)
        .current_dir(folder)
        .env("WOOZLE_CACHE", shared_cache())
        .env("WOOZLE_ANALYZER", "off")
        .stdin(Stdio::null());
    command.output().expect("woozle starts")
}

/// A cell of a notebook's file.
pub(crate) fn code_cell(id: &str, source: &str) -> Value {
    json!({ "cell_type": "code", "id": id, "metadata": {}, "source": source, "execution_count": null, "outputs": [] })
}
