//! What keeps rustc from its work, other than the cell.

use std::path::{Path, PathBuf};

use crate::compiler::compile::CompileError;
use crate::compiler::diagnostics::Report;

/// rustc's code for a crate that another rustc has compiled.
const OTHER_RUSTC: &str = "E0514";

/// rustc's code for a crate that it does not find, and what it says of one that the cell itself names.
const NO_CRATE: &str = "E0463";
const NO_FILE: &str = "extern location for ";

/// As the system says it, and with it rustc and its linker.
const DISK_FULL: &str = "No space left on device";

/// With less, in bytes, a linker may die of a bus error, which does not tell the cause.
const LITTLE_ROOM: u64 = 1 << 20;

/// Why a cell that may be good was not compiled, and what to do; `None` if it is to blame itself.
///
/// `folder` is that of the session's libraries, `libraries` those that earlier cells have made.
pub(super) fn find(
    failure: &CompileError,
    host: &Path,
    folder: &Path,
    libraries: &[PathBuf],
) -> Option<String> {
    if let Some(gone) = [host, folder].into_iter().find(|path| !path.exists()) {
        return Some(format!(
            "{} has been removed while this kernel used it; restart the kernel",
            gone.display()
        ));
    }
    let (reports, said): (&[Report], _) = match failure {
        CompileError::Errors(reports) => (reports, ""),
        CompileError::Broken(said) => (&[], said.as_str()),
    };
    if reports.iter().any(|report| report.code == OTHER_RUSTC) {
        let reason = "rustc has been replaced by another version since this kernel started; restart the kernel";
        return Some(reason.to_owned());
    }
    let lacks_crate = reports
        .iter()
        .any(|report| report.code == NO_CRATE || report.message.starts_with(NO_FILE));
    if lacks_crate && let Some(gone) = libraries.iter().find(|library| !library.exists()) {
        return Some(format!(
            "{} has been removed while this kernel used it; run the cells again that define what this one uses, or \
             restart the kernel",
            gone.display()
        ));
    }
    // An error in the cell has a code.
    let unexplained = reports.iter().all(|report| report.code.is_empty());
    let said_so = said.contains(DISK_FULL)
        || reports
            .iter()
            .any(|report| report.message.contains(DISK_FULL));
    if unexplained && (said_so || room(folder).is_some_and(|bytes| bytes < LITTLE_ROOM)) {
        return Some(format!(
            "the disk is full, so the cell could not be compiled. Nothing is lost: make room where {} or the folder \
             for temporary files is, and run the cell again",
            folder.display()
        ));
    }
    None
}

/// How many bytes can still be written into a folder.
fn room(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}
