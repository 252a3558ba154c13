//! Why a cell did not compile.

use super::report::Report;

/// Why a cell did not compile.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// There are errors in it.
    #[error("the cell has {} error(s)", .0.len())]
    Errors(Vec<Report>),
    /// rustc could not do its work.
    #[error("{0}")]
    Broken(String),
}

impl CompileError {
    pub(crate) fn not_started(error: &std::io::Error) -> Self {
        Self::Broken(format!("rustc could not be run: {error}"))
    }

    /// rustc has ended without a word that is a message.
    pub(crate) fn no_result(rest: &str) -> Self {
        let lines = rest.lines().filter(|line| !line.trim().is_empty());
        let lines: Vec<&str> = lines.take(12).collect();
        Self::Broken(format!(
            "rustc ended without a result:\n{}",
            lines.join("\n")
        ))
    }

    /// Adds a note to what the user sees.
    pub(crate) fn add_note(&mut self, note: &str) {
        match self {
            Self::Errors(reports) => {
                if let Some(last) = reports.last_mut() {
                    last.rendered.push_str("\n\nnote: ");
                    last.rendered.push_str(note);
                }
            }
            Self::Broken(text) => {
                text.push_str("\nnote: ");
                text.push_str(note);
            }
        }
    }
}
