//! What keeps rustc from its work, other than the cell.

use std::path::Path;

use crate::compiler::compile::CompileError;
use crate::compiler::diagnostics::Report;

/// rustc's code for a crate that another rustc has compiled.
const OTHER_RUSTC: &str = "E0514";

/// As the system says it, and with it rustc and its linker.
const DISK_FULL: &str = "No space left on device";

/// With less, in bytes, a linker may die of a bus error, which does not tell the cause.
const LITTLE_ROOM: u64 = 1 << 20;

/// Why a cell that may be good was not compiled, and what to do; `None` if it is to blame itself.
pub(super) fn find(failure: &CompileError, host: &Path, libraries: &Path) -> Option<String> {
    if let Some(gone) = [host, libraries].into_iter().find(|path| !path.exists()) {
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
    // An error in the cell has a code.
    let unexplained = reports.iter().all(|report| report.code.is_empty());
    let said_so = said.contains(DISK_FULL)
        || reports
            .iter()
            .any(|report| report.message.contains(DISK_FULL));
    if unexplained && (said_so || room(libraries).is_some_and(|bytes| bytes < LITTLE_ROOM)) {
        return Some(format!(
            "the disk is full, so the cell could not be compiled. Nothing is lost: make room where {} or the folder \
             for temporary files is, and run the cell again",
            libraries.display()
        ));
    }
    None
}

/// How many bytes can still be written into a folder.
fn room(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}
