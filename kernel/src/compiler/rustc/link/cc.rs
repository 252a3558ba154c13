//! Linking by `cc`.

#![expect(clippy::disallowed_methods, reason = "cc, which ends with the kernel")]

use std::ffi::OsString;
use std::io;
use std::process::Command;

use crate::system::lease;

/// Runs it.
///
/// # Errors
/// When it cannot be started or fails; then its words are in the error.
pub(super) fn link(arguments: &[OsString]) -> io::Result<()> {
    let output = lease::run(Command::new("cc").arg("-shared").args(arguments))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let text = format!(
        "linking with `cc` failed: {}\n{}",
        output.status,
        said.trim_end()
    );
    Err(io::Error::other(text))
}
