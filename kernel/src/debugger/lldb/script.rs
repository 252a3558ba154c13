//! The script by which LLDB knows Woozle's threads and types, as a file in the session's folder.

use std::io;
use std::path::{Path, PathBuf};

/// The name of the file, and of the module for Python.
const FILE: &str = "woozle_lldb.py";

/// Writes it; gives its place.
///
/// # Errors
/// When it cannot be written.
pub(in crate::debugger) fn write(folder: &Path) -> io::Result<PathBuf> {
    let path = folder.join(FILE);
    std::fs::write(&path, include_str!("woozle_lldb.py"))?;
    Ok(path)
}
