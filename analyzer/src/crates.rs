//! The crates that cells can name, for evcxr.
//!
//! evcxr compiles a crate that is added by `:dep`, before it analyses anything. For the analysis
//! alone that is minutes of work for nothing, so what it gets is one small crate, empty at first.
//! Afterwards that crate is given its dependencies, which it re-exports, and only rust-analyzer
//! reads it again.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// The crate's name, which no answer may show.
pub const NAME: &str = "woozle_crates";

/// The crate.
#[derive(Debug)]
pub struct Crates {
    folder: PathBuf,
    known: Vec<(String, String)>,
}

impl Crates {
    /// Writes it, without dependencies.
    pub fn new(parent: &Path) -> io::Result<Self> {
        let crates = Self {
            folder: parent.join(NAME),
            known: Vec::new(),
        };
        fs::create_dir_all(crates.folder.join("src"))?;
        crates.write()?;
        Ok(crates)
    }

    /// The command that adds it to evcxr's session.
    pub fn command(&self) -> String {
        format!(":dep {NAME} = {{ path = {:?} }}", self.folder)
    }

    /// Gives it these dependencies; false if it has them already.
    pub fn set(&mut self, crates: Vec<(String, String)>) -> io::Result<bool> {
        if self.known == crates {
            return Ok(false);
        }
        self.known = crates;
        self.write()?;
        Ok(true)
    }

    /// The code that brings the crates' names in.
    pub fn imports(&self) -> String {
        let names: Vec<String> = self.known.iter().map(|(name, _)| library(name)).collect();
        match names.is_empty() {
            true => String::new(),
            false => format!("use {NAME}::{{{}}};\n", names.join(", ")),
        }
    }

    fn write(&self) -> io::Result<()> {
        let mut manifest = format!(
            "[package]\nname = \"{NAME}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
             [workspace]\n\n[dependencies]\n"
        );
        let mut code = String::new();
        for (name, value) in &self.known {
            let _ = writeln!(manifest, "{name} = {value}");
            let _ = writeln!(code, "pub use {};", library(name));
        }
        fs::write(self.folder.join("Cargo.toml"), manifest)?;
        fs::write(self.folder.join("src/lib.rs"), code)
    }
}

/// The name of a crate in code.
fn library(name: &str) -> String {
    name.replace('-', "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crate_re_exports_its_dependencies() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut crates = Crates::new(folder.path()).expect("written");
        assert_eq!(crates.imports(), "");
        let wanted = vec![
            ("rayon".to_owned(), "\"1\"".to_owned()),
            (
                "parking-lot".to_owned(),
                "{ version = \"0.12\" }".to_owned(),
            ),
        ];
        assert!(crates.set(wanted.clone()).expect("written"));
        assert!(!crates.set(wanted).expect("the same"));
        assert_eq!(
            crates.imports(),
            "use woozle_crates::{rayon, parking_lot};\n"
        );
        let read = |file| fs::read_to_string(folder.path().join(NAME).join(file)).expect("read");
        assert!(
            read("Cargo.toml")
                .ends_with("[dependencies]\nrayon = \"1\"\nparking-lot = { version = \"0.12\" }\n")
        );
        assert_eq!(read("src/lib.rs"), "pub use rayon;\npub use parking_lot;\n");
    }
}
