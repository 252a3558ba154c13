//! Where std's sources are: rustup's component `rust-src`, or a folder that the user names.

use std::path::{Path, PathBuf};

use crate::build::toolchain::Toolchain;

/// The variable that names the folder with `core` and `std` in it, as for rust-analyzer itself.
pub const VARIABLE: &str = "RUST_SRC_PATH";

/// What to do where they are missing.
pub const HELP: &str = "run `rustup component add rust-src`, or set RUST_SRC_PATH to the folder \
     `library` of Rust's sources";

/// The folder of the sources, if it is there.
#[must_use]
pub fn find(toolchain: &Toolchain) -> Option<PathBuf> {
    find_in(std::env::var_os(VARIABLE).map(PathBuf::from), toolchain)
}

fn find_in(named: Option<PathBuf>, toolchain: &Toolchain) -> Option<PathBuf> {
    // SYSROOT/lib/rustlib/TARGET/lib
    let rustlib = toolchain.libraries.ancestors().nth(2);
    let component = rustlib.map(|rustlib| rustlib.join("src/rust/library"));
    let mut candidates = named.into_iter().chain(component);
    candidates.find(|folder| has_core(folder))
}

fn has_core(folder: &Path) -> bool {
    folder.is_absolute() && folder.join("core/src/lib.rs").is_file()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_named_folder_comes_before_the_component() {
        let folder = tempfile::tempdir().expect("a folder");
        let toolchain = Toolchain {
            rustc: PathBuf::new(),
            version: String::new(),
            release: String::new(),
            libraries: folder
                .path()
                .join("lib/rustlib/x86_64-unknown-linux-gnu/lib"),
        };
        let named = folder.path().join("named");
        assert_eq!(find_in(Some(named.clone()), &toolchain), None);
        let component = folder.path().join("lib/rustlib/src/rust/library");
        let make = |library: &Path| {
            fs::create_dir_all(library.join("core/src")).expect("made");
            fs::write(library.join("core/src/lib.rs"), "").expect("written");
        };
        make(&component);
        assert_eq!(find_in(Some(named.clone()), &toolchain), Some(component));
        make(&named);
        assert_eq!(find_in(Some(named.clone()), &toolchain), Some(named));
    }
}
