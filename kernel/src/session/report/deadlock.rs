//! What a cell says when all its threads wait for each other.

use woozle::protocol::ThreadReport;

use super::backtrace::CellIndex;
use super::place::{BOLD, OFF, RED};
use super::threads::{Thread, threads};
use crate::compiler::driver::Compiler;

/// Says that the cell cannot go on, and what each thread waits for.
pub(crate) fn text(
    are_all: bool,
    reports: &[ThreadReport],
    maps: &str,
    compiler: &Compiler,
    index: &dyn CellIndex,
) -> String {
    let mut text = match are_all {
        true => "this cell cannot go on: every thread waits for another one\n".to_owned(),
        false => "this cell cannot go on: threads wait for each other\n".to_owned(),
    };
    let all = threads(reports, maps, compiler, index);
    if let Some(circle) = circle(&all) {
        text.push_str(&format!("\n  {}\n\n", drawn(&circle)));
    }
    // Others wait for work, in a pool of their own.
    let users: Vec<&Thread> = all.iter().filter(|thread| thread.place.is_some()).collect();
    for thread in &users {
        let line = thread.line().unwrap_or_default();
        text.push_str(&format!("  {}\n      {line}\n", thread.sentence(&all)));
    }
    if are_all
        && let [only] = &all[..]
        && only.waits_for(&all).is_none()
    {
        text.push_str("There is no other thread that could end this.\n");
    }
    text.push_str("An interrupt ends the cell.");
    text
}

/// Threads that wait for each other, each for the next one, and the last for the first.
fn circle(all: &[Thread]) -> Option<Vec<&Thread>> {
    all.iter().find_map(|first| {
        let mut circle = vec![first];
        loop {
            let next = circle.last()?.waits_for(all)?;
            if next.is(first) {
                return (circle.len() > 1).then_some(circle);
            }
            if circle.iter().any(|thread| thread.is(next)) {
                return None; // it leads to another circle
            }
            circle.push(next);
        }
    })
}

/// A circle as a line of arrows.
fn drawn(circle: &[&Thread]) -> String {
    let arrows = circle.iter().map(|thread| {
        let object = thread.object.iter().map(|name| format!(" for `{name}`"));
        let object: String = object.collect();
        format!(
            "{BOLD}{}{OFF} {RED}── waits{object} ──▶{OFF} ",
            thread.label
        )
    });
    let first = circle.first().map(|thread| thread.label.as_str());
    format!(
        "{}{BOLD}{}{OFF}",
        arrows.collect::<String>(),
        first.unwrap_or_default()
    )
}
