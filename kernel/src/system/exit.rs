//! How a program ended, in words.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use rustix::process::Signal;

/// By which code, or by which signal.
pub(crate) fn shown(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit code {code}"),
        (None, Some(signal)) => format!("signal {signal}, {}", signal_shown(signal)),
        (None, None) => "no exit code".to_owned(),
    }
}

/// A signal's name, and what it means.
pub(crate) fn signal_shown(signal: i32) -> &'static str {
    match Signal::from_named_raw(signal) {
        Some(Signal::ABORT) => "SIGABRT: abort",
        Some(Signal::SEGV) => "SIGSEGV: invalid memory access",
        Some(Signal::BUS) => "SIGBUS: invalid memory access",
        Some(Signal::ILL) => "SIGILL: illegal instruction",
        Some(Signal::FPE) => "SIGFPE: arithmetic error",
        Some(Signal::TRAP) => "SIGTRAP: trap",
        Some(Signal::SYS) => "SIGSYS: a system call that is not allowed",
        Some(Signal::KILL) => "SIGKILL: killed",
        Some(Signal::TERM) => "SIGTERM: terminated",
        Some(Signal::HUP) => "SIGHUP: hangup",
        Some(Signal::XCPU) => "SIGXCPU: it took more processor time than it may (`ulimit -t`)",
        Some(Signal::XFSZ) => "SIGXFSZ: it would have made a file larger than it may (`ulimit -f`)",
        _ => "killed",
    }
}
