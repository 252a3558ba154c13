//! A symbol of Rust's libraries that leads debuggers astray.
//!
//! rustc keeps a library's metadata in a section that has no address, and gives it a symbol with a size. LLDB takes that for the
//! megabytes of code at the library's beginning: it calls each function there by this symbol's name, and cannot find its callers.

use std::fs::{self, File};
use std::io;
use std::mem::size_of;
use std::os::unix::fs::FileExt;
use std::path::Path;

use object::elf::{FileHeader64, SHT_DYNSYM, SHT_SYMTAB};
use object::read::elf::{FileHeader as _, Sym as _};
use object::{Endianness, U64};

/// What the symbol's name begins with.
const METADATA: &[u8] = b"rust_metadata_";

/// Takes the symbol's size away, where the library is: under its other names, too. For cargo it is as it was.
///
/// # Errors
/// When the library cannot be written. One that is not as rustc writes them stays as it is.
pub(super) fn shrink(library: &Path) -> io::Result<()> {
    let sizes = sizes(&fs::read(library)?).unwrap_or_default();
    if sizes.is_empty() {
        return Ok(());
    }
    let file = File::options().write(true).open(library)?;
    let built = file.metadata()?.modified()?;
    for at in sizes {
        file.write_all_at(&[0; size_of::<U64<Endianness>>()], at as u64)?;
    }
    file.set_modified(built)
}

/// Where the sizes of such symbols are in a library.
fn sizes(bytes: &[u8]) -> object::Result<Vec<usize>> {
    let header = FileHeader64::<Endianness>::parse(bytes)?;
    let endian = header.endian()?;
    let sections = header.sections(endian, bytes)?;
    let mut sizes = Vec::new();
    for table in [SHT_SYMTAB, SHT_DYNSYM] {
        let table = sections.symbols(endian, bytes, table)?;
        for symbol in table.iter() {
            let is_it = symbol.name(endian, table.strings())?.starts_with(METADATA);
            if is_it && symbol.st_size(endian) != 0 {
                let at = (&raw const symbol.st_size).addr() - bytes.as_ptr().addr();
                sizes.push(at);
            }
        }
    }
    Ok(sizes)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn the_metadata_of_a_library_has_no_size_afterwards_and_the_library_is_as_it_was() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        fs::write(path("honey.rs"), "pub fn taste() -> u32 { 3 }").expect("a source");
        let rustc = |arguments: &[&str]| {
            let output = Command::new("rustc")
                .current_dir(folder.path())
                .args(arguments)
                .output()
                .expect("rustc starts");
            assert!(output.status.success(), "{output:?}");
        };
        rustc(&["--crate-type=dylib", "-Cprefer-dynamic", "honey.rs"]);
        let library = path("libhoney.so");
        let before = fs::read(&library).expect("a library");
        let found = sizes(&before).expect("of ELF");
        assert!(!found.is_empty());
        shrink(&library).expect("written");
        let after = fs::read(&library).expect("a library");
        assert!(sizes(&after).expect("of ELF").is_empty());
        assert_eq!(before.len(), after.len());
        fs::write(
            path("main.rs"),
            "fn main() { assert_eq!(honey::taste(), 3) }",
        )
        .expect("a source");
        rustc(&[
            "--edition=2021",
            "--extern=honey=libhoney.so",
            "-Cprefer-dynamic",
            "main.rs",
        ]);
    }

    #[test]
    fn what_is_no_library_stays_as_it_is() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("libhoney.so");
        fs::write(&file, "INPUT(libother.so)").expect("a file");
        shrink(&file).expect("left alone");
        assert_eq!(fs::read(&file).expect("a file"), b"INPUT(libother.so)");
    }
}
