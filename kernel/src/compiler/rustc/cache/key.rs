//! What a result depends on, as far as that is known before rustc runs.

use std::io;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::contents::Contents;
use crate::compiler::names;
use crate::compiler::rustc::invocation::Invocation;
use crate::compiler::rustc::toolchain::Toolchain;

/// What names a result.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(String);

impl Key {
    /// As a file's name.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// What the names of variables begin with that rustc itself reads.
const ENVIRONMENT: &str = "RUSTC_";

/// The files that every cell is compiled with and against.
pub(super) fn files(toolchain: &Toolchain) -> impl Iterator<Item = &Path> {
    let externs = toolchain.externs.iter().map(|(_, library)| library);
    let all = [&toolchain.rustc, &toolchain.std]
        .into_iter()
        .chain(externs);
    all.map(|path| &**path)
}

/// The key of a run, the source of which has no number of its own. Nothing if what it links to is not known. The cell's own number, if
/// it is given, counts only by its digits.
///
/// # Errors
/// When a file cannot be read.
pub(super) fn of(
    invocation: &Invocation<'_>,
    notebook: &Path,
    cell: Option<u32>,
    contents: &Contents,
) -> io::Result<Option<Key>> {
    let Invocation {
        toolchain,
        layout,
        emitted,
        needs,
        ..
    } = *invocation;
    // What the system has by such a name may change.
    if !invocation.natives().is_empty() {
        return Ok(None);
    }
    let mut parts = Parts(Sha256::new());
    parts.add(env!("CARGO_PKG_VERSION"));
    // Each session has a folder of its own.
    let folder = layout.folder.display().to_string();
    parts.add(invocation.arguments().replace(&folder, ""));
    parts.add(format!(
        "{:?} {:?} {:?}",
        toolchain.lld,
        toolchain.link_argument,
        invocation.linker_options()
    ));
    parts.add(notebook.as_os_str().as_encoded_bytes());
    parts.add(&emitted.head);
    let own = cell.map(names::cell_name);
    let any = own
        .as_ref()
        .map(|own| own.replace(|c: char| c.is_ascii_digit(), "#"));
    for (name, text) in &emitted.files {
        for part in [name, text] {
            match (&own, &any) {
                (Some(own), Some(any)) => parts.add(part.replace(own, any)),
                _ => parts.add(part),
            }
        }
    }
    for (name, path) in &emitted.links {
        parts.add(name);
        parts.add(path.as_os_str().as_encoded_bytes());
    }
    for (name, value) in std::env::vars_os() {
        if name.as_encoded_bytes().starts_with(ENVIRONMENT.as_bytes()) {
            parts.add(name.as_encoded_bytes());
            parts.add(value.as_encoded_bytes());
        }
    }
    for file in files(toolchain) {
        parts.add(contents.of_library(file)?);
    }
    for serial in needs {
        parts.add(contents.of(&layout.metadata(*serial))?);
    }
    Ok(Some(Key(hex::encode(parts.0.finalize()))))
}

/// What is hashed, so that no two lists of parts are the same text.
struct Parts(Sha256);

impl Parts {
    fn add(&mut self, part: impl AsRef<[u8]>) {
        let part = part.as_ref();
        self.0.update(part.len().to_le_bytes());
        self.0.update(part);
    }
}

#[cfg(test)]
mod tests;
