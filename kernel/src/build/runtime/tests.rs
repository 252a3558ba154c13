//! Tests of `runtime`: what a build depends on, and how it is found again.

use super::*;

fn toolchain() -> Toolchain {
    Toolchain {
        rustc: "/rust/bin/rustc".into(),
        version: "rustc 1.95.0".into(),
        release: "1.95.0".into(),
        libraries: "/rust/lib".into(),
    }
}

#[test]
fn each_compiler_has_a_runtime_of_its_own() {
    let own = key(&toolchain());
    assert_eq!(own, key(&toolchain()));
    assert!(
        own.len() == 16 && own.chars().all(|c| c.is_ascii_hexdigit()),
        "{own}"
    );
    let nightly = Toolchain {
        version: "rustc 1.96.0-nightly".into(),
        ..toolchain()
    };
    let elsewhere = Toolchain {
        libraries: "/other/lib".into(),
        ..toolchain()
    };
    assert_ne!(own, key(&nightly));
    assert_ne!(
        own,
        key(&elsewhere),
        "the path of its libraries is built in"
    );
}

#[test]
fn the_sources_are_complete_and_without_tests() {
    let names: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
    for needed in [
        "Cargo.toml",
        "Cargo.lock",
        "runtime/Cargo.toml",
        "runtime/src/lib.rs",
        "runtime/src/protocol/mod.rs",
    ] {
        assert!(names.contains(&needed), "{needed}");
    }
    assert!(
        names.iter().all(|name| !name.ends_with("tests.rs")),
        "{names:?}"
    );
}

#[test]
fn the_workspace_can_be_cut_down_to_the_runtime() {
    let (_, manifest) = FILES
        .iter()
        .find(|(name, _)| *name == "Cargo.toml")
        .expect("it is there");
    assert!(
        manifest.contains(r#"["kernel", "runtime", "tests"]"#)
            && manifest.contains(r#"["kernel"]"#)
    );
}

#[test]
fn a_build_is_found_by_its_list() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(
        open(folder.path(), &toolchain()).is_none(),
        "it is not finished"
    );
    let list = "woozle artifacts/libwoozle.so\nrand artifacts/a b.rlib\n";
    fs::write(folder.path().join(LIST), list).expect("it can be written");
    let runtime = open(folder.path(), &toolchain()).expect("it is finished");
    let at = |path: &str| folder.path().join(path);
    assert_eq!(runtime.host, at("artifacts/woozle-host"));
    assert_eq!(runtime.toolchain.rustc, PathBuf::from("/rust/bin/rustc"));
    assert_eq!(
        runtime.toolchain.externs,
        [
            ("woozle".to_owned(), at("artifacts/libwoozle.so")),
            ("rand".to_owned(), at("artifacts/a b.rlib")),
        ]
    );
}
