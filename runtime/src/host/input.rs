//! Reading from standard input: the line is asked of whoever runs the cell.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{LazyLock, Mutex, PoisonError};

use crate::output;
use crate::protocol::Event;

type Line = Option<String>;

static ANSWERS: LazyLock<(Sender<Line>, Mutex<Receiver<Line>>)> = LazyLock::new(|| {
    let (sender, receiver) = channel();
    (sender, Mutex::new(receiver))
});

/// Asks for a line and waits for it; `None` at the end of input (nobody can answer).
#[must_use]
pub fn read_line(prompt: &str, password: bool) -> Line {
    if !output::is_connected() || crate::multiprocessing::is_child() {
        return None;
    }
    let answers = ANSWERS.1.lock().unwrap_or_else(PoisonError::into_inner);
    let _asking = super::deadlock::Asking::enter();
    output::send(&Event::InputRequest {
        cell: output::current_cell(),
        prompt: prompt.to_owned(),
        password,
    });
    answers.recv().ok().flatten()
}

/// Gives the answer to the thread that waits for it.
pub(super) fn answer(line: Line) {
    let _ = ANSWERS.0.send(line);
}
