//! Tests of installing and removing kernelspecs in a folder of their own.

use super::*;

fn spec(program: &str) -> Kernelspec {
    Kernelspec::new(Path::new(program), DEFAULT_DISPLAY_NAME).expect("a kernelspec")
}

#[test]
fn an_installed_kernelspec_reads_back_and_leaves_nothing_beside_it() {
    let data = tempfile::tempdir().expect("a folder");
    let dir = kernelspec_dir(data.path(), "woozle").expect("a valid name");
    spec("/opt/woozle").install(&dir).expect("installed");
    spec("/opt/newer/woozle")
        .install(&dir)
        .expect("installed again");

    let read = Kernelspec::read(&dir).expect("readable");
    assert_eq!(
        read.argv,
        ["/opt/newer/woozle", "kernel", "-f", "{connection_file}"]
    );
    assert_eq!(read.display_name, "Rust (Woozle)");
    assert_eq!(read.language, "rust");
    assert_eq!(read.interrupt_mode.as_deref(), Some("message"));
    assert_eq!(read.other["metadata"]["debugger"], true);
    assert!(dir.join("logo-svg.svg").exists());
    let names: Vec<_> = fs::read_dir(data.path().join("kernels"))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    assert_eq!(names, ["woozle"]);
}

#[test]
fn another_kernels_folder_is_neither_replaced_nor_removed() {
    let data = tempfile::tempdir().expect("a folder");
    let dir = kernelspec_dir(data.path(), "python3").expect("a valid name");
    fs::create_dir_all(&dir).expect("made");
    let foreign =
        r#"{"argv": ["python", "-m", "ipykernel"], "display_name": "P", "language": "python"}"#;
    fs::write(dir.join("kernel.json"), foreign).expect("written");

    assert!(matches!(
        spec("/opt/woozle").install(&dir),
        Err(KernelspecError::Foreign(_))
    ));
    assert!(matches!(
        Kernelspec::uninstall(&dir),
        Err(KernelspecError::Foreign(_))
    ));
    assert_eq!(
        fs::read_to_string(dir.join("kernel.json")).expect("still there"),
        foreign
    );
}

#[test]
fn uninstall_says_when_there_is_nothing() {
    let data = tempfile::tempdir().expect("a folder");
    let dir = kernelspec_dir(data.path(), "woozle").expect("a valid name");
    assert!(matches!(
        Kernelspec::uninstall(&dir),
        Err(KernelspecError::NotInstalled(_))
    ));
    spec("/opt/woozle").install(&dir).expect("installed");
    Kernelspec::uninstall(&dir).expect("removed");
    assert!(!dir.exists());
}

#[test]
fn names_that_jupyter_would_not_find_are_refused() {
    for name in ["", "..", "Woozle", "a/b", "wo ozle", "wöozle"] {
        assert!(
            kernelspec_dir(Path::new("/data"), name).is_err(),
            "{name:?}"
        );
    }
    for name in ["woozle", "woozle-0.1", "my_rust"] {
        assert!(kernelspec_dir(Path::new("/data"), name).is_ok(), "{name:?}");
    }
}

#[test]
fn unknown_keys_are_kept() {
    let text = r#"{"argv": ["w"], "display_name": "W", "language": "rust", "env": {"A": "1"}}"#;
    let spec: Kernelspec = serde_json::from_str(text).expect("parsed");
    assert_eq!(
        serde_json::to_value(&spec).expect("written")["env"]["A"],
        "1"
    );
}
