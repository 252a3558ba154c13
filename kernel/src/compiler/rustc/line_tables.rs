//! Compiling a crate once more, for what debuggers know of it.

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

use super::arguments::{DEBUG_INFO, LINES_OF_MACROS, NO_DEBUG_INFO};
use super::contract::emit;
use super::layout::{ARGUMENTS, Layout, OBJECT};
use super::link::Link;
use super::link::native::{NativeLibrary, libraries_in};
use super::toolchain::Toolchain;
use crate::system::lease;

/// What a crate is compiled once more for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DebugInfo {
    /// The lines of its functions. The code is the same then.
    Lines,
    /// Its variables, too. The code may be another one.
    Full,
}

impl DebugInfo {
    fn argument(self) -> &'static str {
        match self {
            Self::Lines => "-Cdebuginfo=line-tables-only",
            Self::Full => DEBUG_INFO,
        }
    }

    /// Where the result is, in the crate's folder.
    fn folder(self) -> &'static str {
        match self {
            Self::Lines => "lines",
            Self::Full => "debug",
        }
    }
}

/// Compiles a crate once more as it was compiled last, with such information; gives the library, which
/// nobody loads.
///
/// # Errors
/// When rustc or the linker fails.
pub fn compile_again(
    toolchain: &Toolchain,
    layout: &Layout,
    serial: u32,
    needs: &BTreeSet<u32>,
    info: DebugInfo,
) -> io::Result<PathBuf> {
    let folder = layout.sources(serial);
    let name = info.folder();
    let lines = folder.join(name);
    let library = lines.join(library_name(serial));
    if library.is_file() {
        return Ok(library);
    }
    let arguments = fs::read_to_string(folder.join(ARGUMENTS))?;
    let object = format!("--emit={}={name}/{OBJECT}", emit::OBJECT);
    let arguments: Vec<&str> = arguments
        .lines()
        .map(|argument| match argument {
            NO_DEBUG_INFO => info.argument(),
            argument if argument.starts_with("--emit=") => &object,
            argument => argument,
        })
        .chain([LINES_OF_MACROS])
        .collect();
    fs::create_dir_all(&lines)?;
    let file = format!("{name}.args");
    fs::write(folder.join(&file), arguments.join("\n"))?;
    let mut command = Command::new(&toolchain.rustc);
    let output = lease::run(command.current_dir(&folder).arg(format!("@{file}")))?;
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
