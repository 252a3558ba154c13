//! What keeps rustc from its work, other than the cell.

use std::path::{Path, PathBuf};

use crate::compiler::diagnostics::Report;
use crate::compiler::driver::CompileError;
use crate::compiler::rustc::contract::code::NO_CRATE;

/// rustc's code for a crate that another rustc has compiled.
const OTHER_RUSTC: &str = "E0514";

/// What rustc says of a crate that it does not find, if the cell itself names it.
const NO_FILE: &str = "extern location for ";

/// With less room, in bytes, a linker may die of a bus error, which does not tell the cause.
const MIN_FREE_DISK: u64 = 1 << 20;

/// Something that there is too little of.
struct Shortage {
    /// What is said then, by the system, and with it by rustc and its linker.
    messages: &'static [&'static str],
    /// What it is.
    what: &'static str,
    /// What to do.
    help: &'static str,
}

impl Shortage {
    fn told(&self, consequence: &str, folder: &Path) -> String {
        let help = self.help.replace("{}", &folder.display().to_string());
        format!("{}, so {consequence}. Nothing is lost: {help}", self.what)
    }
}

const DISK: Shortage = Shortage {
    messages: &["No space left on device"],
    what: "the disk is full",
    help: "make room where {} or the folder for temporary files is, and run the cell again",
};

const SHORTAGES: [Shortage; 4] = [
    DISK,
    Shortage {
        messages: &["File too large", "SIGXFSZ"],
        what: "a file would have become larger than a file may (`ulimit -f`)",
        help: "start the kernel with a larger limit",
    },
    Shortage {
        messages: &["Too many open files"],
        what: "no more files can be opened (`ulimit -n`)",
        help: "start the kernel with a larger limit, or close some clients, and run the cell again",
    },
    Shortage {
        messages: &["Resource temporarily unavailable"],
        what: "no more threads or processes can be started (`ulimit -u`, or the limit of a container)",
        help: "end some, and run the cell again; `:undo` takes the last cell back",
    },
];

/// Why a cell that may be good was not compiled, and what to do; `None` if it is to blame itself.
///
/// `folder` is that of the session's libraries, `libraries` those that earlier cells have made.
pub(crate) fn find(
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
    let says = |text: &str| {
        said.contains(text) || reports.iter().any(|report| report.message.contains(text))
    };
    let mut shortages = SHORTAGES.iter();
    let said_so = shortages.find(|shortage| shortage.messages.iter().any(|text| says(text)));
    let is_full = || free_disk(folder).is_some_and(|bytes| bytes < MIN_FREE_DISK);
    let shortage = said_so.or_else(|| is_full().then_some(&DISK))?;
    unexplained.then(|| shortage.told("the cell could not be compiled", folder))
}

/// What there is too little of for building crates in a folder, from what was said when that failed.
pub(crate) fn of_crates(said: &str, folder: &Path) -> Option<String> {
    let mut shortages = SHORTAGES.iter();
    let found = shortages.find(|shortage| shortage.messages.iter().any(|text| said.contains(text)));
    found.map(|shortage| shortage.told("the crates could not be built", folder))
}

/// How many bytes can still be written into a folder.
fn free_disk(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}
