//! What the probe has found out of a rustc.

use std::io;
use std::path::Path;

/// Whether a rustc prints what is relied on, and what not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The version of rustc, such as `1.95.0`.
    pub release: String,
    /// What does not hold; nothing, if all is as it is known.
    pub broken: Vec<String>,
}

impl Verdict {
    /// What is kept in a file, if there is one.
    pub fn read(path: &Path) -> Option<Self> {
        let text = std::fs::read_to_string(path).ok()?;
        let mut lines = text.lines().map(str::to_owned);
        Some(Self {
            release: lines.next()?,
            broken: lines.collect(),
        })
    }

    /// Keeps it in a file, which is there as a whole or not at all.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let lines = std::iter::once(&self.release).chain(&self.broken);
        let text: String = lines.flat_map(|line| [line, "\n"]).collect();
        let part = path.with_extension(format!("{}.part", std::process::id()));
        std::fs::write(&part, text)?;
        std::fs::rename(&part, path)
    }

    /// What is broken, in words; `None` if nothing is.
    pub fn trouble(&self) -> Option<String> {
        let broken = self.broken.join(", ");
        let release = &self.release;
        (!self.broken.is_empty())
            .then(|| format!("rustc {release} does not print what Woozle relies on: {broken}"))
    }
}

/// The note on a failure, by the verdict that is kept in a file; `None` if rustc is as it is known.
pub fn note(path: &Path) -> Option<String> {
    let trouble = Verdict::read(path)?.trouble()?;
    Some(format!(
        "{trouble}. The error may come from that rather than from the cell; RUSTC or rustup can choose another toolchain."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_as_it_was_written_and_what_is_broken_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("verdict");
        assert_eq!(note(&path), None);
        let mut verdict = Verdict {
            release: "1.102.0".into(),
            broken: Vec::new(),
        };
        verdict.write(&path).expect("written");
        assert_eq!(note(&path), None);
        verdict.broken = vec!["the error E0382".into(), "types in the MIR".into()];
        verdict.write(&path).expect("written");
        assert_eq!(Verdict::read(&path).as_ref(), Some(&verdict));
        let note = note(&path).expect("a note");
        assert!(
            note.contains("rustc 1.102.0") && note.contains("the error E0382, types in the MIR"),
            "{note}"
        );
    }
}
