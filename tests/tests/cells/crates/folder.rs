//! A notebook's folder with crates in it.

use std::fs;

use tempfile::TempDir;

use crate::support::Session;

/// A folder with crates in it.
pub(super) struct Crates(pub(super) TempDir);

impl Crates {
    pub(super) fn new() -> Self {
        Self(TempDir::new().expect("a folder"))
    }

    pub(super) fn write(&self, name: &str, file: &str, text: &str) {
        let path = self.0.path().join(name).join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    }

    /// A crate with this code.
    pub(super) fn package(&self, name: &str, code: &str) -> &Self {
        let manifest =
            format!("[package]\nname = \"{name}\"\nversion = \"0.3.0\"\nedition = \"2024\"\n");
        self.write(name, "Cargo.toml", &manifest);
        self.write(name, "src/lib.rs", code);
        self
    }

    /// A session whose notebook is in the folder.
    pub(super) fn session(&self) -> Session {
        let folder = self.0.path().to_owned();
        Session::start_with(move |kernel| {
            kernel.current_dir(folder);
        })
    }
}
