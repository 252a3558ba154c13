//! Tests of the checks that do not depend on the machine.

use super::*;

#[test]
fn each_check_says_what_is_wrong_and_how_to_mend_it() {
    let missing = ToolchainError::NotFound(std::io::ErrorKind::NotFound.into());
    let lines: Vec<String> = checks(Err(missing), &Dirs::default(), None)
        .iter()
        .map(Check::to_string)
        .collect();
    let [rustc, cargo, cache, history, lab, ..] = &lines[..] else {
        panic!("{lines:?}")
    };
    assert!(rustc.starts_with("✗ rustc: rustc was not found"), "{rustc}");
    assert!(rustc.contains("rustup.rs"), "{rustc}");
    assert!(cargo.contains("cargo:"), "{cargo}");
    assert!(cache.contains("cache folder:"), "{cache}");
    assert!(history.contains("history:"), "{history}");
    assert!(
        lab.starts_with("✗ JupyterLab: not found; `woozle lab`"),
        "{lab}"
    );
}

#[test]
fn a_folder_for_the_history_that_cannot_be_written_is_reported() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    std::fs::write(&file, "").expect("written");
    let trouble = history(Some(&file.join("data"))).expect_err("it is below a file");
    assert!(trouble.help.contains("WOOZLE_DATA"), "{trouble:?}");
    assert!(history(None).is_err());
    let fine = history(Some(folder.path())).expect("it can be written");
    assert!(fine.ends_with("history.sqlite"), "{fine}");
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
    let why = version_of(Path::new("no-such-program-of-any-name")).expect_err("not there");
    assert!(why.contains("cannot be run"), "{why}");
}
