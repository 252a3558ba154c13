//! The sources of what is built into the cache: they travel in this program.

use std::fs;
use std::io;
use std::path::Path;

/// Writes a file of this name into a folder. One that is there already as it is to be is left alone: then a build that was
/// broken off does not compile it again.
pub(crate) fn write(folder: &Path, name: &str, text: &str) -> io::Result<()> {
    let path = folder.join(name);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    if fs::read_to_string(&path).is_ok_and(|there| there == text) {
        return Ok(());
    }
    fs::write(path, text)
}
