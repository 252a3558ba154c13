//! The sources' own rules, which no compiler checks.

mod imports;
mod paths;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Lines of a file, at most.
const LINES: usize = 400;
/// What may be in a folder, at most: a file and the folder of the same name are one.
const ENTRIES: usize = 15;

/// Files and folders that may be larger, and why.
const LARGER: &[(&str, &str)] = &[
    (
        "runtime/src",
        "public modules stand at the root, since their paths show in the names of types",
    ),
    (
        "runtime/src/multiprocessing/pool",
        "its public types are here for the same reason, a file for each",
    ),
];

const FOLDERS: [&str; 6] = [
    "analyzer/src",
    "bench/src",
    "explore/src",
    "kernel",
    "runtime",
    "tests",
];

fn workspace() -> &'static Path {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("the workspace")
}

/// All folders with sources below one, with the sources in each.
fn sources(folder: &Path, found: &mut BTreeMap<PathBuf, Vec<PathBuf>>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            // `programs` are a user's cells.
            let is_own = ["node_modules", "target", "programs"]
                .iter()
                .all(|other| !path.ends_with(other));
            if is_own {
                sources(&path, found);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.entry(folder.to_owned()).or_default().push(path);
        }
    }
}

fn all() -> BTreeMap<PathBuf, Vec<PathBuf>> {
    let mut found = BTreeMap::new();
    for folder in FOLDERS {
        sources(&workspace().join(folder), &mut found);
    }
    assert!(found.values().flatten().count() > 100);
    found
}

fn within(path: &Path) -> String {
    let path = path.strip_prefix(workspace()).expect("in the workspace");
    path.display().to_string()
}

fn may_be_larger(path: &Path) -> bool {
    LARGER.iter().any(|(larger, _)| *larger == within(path))
}

#[track_caller]
fn none(found: impl IntoIterator<Item = String>) {
    let found: Vec<String> = found.into_iter().collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_source_file_says_what_it_is_for() {
    let all = all();
    let silent = all.values().flatten().filter(|file| {
        let text = fs::read_to_string(file).expect("UTF-8");
        !text.starts_with("//! ")
    });
    none(silent.map(|file| within(file)));
}

#[test]
fn no_file_is_long() {
    let all = all();
    let long = all.values().flatten().filter_map(|file| {
        let lines = fs::read_to_string(file).expect("UTF-8").lines().count();
        (lines > LINES && !may_be_larger(file)).then(|| format!("{}: {lines} lines", within(file)))
    });
    none(long);
}

#[test]
fn no_folder_is_crowded() {
    let crowded = all().into_keys().filter_map(|folder| {
        let mut names: Vec<_> = fs::read_dir(&folder)
            .expect("a folder")
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| !path.ends_with("README.md"))
            .filter_map(|path| Some(path.file_stem()?.to_owned()))
            .collect();
        names.sort();
        names.dedup();
        let count = names.len();
        (count > ENTRIES && !may_be_larger(&folder))
            .then(|| format!("{}: {count} entries", within(&folder)))
    });
    none(crowded);
}

#[test]
fn what_may_be_larger_is_there() {
    let missing = LARGER
        .iter()
        .filter(|(path, why)| why.is_empty() || !workspace().join(path).exists());
    none(missing.map(|(path, _)| (*path).to_owned()));
}

/// A module with modules of its own is the `mod.rs` of its folder; one with nothing but tests stands beside the folder.
#[test]
fn modules_and_their_tests_have_one_layout() {
    let all = all();
    let odd = all.iter().flat_map(|(folder, files)| {
        let has_root = ["mod.rs", "lib.rs", "main.rs"]
            .iter()
            .any(|root| folder.join(root).is_file());
        let beside = folder.with_extension("rs").is_file();
        let is_room =
            !folder.ends_with("tests") && files.iter().any(|file| !file.ends_with("tests.rs"));
        files
            .iter()
            .filter(move |file| {
                let name = file.file_name().and_then(|name| name.to_str());
                let is_of_tests = name.is_some_and(|name| name.ends_with("_tests.rs"));
                is_of_tests || (beside && is_room && !has_root)
            })
            .map(|file| within(file))
    });
    none(odd);
}

#[test]
fn files_do_not_use_each_other_in_a_circle() {
    let mut found = Vec::new();
    for (root, folder) in [
        ("kernel/src/lib.rs", "kernel/src/compiler"),
        ("kernel/src/lib.rs", "kernel/src/session"),
        ("kernel/src/lib.rs", "kernel/src"),
        ("runtime/src/lib.rs", "runtime/src"),
    ] {
        let read = imports::Crate::read(&workspace().join(root));
        for circle in read.circles(&workspace().join(folder)) {
            let files: Vec<String> = circle.iter().map(|file| within(file)).collect();
            found.push(format!(
                "{folder}, {} files: {}",
                files.len(),
                files.join(", ")
            ));
        }
    }
    none(found);
}
