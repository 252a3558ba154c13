//! Tests of `artifacts`: what cargo says it has built.

use super::*;

#[test]
fn libraries_and_programs_are_read_from_cargos_messages() {
    let message = |name: &str, kind: &str, level: &str, files: &str| {
        format!(
            r#"{{"reason":"compiler-artifact","package_id":"p","target":{{"name":"{name}","kind":["{kind}"]}},"profile":{{"opt_level":"{level}"}},"filenames":[{files}]}}"#
        )
    };
    let said = [
        message("woozle", "dylib", "3", r#""/t/libwoozle.so""#),
        message("rand", "lib", "3", r#""/t/librand.rlib","/t/librand.rmeta""#),
        message("syn", "lib", "0", r#""/t/libsyn.rlib""#),
        message("serde-derive", "proc-macro", "0", r#""/t/libserde_derive.so""#),
        message("libc", "custom-build", "0", r#""/t/build-script-build""#),
        r#"{"reason":"build-script-executed","package_id":"z","linked_paths":["/z"],"linked_libs":["static=z"]}"#.to_owned(),
        message("woozle-host", "bin", "3", r#""/t/woozle-host""#),
        r#"{"reason":"build-finished","success":true}"#.to_owned(),
        "warning: not JSON".to_owned(),
    ]
    .join("\n");
    let built = Built::read(said.as_bytes());
    let found: Vec<_> = built
        .artifacts
        .iter()
        .map(|found| (&*found.name, found.path.to_str().expect("text"), found.kind))
        .collect();
    let expected = [
        ("woozle", "/t/libwoozle.so", Kind::Library),
        ("rand", "/t/librand.rlib", Kind::Library),
        ("rand", "/t/librand.rmeta", Kind::Library),
        ("syn", "/t/libsyn.rlib", Kind::OfHost),
        ("serde_derive", "/t/libserde_derive.so", Kind::Library),
        ("woozle_host", "/t/woozle-host", Kind::Program),
    ];
    assert_eq!(found, expected);
    let script = Script {
        package: "z".to_owned(),
        paths: vec!["/z".to_owned()],
        libraries: vec!["static=z".to_owned()],
    };
    assert_eq!(built.scripts, [script]);
}

#[test]
fn what_was_built_is_brought_together_wherever_cargo_has_put_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let artifact = |name: &str, place: &str, kind| {
        let path = folder.path().join("target").join(place);
        fs::create_dir_all(path.parent().expect("it has one")).expect("made");
        fs::write(&path, place).expect("written");
        Artifact {
            package: String::new(),
            name: name.into(),
            path,
            kind,
        }
    };
    let built = Built {
        artifacts: vec![
            artifact("honey", "build/honey/1/out/libhoney-1.rmeta", Kind::Library),
            artifact("wax", "release/deps/libwax-2.rlib", Kind::OfHost),
            artifact("honey", "release/honey", Kind::Program),
        ],
        scripts: Vec::new(),
    };
    let place = folder.path().join("artifacts");
    // The second time in the place of the first.
    for _ in 0..2 {
        let libraries = built.gather(&place).expect("gathered");
        assert_eq!(
            libraries,
            [("honey".to_owned(), place.join("libhoney-1.rmeta"))]
        );
        let read = |name: &str| fs::read_to_string(place.join(name));
        assert_eq!(
            read("libhoney-1.rmeta").expect("there"),
            "build/honey/1/out/libhoney-1.rmeta"
        );
        assert!(read("honey").is_ok() && read("libwax-2.rlib").is_err());
    }
}
