//! The sources' own rules, which no compiler checks.

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_source_file_says_what_it_is_for() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the workspace");
    let mut files = Vec::new();
    for folder in ["analyzer/src", "kernel", "runtime", "tests"] {
        sources(&root.join(folder), &mut files);
    }
    assert!(files.len() > 100);
    let silent = files.iter().filter(|file| {
        let text = fs::read_to_string(file).expect("UTF-8");
        !text.starts_with("//! ")
    });
    assert_eq!(silent.collect::<Vec<_>>(), Vec::<&PathBuf>::new());
}
