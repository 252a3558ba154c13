//! Tests of `cargo`: what it says it has built.

use super::*;

#[test]
fn the_libraries_are_read_from_cargos_messages() {
    let message = |name: &str, kind: &str, files: &str| {
        format!(
            r#"{{"reason":"compiler-artifact","target":{{"name":"{name}","kind":["{kind}"]}},"filenames":[{files}]}}"#
        )
    };
    let said = [
        message("woozle", "dylib", r#""/t/libwoozle.so""#),
        message("rand", "lib", r#""/t/librand.rlib","/t/librand.rmeta""#),
        message("parking-lot", "lib", r#""/t/libparking_lot.rlib""#),
        message("cfg_if", "lib", r#""/t/libcfg_if.rlib""#),
        message("libc", "custom-build", r#""/t/build-script-build""#),
        message("woozle-host", "bin", r#""/t/woozle-host""#),
        r#"{"reason":"build-finished","success":true}"#.to_owned(),
        "warning: not JSON".to_owned(),
    ]
    .join("\n");
    let found = libraries(said.as_bytes(), &|name| {
        ["woozle", "rand", "parking_lot", "libc"].contains(&name)
    });
    let expected = [
        ("woozle", "/t/libwoozle.so"),
        ("rand", "/t/librand.rlib"),
        ("parking_lot", "/t/libparking_lot.rlib"),
    ];
    assert_eq!(
        found,
        expected.map(|(name, path)| (name.to_owned(), PathBuf::from(path)))
    );
}

#[test]
fn a_build_that_is_used_stays_and_one_unused_for_long_goes() {
    let cache = tempfile::tempdir().expect("a folder");
    let build = |name: &str, age: Duration| {
        let folder = cache.path().join(name);
        fs::create_dir(&folder).expect("created");
        let list = fs::File::create(folder.join(LIST)).expect("created");
        list.set_modified(SystemTime::now() - age).expect("dated");
        folder
    };
    let (fresh, used, old) = (
        build("runtime-1", Duration::ZERO),
        build("runtime-2", UNUSED * 2),
        build("deps-3", UNUSED * 2),
    );
    let unfinished = |name: &str, age: Duration| {
        let folder = cache.path().join(name);
        fs::create_dir(&folder).expect("created");
        let opened = fs::File::open(&folder).expect("opened");
        opened.set_modified(SystemTime::now() - age).expect("dated");
        folder
    };
    let (begun, left) = (
        unfinished("deps-4.building", Duration::ZERO),
        unfinished("deps-5.building", UNUSED * 2),
    );
    assert!(read_list(&used).is_some());
    prune(cache.path());
    assert!(fresh.exists() && used.exists() && !old.exists());
    assert!(begun.exists() && !left.exists());
}
