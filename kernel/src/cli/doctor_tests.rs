//! Tests of the checks that do not depend on the machine.

use super::*;

#[test]
fn versions_are_read_as_rustc_prints_them() {
    let table = [
        ("rustc 1.95.0 (59807616e 2026-04-14)", Some((1, 95))),
        ("rustc 1.100.1-nightly (abc 2027-01-01)", Some((1, 100))),
        ("rustc 2.0", Some((2, 0))),
        ("rustc", None),
        ("", None),
    ];
    for (text, expected) in table {
        assert_eq!(parse_version(text), expected, "{text:?}");
    }
    assert!((1, 100) >= MIN_RUSTC && (1, 94) < MIN_RUSTC && (2, 0) >= MIN_RUSTC);
}

#[test]
fn a_cache_that_is_a_file_is_reported_with_what_to_do() {
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join("woozle"), "").expect("written");
    let dirs = Dirs {
        xdg_cache_home: Some(dir.path().to_owned()),
        ..Dirs::default()
    };
    let check = Check {
        name: "cache folder",
        essential: true,
        result: cache(&dirs),
    };
    let line = check.to_string();
    assert!(
        line.starts_with("✗ cache folder: ") && line.contains("XDG_CACHE_HOME"),
        "{line}"
    );
}

#[test]
fn a_kernelspec_whose_program_is_gone_is_reported() {
    let data = tempfile::tempdir().expect("a folder");
    let dirs = Dirs {
        jupyter_path: vec![data.path().to_owned()],
        ..Dirs::default()
    };
    let dir = kernelspec_dir(data.path(), DEFAULT_NAME).expect("a valid name");
    Kernelspec::new(&data.path().join("gone"), "R")
        .and_then(|spec| spec.install(&dir))
        .expect("installed");
    let trouble = kernelspec(&dirs, None).expect_err("a missing program");
    assert!(trouble.what.contains("not there"), "{trouble:?}");

    let program = std::env::current_exe().expect("this test");
    Kernelspec::new(&program, "R")
        .and_then(|spec| spec.install(&dir))
        .expect("installed");
    assert!(
        kernelspec(&dirs, None)
            .expect("fine")
            .contains(program.to_str().expect("UTF-8"))
    );
}

#[test]
fn a_program_that_does_not_exist_has_no_version() {
    let why = version_of("no-such-program-of-any-name").expect_err("not there");
    assert!(why.contains("cannot be run"), "{why}");
}
