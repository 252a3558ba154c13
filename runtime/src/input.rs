//! Asking the user.

use std::io::{self, Write as _};

use crate::process::{output, question};

/// Asks for a line of text and waits for it. Python: `input`.
///
/// In a notebook the prompt and a field stand below the cell; elsewhere the line comes from standard
/// input, as it does from `std::io::stdin()`, which works in a notebook, too.
///
/// ```no_run
/// let name = woozle::input("Who are you? ")?;
/// woozle::println!("hello, {name}");
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// [`UnexpectedEof`](io::ErrorKind::UnexpectedEof) when there is nobody to ask: under nbconvert and
/// `woozle run`, in the processes of a pool, or at the end of standard input.
pub fn input(prompt: &str) -> io::Result<String> {
    ask(prompt, false)
}

/// Asks for a line that is not shown while it is typed. Python: `getpass.getpass`.
///
/// Outside a notebook it is shown.
///
/// ```no_run
/// let password = woozle::getpass("Password: ")?;
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// As [`input()`].
pub fn getpass(prompt: &str) -> io::Result<String> {
    ask(prompt, true)
}

fn ask(prompt: &str, password: bool) -> io::Result<String> {
    let line = if output::is_connected() {
        question::ask(prompt, password)
    } else {
        let mut to = io::stdout();
        to.write_all(prompt.as_bytes())?;
        to.flush()?;
        let mut line = String::new();
        let read = io::stdin().read_line(&mut line)?;
        (read > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
    };
    line.ok_or_else(|| {
        io::Error::new(
            io::ErrorKind::UnexpectedEof,
            "there is nobody to ask: this front end does not offer input",
        )
    })
}
