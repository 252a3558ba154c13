//! What a cell is called: by a front end, by the debugger, by the user.
//!
//! Jupyter's front ends know a cell's text by a path that they make of its hash. rustc knows a cell that has run by its number,
//! and calls its two files so. A text may have run under several numbers.

use std::collections::BTreeMap;

use murmurhash32::murmurhash2_with_seed;
use woozle::protocol::ITEMS_MARK;

use crate::compiler::names::{cell_name, cell_of_name};

/// What the path of each cell begins and ends with. There is no such file.
pub(super) const PREFIX: &str = "/tmp/woozle_";
pub(super) const SUFFIX: &str = ".rs";
/// The hash's seed.
pub(super) const SEED: u32 = 0;

/// The cells that there are.
#[derive(Debug, Default)]
pub(super) struct Sources {
    texts: BTreeMap<String, String>,
    paths: BTreeMap<u32, String>,
}

/// The path under which front ends know a cell of this text.
fn path_of(text: &str) -> String {
    let hash = murmurhash2_with_seed::<SEED>(text.as_bytes());
    format!("{PREFIX}{hash}{SUFFIX}")
}

impl Sources {
    /// Notes a cell's text; gives its path.
    pub(super) fn note_text(&mut self, text: &str) -> String {
        let path = path_of(text);
        self.texts.insert(path.clone(), text.to_owned());
        path
    }

    /// A cell runs under this number; gives its path.
    pub(super) fn note_run(&mut self, number: u32, text: &str) -> String {
        let path = self.note_text(text);
        self.paths.insert(number, path.clone());
        path
    }

    /// The text of this path.
    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.texts.get(path).map(String::as_str)
    }

    /// What LLDB calls a source: the files of all cells with this text, or a file of the user's.
    pub(super) fn files(&self, path: &str) -> Vec<String> {
        if path.starts_with(PREFIX) {
            self.numbers(path).into_iter().flat_map(files).collect()
        } else {
            vec![path.to_owned()]
        }
    }

    /// Under which numbers the text of this path has run.
    pub(super) fn numbers(&self, path: &str) -> Vec<u32> {
        let all = self.paths.iter().filter(|(_, other)| *other == path);
        all.map(|(number, _)| *number).collect()
    }

    /// All cells that have run, with their paths.
    pub(super) fn runs(&self) -> impl Iterator<Item = (u32, &str)> {
        self.paths.iter().map(|(number, path)| (*number, &**path))
    }

    /// The path of the cell that the debugger calls so.
    pub(super) fn path_of_file(&self, file: &str) -> Option<&str> {
        self.paths.get(&cell_of_name(file)?).map(String::as_str)
    }
}

/// The names of a cell's files: that of its items has a mark, unless there are no statements beside them.
pub(super) fn files(number: u32) -> [String; 2] {
    let name = cell_name(number);
    let items = format!("{name}{ITEMS_MARK}");
    [name, items]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_the_hash_that_front_ends_compute() {
        // As JupyterLab's own function gives them.
        for (text, hash) in [("", 0_u32), ("1+1", 2_728_614_991), ("é", 876_201_565)] {
            assert_eq!(path_of(text), format!("{PREFIX}{hash}{SUFFIX}"), "{text}");
        }
    }

    #[test]
    fn a_text_has_all_numbers_under_which_it_has_run() {
        let mut sources = Sources::default();
        let path = sources.note_text("fn f() {}");
        assert!(sources.numbers(&path).is_empty());
        sources.note_run(3, "fn f() {}");
        sources.note_run(4, "f()");
        sources.note_run(5, "fn f() {}");
        assert_eq!(sources.numbers(&path), [3, 5]);
        for file in files(5) {
            assert_eq!(sources.path_of_file(&file), Some(&*path));
        }
        assert_eq!(sources.path_of_file("cell [6]"), None);
        assert_eq!(sources.path_of_file("lib.rs"), None);
    }
}
