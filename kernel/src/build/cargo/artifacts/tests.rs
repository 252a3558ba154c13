//! Tests of `cargo`: what it says it has built.

use super::*;

#[test]
fn libraries_and_programs_are_read_from_cargos_messages() {
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
    let found: Vec<_> = artifacts(said.as_bytes())
        .into_iter()
        .map(|found| (found.name, found.path, found.is_library))
        .collect();
    let expected = [
        ("woozle", "/t/libwoozle.so", true),
        ("rand", "/t/librand.rlib", true),
        ("rand", "/t/librand.rmeta", true),
        ("parking_lot", "/t/libparking_lot.rlib", true),
        ("cfg_if", "/t/libcfg_if.rlib", true),
        ("woozle_host", "/t/woozle-host", false),
    ];
    assert_eq!(
        found,
        expected.map(|(name, path, is_library)| (name.to_owned(), PathBuf::from(path), is_library))
    );
}

#[test]
fn what_was_built_is_brought_together_wherever_cargo_has_put_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let toolchain = Toolchain {
        rustc: "/rust/bin/rustc".into(),
        version: String::new(),
        release: String::new(),
        libraries: "/rust/lib".into(),
    };
    let build = Build {
        toolchain: &toolchain,
        folder: folder.path(),
        package: "honey",
        flags: &[],
        offline: true,
        environment: &BTreeMap::new(),
        wanted: &|name| name == "honey",
        watch: None,
    };
    let artifact = |name: &str, place: &str, is_library| {
        let path = folder.path().join("target").join(place);
        fs::create_dir_all(path.parent().expect("it has one")).expect("made");
        fs::write(&path, place).expect("written");
        Artifact {
            name: name.into(),
            path,
            is_library,
        }
    };
    let found = [
        artifact("honey", "build/honey/1/out/libhoney-1.rmeta", true),
        artifact("wax", "release/deps/libwax-2.rlib", true),
        artifact("honey", "release/honey", false),
    ];
    // The second time in the place of the first.
    for _ in 0..2 {
        let list = build.gather(&found).expect("gathered");
        assert_eq!(list, "honey artifacts/libhoney-1.rmeta\n");
        let read = |name: &str| fs::read_to_string(folder.path().join(ARTIFACTS).join(name));
        assert_eq!(
            read("libhoney-1.rmeta").expect("there"),
            "build/honey/1/out/libhoney-1.rmeta"
        );
        assert!(read("libwax-2.rlib").is_ok() && read("honey").is_ok());
    }
}

