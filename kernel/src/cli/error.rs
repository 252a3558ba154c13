//! The one form in which errors reach the user: what failed, why, and what to do.

use std::fmt::{self, Display, Formatter};

use super::exit::Exit;
use crate::jupyter::KernelspecError;

/// `error: <what>: <why>`, then `help: <what to do>`.
#[derive(Debug)]
pub struct CliError {
    what: String,
    why: String,
    help: Option<String>,
    exit: Exit,
}

impl CliError {
    pub fn new(exit: Exit, what: impl Display, why: impl Display) -> Self {
        Self {
            what: one_line(what),
            why: one_line(why),
            help: None,
            exit,
        }
    }

    pub fn help(mut self, help: impl Display) -> Self {
        self.help = Some(one_line(help));
        self
    }

    pub fn exit(&self) -> Exit {
        self.exit
    }

    pub fn print(&self) {
        super::terminal::print_note(self);
    }
}

impl Display for CliError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}: {}", self.what, self.why)?;
        match &self.help {
            Some(help) => write!(f, "\nhelp: {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for CliError {}

impl From<KernelspecError> for CliError {
    fn from(error: KernelspecError) -> Self {
        let what = "the kernelspec";
        match &error {
            KernelspecError::BadName(_) => Self::new(Exit::BadInput, what, &error).help("choose another --name"),
            KernelspecError::Foreign(_) => {
                Self::new(Exit::BadInput, what, &error).help("it was left as it is; choose another --name")
            }
            KernelspecError::NotInstalled(_) => Self::new(Exit::BadInput, what, &error)
                .help("`jupyter kernelspec list` shows what is installed where; say --sys-prefix or --prefix as at its installation"),
            KernelspecError::ProgramPath(_) => {
                Self::new(Exit::System, what, &error).help("put the program into a folder with a plain name")
            }
            KernelspecError::Io { .. } => Self::new(Exit::System, what, &error)
                .help("check the folder's permissions, or choose another place with --prefix"),
        }
    }
}

/// Errors of libraries may span lines; ours do not.
fn one_line(text: impl Display) -> String {
    text.to_string()
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::exit;

    #[test]
    fn an_error_is_one_line_and_a_help_line() {
        let error =
            CliError::new(Exit::BadInput, "a.ipynb", "not JSON:\n  line 1\n").help("look\nat it");
        assert_eq!(
            error.to_string(),
            "error: a.ipynb: not JSON:; line 1\nhelp: look; at it"
        );
        assert_eq!(error.exit(), Exit::BadInput);
        assert_eq!(
            CliError::new(Exit::Kernel, "a", "b").to_string(),
            "error: a: b"
        );
    }

    #[test]
    fn the_help_lists_every_exit_code_and_no_other() {
        let all = [
            Exit::Ok,
            Exit::CellFailed,
            Exit::BadInput,
            Exit::Kernel,
            Exit::System,
            Exit::Timeout,
            Exit::Interrupted,
        ];
        let listed: Vec<u8> = exit::HELP
            .lines()
            .skip(1)
            .filter_map(|line| line.split_whitespace().next()?.parse().ok())
            .collect();
        assert_eq!(listed, all.map(Exit::code));
    }
}
