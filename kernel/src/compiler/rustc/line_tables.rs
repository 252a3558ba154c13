//! Compiling a crate once more, for the lines of its functions.

#![expect(
    clippy::disallowed_methods,
    reason = "rustc, which ends with the kernel"
)]

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use woozle::protocol::library_name;

use super::arguments::{LINES_OF_MACROS, NO_DEBUG_INFO};
use super::contract::emit;
use super::layout::{ARGUMENTS, Layout, OBJECT};
use super::link::Link;
use super::link::native::{NativeLibrary, libraries_in};
use super::toolchain::Toolchain;
use crate::system::lease;

/// Compiles a crate once more as it was compiled last, with line tables; gives the library, which
/// nobody loads.
///
/// # Errors
/// When rustc or the linker fails.
pub fn compile_with_lines(
    toolchain: &Toolchain,
    layout: &Layout,
    serial: u32,
    needs: &BTreeSet<u32>,
) -> io::Result<PathBuf> {
    let folder = layout.sources(serial);
    let lines = folder.join("lines");
    let library = lines.join(library_name(serial));
    if library.is_file() {
        return Ok(library);
    }
    let arguments = fs::read_to_string(folder.join(ARGUMENTS))?;
    let object = format!("--emit={}=lines/{OBJECT}", emit::OBJECT);
    let arguments: Vec<&str> = arguments
        .lines()
        .map(|argument| match argument {
            NO_DEBUG_INFO => "-Cdebuginfo=line-tables-only",
            argument if argument.starts_with("--emit=") => &object,
            argument => argument,
        })
        .chain([LINES_OF_MACROS])
        .collect();
    fs::create_dir_all(&lines)?;
    fs::write(folder.join("lines.args"), arguments.join("\n"))?;
    let mut command = Command::new(&toolchain.rustc);
    let output = lease::run(command.current_dir(&folder).arg("@lines.args"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(io::Error::other(said));
    }
    let link = Link {
        toolchain,
        layout,
        serial,
        needs,
        natives: &natives(&folder)?,
        object: &lines.join(OBJECT),
        library: &library,
    };
    // As it was done before, so that the same code is at the same places.
    link.finish(link.start())?;
    Ok(library)
}

/// What the sources in a crate's folder name by `#[link]`.
fn natives(folder: &Path) -> io::Result<Vec<NativeLibrary>> {
    let mut natives = Vec::new();
    for entry in fs::read_dir(folder)? {
        // Objects and the like are no text.
        if let Ok(text) = fs::read_to_string(entry?.path()) {
            natives.extend(libraries_in(&text));
        }
    }
    Ok(natives)
}
