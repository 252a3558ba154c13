//! Why a cell failed, as the session knows it; [`backend`](crate::session::backend) makes Jupyter's reply of it.

use super::place::{BOLD, OFF, RED};
use crate::compiler::diagnostics::Report;
use crate::compiler::driver::CompileError;

/// Why a cell failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CellError {
    /// What kind of error it is: rustc's code, the name of a type, `panic`, `command`, and so on.
    pub(crate) name: String,
    /// What happened, in one line.
    pub(crate) message: String,
    /// All that is shown, line by line.
    pub(crate) traceback: Vec<String>,
}

impl CellError {
    /// An error without more to say.
    pub(crate) fn new(name: &str, message: &str) -> Self {
        Self {
            name: name.to_owned(),
            message: message.to_owned(),
            traceback: vec![format!("{RED}{name}{OFF}: {message}")],
        }
    }

    /// A command that cannot be done.
    pub(crate) fn command(reason: &str) -> Self {
        Self::new("command", reason)
    }

    /// What keeps the kernel itself from its work.
    pub(crate) fn kernel(reason: &str) -> Self {
        Self::new("kernel", reason)
    }

    /// The end of a cell by an interrupt.
    pub(crate) fn interrupt(message: &str) -> Self {
        Self::new("KeyboardInterrupt", message)
    }
}

/// The codes of errors, each once.
pub(crate) fn codes(reports: &[Report]) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    for report in reports {
        if !report.code.is_empty() && !codes.contains(&report.code) {
            codes.push(report.code.clone());
        }
    }
    codes
}

/// Where errors of these codes are explained. Front ends make links of addresses.
fn more_about(codes: &[String]) -> Vec<String> {
    let address = |code: &String| format!("https://doc.rust-lang.org/error_codes/{code}.html");
    let lines = codes.iter().map(|code| {
        format!(
            "For more about {code}, run {BOLD}:explain {code}{OFF}, or see {}",
            address(code)
        )
    });
    lines.collect()
}

/// What the compiler said.
pub(crate) fn compile_error(failure: &CompileError) -> CellError {
    let CompileError::Errors(reports) = failure else {
        return CellError::new("compiler", &failure.to_string());
    };
    let first = reports.first();
    let name = first
        .map(|report| report.code.clone())
        .filter(|code| !code.is_empty());
    let mut traceback = Vec::new();
    for report in reports {
        traceback.extend(report.rendered.lines().map(str::to_owned));
        traceback.push(String::new());
    }
    // Only rustc's own errors have a page; lints have names.
    let mut codes = codes(reports);
    codes.retain(|code| code.starts_with('E'));
    traceback.extend(more_about(&codes));
    if codes.is_empty() {
        traceback.pop();
    }
    CellError {
        name: name.unwrap_or_else(|| "error".to_owned()),
        message: first
            .map(|report| report.message.clone())
            .unwrap_or_default(),
        traceback,
    }
}
