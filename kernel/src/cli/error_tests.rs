//! Tests of the form of errors and of the exit codes that the help promises.

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
