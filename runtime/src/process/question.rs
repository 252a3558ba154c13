//! A question to whoever runs the cell: a line for `woozle::input`, or for who reads standard input; or to the kernel.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard};

use super::{interrupt, output, role};
use crate::protocol::Event;
use crate::sync::lock_std;
use crate::wait::{Deadline, WaitSet, Wanted};

type Line = Option<String>;

/// How many threads wait for an answer.
static ASKING: AtomicU32 = AtomicU32::new(0);

/// Whether a thread waits for an answer.
pub(crate) fn is_asking() -> bool {
    ASKING.load(Ordering::SeqCst) > 0
}

struct Asking(());

impl Asking {
    fn enter() -> Self {
        ASKING.fetch_add(1, Ordering::SeqCst);
        Self(())
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        ASKING.fetch_sub(1, Ordering::SeqCst);
    }
}

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
    ask_by(Wanted::Input, &|number| Event::InputRequest {
        cell: output::current_cell(),
        number,
        prompt: prompt.to_owned(),
        password,
    })
}

/// Asks the kernel to say what the threads do; `None` if there is no kernel, or no cell runs.
pub(crate) fn ask_for_threads() -> Line {
    ask_by(Wanted::Report, &|number| Event::ThreadsRequest { number })
}

/// Asks by the event of a number, and waits for the answer.
fn ask_by(wanted: Wanted, event: &dyn Fn(u64) -> Event) -> Line {
    // One at a time.
    static ASKING: Mutex<()> = Mutex::new(());
    if !output::is_connected() || role::is_child() {
        return None;
    }
    let _one = lock_std(&ASKING);
    let _asking = Asking::enter();
    let number = {
        let mut question = question();
        question.number += 1;
        question.answer = None;
        question.number
    };
    output::send(&event(number));
    let mut line = None;
    ANSWERED.wait_until(wanted, Deadline::NEVER, &mut || {
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
pub(crate) fn answer(number: u64, line: Line) {
    let mut question = question();
    if question.number == number {
        question.answer = Some(line);
        drop(question);
        ANSWERED.wake_all();
    }
}
