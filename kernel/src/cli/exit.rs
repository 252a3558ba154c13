//! The exit codes of `woozle`, all of them in one place.

use std::process::ExitCode;

/// Shown at the end of `woozle --help`.
pub(super) const HELP: &str = "\
Exit codes:
    0  all went well
    1  a cell failed, or (doctor) something that is needed is missing
    2  bad usage or bad input; nothing was run and nothing was written
    3  the kernel could not be started, or died
    4  a file or another program let us down (disk full, no permission, pip failed)
  124  a cell took longer than --timeout
  130  interrupted by Ctrl-C";

/// How `woozle` ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    Ok,
    CellFailed,
    BadInput,
    Kernel,
    System,
    Timeout,
    Interrupted,
}

impl Exit {
    pub const fn code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::CellFailed => 1,
            // As clap does for wrong arguments.
            Self::BadInput => 2,
            Self::Kernel => 3,
            Self::System => 4,
            // As timeout(1) does.
            Self::Timeout => 124,
            // As a shell reports death by SIGINT.
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}
