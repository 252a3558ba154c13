//! Tests of `cargo`.

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
        message("serde_derive", "proc-macro", r#""/t/libserde_derive.so""#),
        message("cfg_if", "lib", r#""/t/libcfg_if.rlib""#),
        message("libc", "custom-build", r#""/t/build-script-build""#),
        message("woozle-host", "bin", r#""/t/woozle-host""#),
        r#"{"reason":"build-finished","success":true}"#.to_owned(),
        "warning: not JSON".to_owned(),
    ]
    .join("\n");
    let wanted = |name: &str| name != "cfg_if";
    let found = libraries(said.as_bytes(), &wanted);
    let expected = [
        ("woozle", "/t/libwoozle.so"),
        ("rand", "/t/librand.rlib"),
        ("parking_lot", "/t/libparking_lot.rlib"),
        ("serde_derive", "/t/libserde_derive.so"),
    ];
    assert_eq!(
        found,
        expected.map(|(name, path)| (name.to_owned(), PathBuf::from(path)))
    );
}

#[test]
fn an_unfinished_build_has_no_list() {
    let folder = tempfile::tempdir().expect("a folder");
    assert_eq!(read_list(folder.path()), None);
    fs::write(folder.path().join(LIST), "").expect("it can be written");
    assert_eq!(read_list(folder.path()), Some(Vec::new()));
}
