//! The program under test, and the cache that the tests' kernels share.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

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
