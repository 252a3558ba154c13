//! Reading from standard input: the line is asked of whoever runs the cell.

use std::sync::{Mutex, MutexGuard};

use crate::process::{interrupt, output};
use crate::protocol::Event;
use crate::sync::lock_std;
use crate::wait::{Deadline, WaitSet, Wanted};

type Line = Option<String>;

/// What was asked last, and the answer to it.
struct Question {
    number: u64,
    answer: Option<Line>,
}

static QUESTION: Mutex<Question> = Mutex::new(Question {
    number: 0,
    answer: None,
});
static ANSWERED: WaitSet = WaitSet::new();

fn question() -> MutexGuard<'static, Question> {
    lock_std(&QUESTION)
}

/// Asks for a line and waits for it; `None` at the end of input (nobody can answer). An interrupt of the cell
/// unwinds from here.
pub(crate) fn ask(prompt: &str, password: bool) -> Line {
    // One at a time.
    static ASKING: Mutex<()> = Mutex::new(());
    if !output::is_connected() || crate::process::role::is_child() {
        return None;
    }
    let _one = lock_std(&ASKING);
    let _asking = super::deadlock::Asking::enter();
    let number = {
        let mut question = question();
        question.number += 1;
        question.answer = None;
        question.number
    };
    output::send(&Event::InputRequest {
        cell: output::current_cell(),
        number,
        prompt: prompt.to_owned(),
        password,
    });
    let mut line = None;
    ANSWERED.wait_until(Wanted::Input, Deadline::NEVER, &mut || {
        line = question().answer.take();
        line.is_some()
    });
    line.flatten()
}

/// As `ask`, for somebody who cannot be unwound, and would take it for the end of input if this returned because of
/// an interrupt: it goes on waiting then, until the process is ended.
#[must_use]
pub fn read_line() -> Line {
    interrupt::ignoring(|| ask("", false))
}

/// Gives the answer to the thread that waits for it, if that has not been interrupted meanwhile.
pub(super) fn answer(number: u64, line: Line) {
    let mut question = question();
    if question.number == number {
        question.answer = Some(line);
        drop(question);
        ANSWERED.wake_all();
    }
}
