//! How a host ended, in words.

use std::fmt;
use std::process::ExitStatus;

use rustix::process::Signal;
use woozle::protocol::crash::{Cause, Crash};
use woozle::protocol::thread_shown;

use crate::system::exit;

/// How a host ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Death {
    pub status: ExitStatus,
    /// What its signal handler left.
    pub crash: Option<Crash>,
    /// What it wrote to standard output and standard error, if it had not run a cell that this could be of.
    pub output: String,
}

/// Below the stack pointer so far at most a function reaches before it touches what lies between.
const NEAR: u64 = 64 << 10;
/// The codes of `SIGSEGV` that tell of an access, to what is not mapped or not allowed.
const ACCESS: std::ops::RangeInclusive<i32> = 1..=2;

impl Death {
    /// Whether it was because a stack was full.
    pub fn is_stack_overflow(&self) -> bool {
        match self.crash.as_ref().map(|crash| &crash.cause) {
            Some(Cause::Signal {
                number,
                code,
                address,
                stack_pointer,
                ..
            }) => {
                let access = [Signal::SEGV.as_raw(), Signal::BUS.as_raw()].contains(number)
                    && ACCESS.contains(code);
                access && address.abs_diff(*stack_pointer) <= NEAR
            }
            _ => false,
        }
    }
}

impl From<ExitStatus> for Death {
    fn from(status: ExitStatus) -> Self {
        Self {
            status,
            ..Self::default()
        }
    }
}

impl Death {
    /// What it was, without the thread.
    pub fn cause(&self) -> String {
        if self.is_stack_overflow() {
            return "stack overflow".to_owned();
        }
        match self.crash.as_ref().map(|crash| &crash.cause) {
            Some(Cause::Exit(code)) => format!("exit code {}", code & 0xff),
            Some(Cause::Signal {
                number,
                code,
                address,
                sender,
                ..
            }) => {
                let name = exit::signal_shown(*number);
                match *number {
                    _ if *code == SENT => format!("{name}, sent by process {sender}"),
                    SEGV | BUS if *code > 0 && *code != UNKNOWN => {
                        format!("{name} at address {address:#x}")
                    }
                    _ => name.to_owned(),
                }
            }
            None => exit::shown(self.status),
        }
    }
}

impl fmt::Display for Death {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.cause())?;
        match &self.crash {
            Some(crash) if !crash.on_main => write!(f, ", on {}", thread_shown(&crash.thread)),
            _ => Ok(()),
        }
    }
}

/// A signal's code if `kill` has sent it.
const SENT: i32 = 0;
/// A signal's code if the processor does not say more, such as for an address that cannot be one.
const UNKNOWN: i32 = 0x80;
const SEGV: i32 = Signal::SEGV.as_raw();
const BUS: i32 = Signal::BUS.as_raw();

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt;

    use super::*;

    fn death(number: i32, code: i32, address: u64) -> Death {
        Death {
            status: ExitStatus::from_raw(number),
            crash: Some(Crash {
                cause: Cause::Signal {
                    number,
                    code,
                    address,
                    stack_pointer: 0x7fff_0000,
                    sender: 7,
                },
                on_main: true,
                thread: "x".into(),
                cell: 1,
                thread_pointer: 0,
                frames: Vec::new(),
                left_out: 0,
                maps: String::new(),
                last_panic: None,
            }),
            output: String::new(),
        }
    }

    #[test]
    fn a_death_is_told_by_what_is_known_of_it() {
        for (death, words) in [
            (
                death(SEGV, 1, 1),
                "SIGSEGV: invalid memory access at address 0x1",
            ),
            (death(SEGV, 2, 0x7ffe_fff8), "stack overflow"),
            (
                death(SEGV, 0, 7),
                "SIGSEGV: invalid memory access, sent by process 7",
            ),
            (death(SEGV, 0x80, 0), "SIGSEGV: invalid memory access"),
            (death(6, -6, 0), "SIGABRT: abort"),
            (Death::default(), "exit code 0"),
            (ExitStatus::from_raw(9).into(), "signal 9, SIGKILL: killed"),
        ] {
            assert_eq!(death.to_string(), words);
        }
    }
}
