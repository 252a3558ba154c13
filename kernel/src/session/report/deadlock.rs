//! What a cell says when all its threads wait for each other.

use woozle::protocol::{Holder, Stuck, thread_shown};

use super::backtrace::CellIndex;
use super::place;
use crate::backtrace;
use crate::compiler::driver::Compiler;

/// Says that the cell cannot go on, and what each thread waits for.
pub(crate) fn text(
    all: bool,
    threads: &[Stuck],
    maps: &str,
    compiler: &Compiler,
    index: &dyn CellIndex,
) -> String {
    let mut text = match all {
        true => "this cell cannot go on: every thread waits for another one\n".to_owned(),
        false => "this cell cannot go on: threads wait for each other\n".to_owned(),
    };
    for thread in threads {
        let calls = backtrace::explain(&thread.frames, maps, compiler);
        let users = backtrace::users(&calls);
        // Others wait for work, in a pool of their own.
        let Some((_, place)) = users.first() else {
            continue;
        };
        let who = match &thread.name {
            None => "the cell".to_owned(),
            Some(name) => match index.cell(thread.cell, None) {
                Some(number) => format!("{} of cell [{number}]", thread_shown(name)),
                None => thread_shown(name),
            },
        };
        let what = match &thread.wanted {
            Some(wanted) => format!(" for {wanted}"),
            None => backtrace::called(&calls)
                .map_or_else(String::new, |function| format!(" in {function}")),
        };
        let holder = match &thread.holder {
            None => String::new(),
            Some(Holder::Itself) => ", which it holds itself".to_owned(),
            Some(Holder::Main) => ", which the cell's own thread holds".to_owned(),
            Some(Holder::Thread(name)) => format!(", which {} holds", thread_shown(name)),
        };
        let place = place::shown(place, &compiler.cells);
        text.push_str(&format!("  {who} waits{what} at {place}{holder}\n"));
    }
    text.push_str("An interrupt ends the cell.");
    text
}
