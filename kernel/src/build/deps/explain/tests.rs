//! What cargo says, and what is made of it. The texts are cargo 1.95's, shortened.

use std::path::Path;

use super::explain;

const OURS: &str = "woozle-notebook";

#[test]
fn the_essence_comes_first() {
    let table = [
        (
            "    Updating crates.io index\n\
             error: no matching package named `sered` found\n\
             location searched: crates.io index\n\
             required by package `woozle-notebook v0.0.0 (/cache)`",
            "there is no crate `sered` on crates.io",
            "https://crates.io",
        ),
        (
            "error: no matching package found\n\
             searched package name: `unicode_width`\n\
             perhaps you meant:      `unicode-width`\n\
             location searched: crates.io index",
            "there is no crate `unicode_width` on crates.io",
            "perhaps you meant unicode-width",
        ),
        (
            "error: failed to select a version for the requirement `regex = \"^99\"`\n\
             candidate versions found which didn't match: 1.13.2, 1.13.1, 1.13.0, ...\n\
             location searched: crates.io index",
            "no version of `regex` is `^99`",
            "the newest are 1.13.2, 1.13.1, 1.13.0",
        ),
        (
            "error: failed to select a version for `regex`.\n\n\
             package `woozle-notebook` depends on `regex` with feature `nope` but `regex` does not have that feature.\n \
             available features: default, pattern\n\n\n\
             failed to select a version for `regex` which could resolve this conflict",
            "`regex` has no feature `nope`",
            "default, pattern",
        ),
        (
            "error: failed to select a version for `libsqlite3-sys`.\n\
             package `libsqlite3-sys` links to the native library `sqlite3`, but it conflicts with a previous package\n\
             failed to select a version for `libsqlite3-sys` which could resolve this conflict",
            "native library `sqlite3`",
            "choose versions that go together",
        ),
        (
            "error: failed to get `tinyvec` as a dependency of package `woozle-notebook v0.0.0 (/cache)`\n\n\
             Caused by:\n  download of config.json failed\n\nCaused by:\n  \
             [6] Could not resolve hostname (Could not resolve host: index.crates.io)",
            "`tinyvec` could not be downloaded",
            "check the connection",
        ),
        (
            "error: no matching package named `tinyvec` found\n\
             As a reminder, you're using offline mode (--offline) which can sometimes cause surprising resolution failures",
            "cargo is offline",
            ":offline off",
        ),
        (
            "   Compiling x-sys v0.1.0\n\
             error: failed to run custom build command for `x-sys v0.1.0`\n\n\
             Caused by:\n  process didn't exit successfully\n  --- stderr\n  \
             The system library `x` required by crate `x-sys` was not found.",
            "`x-sys` cannot be built on this system: The system library `x`",
            "-dev",
        ),
        (
            "error[E0425]: cannot find value `y` in this scope\n --> src/lib.rs:1:20\n\n\
             error: could not compile `honey` (lib) due to 1 previous error",
            "`honey` does not compile: error[E0425]: cannot find value `y`",
            "exact",
        ),
        ("error: the sky fell", "the sky fell", ""),
        ("", "cargo failed without saying why", ""),
    ];
    check(&table);
}

#[test]
fn registries_and_repositories_are_named() {
    check(&[
        (
            "error: failed to get `tea` as a dependency of package `woozle-notebook v0.0.0 (/cache)`\n\n\
             Caused by:\n  failed to find tag `v2`\n\nCaused by:\n  reference not found; class=Reference (4)",
            "`tea` could not be had: failed to find tag `v2`",
            "",
        ),
        (
            "error: the crate `woozle-notebook v0.0.0 (/cache)` depends on crate `tea v1.0.0` multiple times with different names",
            "this notebook depends on crate `tea v1.0.0` multiple times",
            "",
        ),
        (
            "error: no token found for `pantry`, please run `cargo login --registry pantry`",
            "the registry `pantry` wants a token",
            "CARGO_REGISTRIES_PANTRY_TOKEN",
        ),
        (
            "error: no matching package named `jam` found\nlocation searched: `pantry` index",
            "there is no crate `jam` in the registry `pantry`",
            ":dep jam",
        ),
    ]);
}

/// What cargo says; what is made of it; and what helps.
fn check(table: &[(&str, &str, &str)]) {
    for (said, what, help) in table {
        let explained = explain(said, Path::new("/cache/local"));
        assert!(explained.what.contains(what), "{explained:?}");
        let advice = explained.help.clone().unwrap_or_default();
        assert!(advice.contains(help), "{explained:?}");
        assert!(!explained.cargo.contains(OURS), "{explained:?}");
        assert!(!explained.cargo.contains("Updating"), "{explained:?}");
    }
}

#[test]
fn long_lists_of_versions_are_cut() {
    let versions: Vec<String> = (0..50).map(|n| format!("1.0.{n}")).collect();
    let said = format!(
        "versions that meet the requirements `^1` are: {}",
        versions.join(", ")
    );
    let text = explain(&said, Path::new("/cache/local")).cargo;
    assert!(text.ends_with("1.0.7, ..."), "{text}");
}
