//! Tests of `toolchain`, with programs that stand for rustc.

use std::path::Path;

use super::*;

/// A program that does what a script says. It is written by another process: while this one has a
/// file open for writing, a child forked meanwhile by another test has it too, and it cannot be run.
fn program(folder: &Path, name: &str, script: &str) -> PathBuf {
    let path = folder.join(name);
    let status = Command::new("sh")
        .args([
            "-c",
            "mkdir -p \"${1%/*}\" && printf '#!/bin/sh\\n%s\\n' \"$2\" > \"$1\" && chmod +x \"$1\"",
            "sh",
        ])
        .arg(&path)
        .arg(script)
        .status();
    assert!(status.is_ok_and(|status| status.success()));
    path
}

/// What a rustc of this release says.
fn answers(release: &str, sysroot: &Path) -> String {
    format!(
        "case \"$*\" in\n'--print sysroot') echo {0} ;;\n'--print target-libdir') echo {0}/lib ;;\n\
         -vV) printf 'rustc {release} (abc)\\nhost: x\\nrelease: {release}\\n' ;;\nesac",
        sysroot.display()
    )
}

#[test]
fn the_compiler_itself_is_found_behind_a_proxy() {
    let folder = tempfile::tempdir().expect("a folder");
    let answers = answers("1.95.0", folder.path());
    let own = program(folder.path(), "bin/rustc", &answers);
    let proxy = program(folder.path(), "proxy", &answers);
    let toolchain = Toolchain::of(proxy.as_os_str()).expect("it will do");
    assert_eq!(toolchain.rustc, own);
    assert_eq!(toolchain.release, "1.95.0");
    assert_eq!(toolchain.libraries, folder.path().join("lib"));
    assert!(toolchain.version.starts_with("rustc 1.95.0 (abc)\n"));
    assert_eq!(toolchain.cargo(), PathBuf::from("cargo"));
    let cargo = program(folder.path(), "bin/cargo", "");
    assert_eq!(toolchain.cargo(), cargo);
}

#[test]
fn a_release_is_old_enough_or_too_old() {
    let folder = tempfile::tempdir().expect("a folder");
    for (release, good) in [
        ("1.94.1", false),
        ("1.95.0", true),
        ("1.96.0-beta.1", true),
        ("1.100.0-nightly", true),
        ("1.9.0", false),
        ("2.0.0", true),
    ] {
        let rustc = program(folder.path(), release, &answers(release, folder.path()));
        match Toolchain::of(rustc.as_os_str()) {
            Ok(toolchain) => assert!(good && toolchain.release == release, "{release}"),
            Err(error) => {
                let text = error.with_help();
                assert!(!good, "{release}: {text}");
                assert!(
                    text.contains(release) && text.contains("rustup update"),
                    "{text}"
                );
            }
        }
    }
}

#[test]
fn what_is_wrong_is_said_with_the_remedy() {
    let folder = tempfile::tempdir().expect("a folder");
    let missing = folder.path().join("missing");
    let error = Toolchain::of(missing.as_os_str())
        .expect_err("there is none")
        .with_help();
    assert!(
        error.contains("rustc was not found") && error.contains("RUSTC"),
        "{error}"
    );
    let broken = program(
        folder.path(),
        "broken",
        "echo 'no toolchain is set' >&2; exit 1",
    );
    let error = Toolchain::of(broken.as_os_str())
        .expect_err("it fails")
        .with_help();
    assert!(
        error.contains("broken --print sysroot") && error.contains("no toolchain is set"),
        "{error}"
    );
}

#[test]
fn a_toolchain_that_is_not_there_is_to_be_installed() {
    let folder = tempfile::tempdir().expect("a folder");
    let absent = "toolchain '1.99.0-x' is not installed";
    let unread = "could not parse override file: '/x/rust-toolchain.toml'";
    for (name, said, help) in [
        ("absent", absent, "rustup toolchain install"),
        ("unread", unread, "mend that file"),
    ] {
        let script = format!(
            "printf \"error: {said}\\nhelp: try it\\n\\n\" >&2\n[ $RUST_BACKTRACE = 0 ] || echo more >&2\nexit 1"
        );
        let rustup = program(folder.path(), name, &script);
        let error = Toolchain::of(rustup.as_os_str()).expect_err("it fails");
        let whole = error.with_help();
        assert!(whole.contains(&format!("failed: {said}; ")), "{whole}");
        assert!(whole.contains(help) && !whole.contains('\n'), "{whole}");
        assert!(!whole.contains("rustup default"), "{whole}");
    }
}

#[test]
fn a_linker_that_does_not_work_is_noticed() {
    let folder = tempfile::tempdir().expect("a folder");
    let toolchain = |name: &str, script: &str| {
        let answers = answers("1.95.0", Path::new("/nowhere"));
        let rustc = program(folder.path(), name, &format!("{answers}\n{script}"));
        Toolchain::of(rustc.as_os_str()).expect("it will do")
    };
    let good = toolchain("good", "exit 0").try_linker();
    assert!(good.is_ok_and(|version| !version.is_empty()));
    let bad = "case \"$*\" in *dylib*) echo 'error: cannot find crti.o' >&2; exit 1 ;; esac";
    let error = toolchain("bad", bad).try_linker().expect_err("it fails");
    let error = error.with_help();
    assert!(
        error.contains("cannot find crti.o") && error.contains("libc6-dev"),
        "{error}"
    );
}
