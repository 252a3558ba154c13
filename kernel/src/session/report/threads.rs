//! What threads do, in words: for `:threads`, and when they wait for each other.

use woozle::protocol::{Activity, LockReport, Place, ProcessReport, ThreadReport, thread_shown};

use super::backtrace::CellIndex;
use super::receiver::receiver;
use super::{backtrace as calls_of_cells, place};
use crate::backtrace::{self, Explainer, Lines};
use crate::compiler::driver::Compiler;
use crate::compiler::syntax::source::{cell_name, cell_of_name};
use crate::session::magics::timing::lines::shown;

/// A thread, and what it does.
pub(super) struct Thread {
    id: i32,
    /// What it is called: `thread `Pooh``.
    pub(super) label: String,
    /// The same with its cell: `thread `Pooh` of cell [1]`.
    who: String,
    /// What it does: `waits for a Lock`.
    what: String,
    /// What it waits for, as the user's code calls it.
    pub(super) object: Option<String>,
    /// The thread that holds that.
    holder: Option<i32>,
    /// Where it is in the cells: `cell [1]:9:7`; nothing if it is in no function of theirs.
    pub(super) place: Option<String>,
    /// The line there.
    line: String,
}

/// The threads of a report.
pub(super) fn threads(
    reports: &[ThreadReport],
    maps: &str,
    compiler: &Compiler,
    index: &dyn CellIndex,
) -> Vec<Thread> {
    let mut explainer = Explainer::new(maps, compiler);
    let labels = labels(reports);
    let threads = reports.iter().zip(labels);
    threads
        .map(|(report, label)| thread(report, label, &mut explainer, compiler, index))
        .collect()
}

/// What the threads are called. Those without a name have a number, if there are several.
fn labels(reports: &[ThreadReport]) -> Vec<String> {
    let is_unnamed = |report: &&ThreadReport| report.name.as_deref() == Some("");
    let several = reports.iter().filter(is_unnamed).count() > 1;
    let mut number = 0;
    let labels = reports.iter().map(|report| match report.name.as_deref() {
        None => "the cell".to_owned(),
        Some("") if several => {
            number += 1;
            format!("unnamed thread {number}")
        }
        Some(name) => thread_shown(name),
    });
    labels.collect()
}

fn thread(
    report: &ThreadReport,
    label: String,
    explainer: &mut Explainer<'_>,
    compiler: &Compiler,
    index: &dyn CellIndex,
) -> Thread {
    let calls = explainer.calls(&report.frames);
    let users = backtrace::users(&calls);
    let at = users.first().map(|(_, place)| place);
    let called = backtrace::called(&calls);
    let number = index
        .cell(report.cell, None)
        .filter(|_| report.name.is_some());
    let mut who = match number {
        Some(number) => format!("{label} of {}", cell_name(number)),
        None => label.clone(),
    };
    if report.is_daemon {
        who.push_str(" (a daemon)");
    }
    let line = at.and_then(|at| line_at(at, compiler));
    let mut object = None;
    let mut holder = None;
    let by_function = |verb: &str| match &called {
        Some(function) => format!("{verb} in {function}"),
        None => verb.to_owned(),
    };
    let what = match &report.activity {
        Activity::Computes => "computes".to_owned(),
        Activity::Sleeps => "sleeps".to_owned(),
        Activity::InSystemCall => by_function("waits for the system"),
        Activity::Waits {
            wanted,
            object: address,
            holder: held_by,
        } => {
            holder = *held_by;
            let by_line = || line.and_then(|(line, column)| receiver(line, column));
            object = explainer.static_name(*address).or_else(by_line);
            match wanted {
                Some(wanted) => format!("waits for {wanted}"),
                None => by_function("waits"),
            }
        }
    };
    Thread {
        id: report.id,
        label,
        who,
        what,
        object,
        holder,
        place: at.map(|at| place::shown(at, &compiler.cells)),
        line: line.map_or_else(String::new, |(line, _)| line.trim().to_owned()),
    }
}

/// The user's line at a place, and the column there.
pub(crate) fn line_at<'a>(place: &Place, compiler: &'a Compiler) -> Option<(&'a str, u32)> {
    let source = compiler.cells.get(&cell_of_name(&place.file)?)?;
    let mut lines = source.text.lines();
    let line = lines.nth(place.line.saturating_sub(1) as usize)?;
    Some((line, source.original_column(place.line, place.column)))
}

impl Thread {
    /// What it does, as a sentence.
    pub(super) fn sentence(&self, all: &[Self]) -> String {
        let Self { who, what, .. } = self;
        let object = self.object.iter().map(|name| format!(" (`{name}`)"));
        let holder = self.holder.map(|holder| match self.find(holder, all) {
            Some(other) if other.id == self.id => ", which it holds itself".to_owned(),
            Some(other) if other.label == "the cell" => {
                ", which the cell's own thread holds".to_owned()
            }
            Some(other) => format!(", which {} holds", other.label),
            None => ", which another thread holds".to_owned(),
        });
        let parts = object.chain(holder);
        format!("{who} {what}{}", parts.collect::<String>())
    }

    /// Where it does so, with the user's line; nothing if that is in no function of a cell.
    pub(super) fn line(&self) -> Option<String> {
        let place = self.place.as_ref()?;
        Some(format!("{place}: {}", self.line))
    }

    /// The thread that holds what it waits for.
    pub(super) fn waits_for<'a>(&self, all: &'a [Self]) -> Option<&'a Self> {
        self.find(self.holder?, all)
    }

    fn find<'a>(&self, id: i32, all: &'a [Self]) -> Option<&'a Self> {
        all.iter().find(|thread| thread.id == id)
    }

    /// Whether this is that thread.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

/// What `:threads` shows.
pub(crate) fn text(report: &ProcessReport, compiler: &Compiler, index: &dyn CellIndex) -> String {
    let all = threads(&report.threads, &report.maps, compiler, index);
    let (users, others): (Vec<&Thread>, Vec<&Thread>) =
        all.iter().partition(|thread| thread.place.is_some());
    let mut text = String::new();
    for thread in users {
        let line = thread.line().unwrap_or_default();
        text.push_str(&format!("{}\n    {line}\n", thread.sentence(&all)));
    }
    for thread in others {
        text.push_str(&format!(
            "{}, in no function of a cell\n",
            thread.sentence(&all)
        ));
    }
    if text.is_empty() {
        text.push_str("no cell runs, and there are no threads\n");
    }
    text.push_str(&contention(&report.locks, compiler));
    text
}

/// For which locks threads have waited, the longest first.
fn contention(locks: &[LockReport], compiler: &Compiler) -> String {
    if locks.is_empty() {
        return String::new();
    }
    let mut lines = Lines::new(compiler);
    let mut locks: Vec<&LockReport> = locks.iter().collect();
    locks.sort_by_key(|lock| std::cmp::Reverse(lock.total));
    let mut text =
        String::from("locks that threads have waited for, each counted from the first wait:\n");
    for lock in locks {
        let at = calls_of_cells::place(&lock.frames, &mut lines);
        let line = at.as_ref().and_then(|at| line_at(at, compiler));
        let name = line.and_then(|(line, column)| receiver(line, column));
        let name = name.iter().map(|name| format!(" (`{name}`)"));
        let place = at
            .iter()
            .map(|at| format!(", first at {}", place::shown(at, &compiler.cells)));
        let parts: String = name.chain(place).collect();
        text.push_str(&format!("  {}{parts}: {}\n", lock.kind, figures(lock)));
    }
    text
}

/// The figures of a lock.
fn figures(lock: &LockReport) -> String {
    let time = |nanoseconds: u64| shown(nanoseconds as f64);
    let times = |count: u64| match count {
        1 => "once".to_owned(),
        count => format!("{count} times"),
    };
    let (taken, waits) = (times(lock.taken), times(lock.waits));
    match lock.waits {
        0 => format!("taken {taken}; a thread waits for the first time"),
        _ => format!(
            "taken {taken}, waited for {waits}: {} in all, {} at most",
            time(lock.total),
            time(lock.longest)
        ),
    }
}

#[cfg(test)]
mod tests;
