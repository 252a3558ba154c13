//! The paths that documents and comments name are there.

use std::fs;
use std::path::{Path, PathBuf};

use super::{all, none, within, workspace};

/// What a path in a document may be meant from, besides the root and the document's own folder.
const ROOTS: &[&str] = &[
    "kernel",
    "kernel/src",
    "kernel/src/compiler",
    "kernel/src/session",
    "runtime/src",
    "tests",
];

/// Documents whose paths are those of the source.
const DOCUMENTS: &[&str] = &[
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "analyzer/README.md",
    "bench/README.md",
    "explore/README.md",
    "kernel/src/compiler/codegen/BORROWS.md",
    "kernel/src/session/README.md",
    "kernel/src/session/assist/README.md",
    "tests/sessions/README.md",
    "runtime/Cargo.toml",
];

#[test]
fn paths_in_documents_and_comments_exist() {
    let documents = DOCUMENTS.iter().map(|name| workspace().join(name));
    let files: Vec<PathBuf> = documents.chain(all().into_values().flatten()).collect();
    none(files.iter().flat_map(|file| missing(file)));
}

/// The paths in a file that lead nowhere.
fn missing(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).expect("UTF-8");
    let is_code = file.extension().is_some_and(|extension| extension == "rs");
    let lines = text.lines().filter(|line| !is_code || is_comment(line));
    lines
        .flat_map(|line| line.split(['`', '(', ')', ' ', ',', ';']))
        .map(|word| word.trim_end_matches(['.', ':']))
        .filter(|word| is_path(word) && !leads_somewhere(word, file))
        .map(|word| format!("{}: {word}", within(file)))
        .collect()
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

/// Whether a word is the path of a source or of a document: those have an end that tells them from other words. `x` stands for
/// any name.
fn is_path(word: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./".contains(c);
    let is_relative =
        word.contains('/') && !word.starts_with(['/', '.']) && !word.starts_with("x/");
    is_relative && word.chars().all(is_plain) && (word.ends_with(".rs") || word.ends_with(".md"))
}

fn leads_somewhere(path: &str, file: &Path) -> bool {
    let own = file.ancestors().take_while(|folder| *folder != workspace());
    let roots = ROOTS.iter().map(|root| workspace().join(root));
    let mut from = own
        .map(Path::to_owned)
        .chain(roots)
        .chain([workspace().to_owned()]);
    from.any(|folder| folder.join(path).is_file())
}
