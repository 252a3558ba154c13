//! What a result depends on that only rustc can tell: the files and the environment that the source reads.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::contents::{Contents, Hash};
use crate::compiler::rustc::contract::dep_info;

/// What has to be as it was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conditions {
    /// Files, with the hashes of their contents.
    files: Vec<(PathBuf, Hash)>,
    /// Variables of the environment.
    environment: Vec<(String, Option<String>)>,
}

/// A file that was changed so short a time before may have been read before the change.
const MARGIN: Duration = Duration::from_millis(100);

impl Conditions {
    /// Those that rustc names in its dep-info, but for the crate's own files. It ran in this folder, from then on.
    ///
    /// # Errors
    /// When a file cannot be read, or has been changed since.
    pub(super) fn new(
        text: &str,
        folder: &Path,
        own_files: &BTreeSet<String>,
        began: SystemTime,
        contents: &Contents,
    ) -> io::Result<Self> {
        let mut conditions = Self::default();
        for name in files(text).filter(|name| !own_files.contains(name)) {
            let path = fs::canonicalize(folder.join(name))?;
            let changed = fs::metadata(&path)?.modified()?;
            if changed + MARGIN >= began {
                return Err(io::Error::other(format!(
                    "{} has just been changed",
                    path.display()
                )));
            }
            let hash = contents.of(&path)?;
            conditions.files.push((path, hash));
        }
        conditions.environment = environment(text).collect();
        Ok(conditions)
    }

    /// Checks that they hold.
    ///
    /// # Errors
    /// With the one that does not.
    pub(super) fn check(&self, contents: &Contents) -> Result<(), String> {
        for (path, hash) in &self.files {
            if contents.of(path).ok() != Some(*hash) {
                return Err(format!("{} has changed", path.display()));
            }
        }
        for (name, value) in &self.environment {
            if std::env::var(name).ok() != *value {
                return Err(format!("the variable {name} has changed"));
            }
        }
        Ok(())
    }
}

/// The files that are named: each has a line of its own, as a target that depends on nothing.
fn files(text: &str) -> impl Iterator<Item = String> {
    let lines = text.lines().filter_map(|line| line.strip_suffix(':'));
    lines.map(|name| name.replace("\\ ", " "))
}

/// The variables that are named, but for one that rustc gets from here and that is part of the key.
fn environment(text: &str) -> impl Iterator<Item = (String, Option<String>)> {
    let lines = text.lines();
    let named = lines.filter_map(|line| line.strip_prefix(dep_info::ENVIRONMENT));
    let all = named.map(|named| match named.split_once('=') {
        Some((name, value)) => (name.to_owned(), Some(unescaped(value))),
        None => (named.to_owned(), None),
    });
    all.filter(|(name, _)| name != dep_info::FOLDER)
}

fn unescaped(text: &str) -> String {
    let mut plain = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        plain.push(match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('n') => '\n',
                Some('r') => '\r',
                other => other.unwrap_or('\\'),
            },
            (c, false) => c,
        });
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_environment_are_read_from_dep_info() {
        let text = "cell.o: root.rs lib.rs cell\\ [3]\n\nroot.rs:\nlib.rs:\ncell\\ [3]:\n/data/a\\ b.csv:\n\n\
                    # env-dep:CARGO_MANIFEST_DIR=/home\n# env-dep:HONEY\n# env-dep:POT=a=b\\nc\\\\\n";
        let named: Vec<String> = files(text).collect();
        assert_eq!(named, ["root.rs", "lib.rs", "cell [3]", "/data/a b.csv"]);
        let variables: Vec<_> = environment(text).collect();
        let expected = [
            ("HONEY".to_owned(), None),
            ("POT".to_owned(), Some("a=b\nc\\".to_owned())),
        ];
        assert_eq!(variables, expected);
    }

    #[test]
    fn a_file_that_has_changed_since_is_told_from_one_that_has_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("honey.txt");
        fs::write(&path, "honey").expect("written");
        let contents = Contents::default();
        let new = |began| {
            let text = "root.rs:\nhoney.txt:\n";
            let own = BTreeSet::from(["root.rs".to_owned()]);
            Conditions::new(text, folder.path(), &own, began, &contents)
        };
        new(SystemTime::now()).expect_err("it may have been read before");
        let conditions = new(SystemTime::now() + MARGIN * 2).expect("it is older");
        assert_eq!(conditions.files.len(), 1);
        conditions.check(&contents).expect("it is as it was");
        fs::write(&path, "jam").expect("written");
        let reason = conditions.check(&contents).expect_err("it has changed");
        assert!(reason.ends_with("honey.txt has changed"), "{reason}");
        fs::remove_file(&path).expect("removed");
        conditions.check(&contents).expect_err("it is gone");
    }
}
