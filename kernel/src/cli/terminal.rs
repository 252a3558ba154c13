//! What the command line prints.

use std::fmt::Display;
use std::io::{self, Write};

use tracing_subscriber::EnvFilter;

/// `WOOZLE_LOG` chooses what is logged (`WOOZLE_LOG=debug`); without it, warnings and errors.
pub(super) fn log_to_stderr() {
    // That the other side closes a connection first is no news to a user.
    let usual = || EnvFilter::new("warn,zeromq::reconnect=error");
    let filter = EnvFilter::try_from_env("WOOZLE_LOG").unwrap_or_else(|_| usual());
    // A second subscriber is refused; then the first one goes on, which is what is wanted.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .try_init();
}

/// Prints a line. Nobody may be listening (`woozle doctor | head -1`), which is no error of ours.
pub(super) fn print_line(line: impl Display) {
    let _ = writeln!(io::stdout(), "{line}");
}

/// Prints a line about what is being done, apart from what was asked for.
pub(super) fn print_note(line: impl Display) {
    let _ = writeln!(io::stderr(), "{line}");
}
