//! Compiling a crate once more, for the lines of its functions.

#![expect(
    clippy::disallowed_methods,
    reason = "rustc, which ends with the kernel"
)]

use std::path::PathBuf;
use std::process::Command;

use woozle::protocol::library_name;

use super::layout::Layout;
use super::toolchain::Toolchain;
use super::warm::ARGUMENTS;
use crate::system::lease;

/// Compiles a crate once more as it was compiled last, with line tables; gives the library, which
/// nobody loads.
///
/// # Errors
/// When rustc fails.
pub fn compile_with_lines(
    toolchain: &Toolchain,
    layout: &Layout,
    serial: u32,
) -> std::io::Result<PathBuf> {
    let folder = layout.sources(serial);
    let library = folder.join("lines").join(library_name(serial));
    if library.is_file() {
        return Ok(library);
    }
    let arguments = std::fs::read_to_string(folder.join(ARGUMENTS))?;
    let arguments: Vec<&str> = arguments
        .lines()
        .map(|argument| match argument {
            "-Cdebuginfo=0" => "-Cdebuginfo=line-tables-only",
            argument if argument.starts_with("--emit=") => "--emit=link",
            argument if argument.starts_with("--out-dir=") => "--out-dir=lines",
            argument => argument,
        })
        // The line where a macro is used, as in panics.
        .chain(["-Ccollapse-macro-debuginfo=yes"])
        .collect();
    std::fs::write(folder.join("lines.args"), arguments.join("\n"))?;
    let mut command = Command::new(&toolchain.rustc);
    let output = lease::run(command.current_dir(&folder).arg("@lines.args"))?;
    if output.status.success() {
        Ok(library)
    } else {
        Err(std::io::Error::other(String::from_utf8_lossy(
            &output.stderr,
        )))
    }
}
