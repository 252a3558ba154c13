//! The failing schedule as steps that can be shown: for each, a thread, a line of the user's, and what it did there.

mod told;

use std::collections::BTreeMap;

use super::names;
use super::report::{Action, Call, Event, Failure, Place, Report};
use crate::compiler::diagnostics::Cells;
use crate::compiler::syntax::source::{cell_name, cell_of_name};

/// A schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Schedule {
    /// The threads that do something, in the order of their starts.
    pub(crate) threads: Vec<(u16, String)>,
    pub(crate) steps: Vec<Step>,
    /// Why none goes on, if none does: a sentence for each thread.
    pub(crate) stuck: Vec<String>,
}

/// What a thread did in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) thread: u16,
    /// The line, with its number; in front of that the cell, if it is an earlier one.
    pub(crate) line: Option<(String, String)>,
    pub(crate) notes: Vec<String>,
    pub(crate) kind: Kind,
}

/// What is to be seen at once of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Plain,
    /// Something is changed.
    Writes,
    /// The thread cannot go on for now.
    Waits,
    /// It is about to ask for something when another one runs.
    Before,
    /// Something that matters and is easily overlooked: an old value, a notification that nobody has got.
    Odd,
    Fails,
    Ends,
}

/// Methods that hold what they have got.
const HOLDS: [&str; 7] = [
    "lock",
    "try_lock",
    "read",
    "try_read",
    "write",
    "try_write",
    "take",
];

/// The steps of a failing schedule of the cell with this number.
pub(crate) fn of(report: &Report, cells: &Cells, cell: u32) -> Schedule {
    let mut reading = Reading {
        report,
        cells,
        cell,
        objects: names::of(&report.objects, cells),
        holders: BTreeMap::new(),
        wanted: BTreeMap::new(),
        steps: Vec::new(),
    };
    // What comes after the failure is only the end of what was there.
    let last = report
        .events
        .iter()
        .rposition(|event| reading.is_last_panic(event));
    let is_told = matches!(report.failure(), Some(Failure::Panic | Failure::Error));
    let shown = last.map_or(report.events.len(), |last| last + usize::from(is_told));
    for n in 0..shown {
        reading.event(&report.events[..shown], n);
    }
    let stuck = match report.failure() {
        Some(Failure::Deadlock) => reading.stuck(),
        _ => Vec::new(),
    };
    leave_out(&mut reading.steps);
    let mut threads: Vec<u16> = reading.steps.iter().map(|step| step.thread).collect();
    threads.sort_unstable();
    threads.dedup();
    let threads = threads.into_iter();
    Schedule {
        threads: threads
            .map(|thread| (thread, reading.thread(thread)))
            .collect(),
        steps: reading.steps,
        stuck,
    }
}

/// Of a schedule that goes on for long, so many steps are shown from its beginning, and so many from its end.
const FIRST: usize = 60;
const LAST: usize = 90;

fn leave_out(steps: &mut Vec<Step>) {
    let Some(middle) = steps.len().checked_sub(FIRST + LAST).filter(|n| *n > 1) else {
        return;
    };
    let note = Step {
        thread: steps[FIRST].thread,
        line: None,
        notes: vec![format!("… {middle} steps are left out here")],
        kind: Kind::Plain,
    };
    steps.splice(FIRST..FIRST + middle, [note]);
}

/// A schedule that is being read.
struct Reading<'a> {
    report: &'a Report,
    cells: &'a Cells,
    cell: u32,
    objects: Vec<String>,
    /// Who holds each object, and since which line.
    holders: BTreeMap<u32, Vec<(u16, Option<String>)>>,
    /// What each thread waits for: the sentence, and the object with its method.
    wanted: BTreeMap<u16, (String, Call, Option<String>)>,
    steps: Vec<Step>,
}

impl Reading<'_> {
    /// Whether a panic is the one that the schedule fails with.
    fn is_last_panic(&self, event: &Event) -> bool {
        let (Action::Panic(message) | Action::Fail(message)) = &event.action else {
            return false;
        };
        self.report.failure.as_deref() == Some(message)
    }

    fn thread(&self, thread: u16) -> String {
        let named = self.report.names.iter().find(|(own, _)| *own == thread);
        match (named, thread) {
            (Some((_, name)), _) => name.clone(),
            (None, 0) => "main".to_owned(),
            (None, _) => format!("thread {thread}"),
        }
    }

    fn object(&self, object: u32) -> &str {
        let name = (object as usize)
            .checked_sub(1)
            .map(|n| self.objects.get(n));
        name.flatten().map_or("it", String::as_str)
    }

    /// A line's number, with the cell if it is an earlier one; nothing outside of the cells.
    fn number(&self, place: Option<&Place>) -> Option<String> {
        let place = place?;
        let cell = cell_of_name(&place.file)?;
        Some(match cell == self.cell {
            true => place.line.to_string(),
            false => format!("{}:{}", cell_name(cell), place.line),
        })
    }

    /// Adds what a thread did to its last step, if that is in the same line and goes on, or as another step.
    fn add(&mut self, event: &Event, note: Option<String>, kind: Kind) {
        let line = self.number(event.place.as_ref()).and_then(|number| {
            let text = names::line(event.place.as_ref()?, self.cells)?;
            Some((number, text.trim().to_owned()))
        });
        if let Some(last) = self.steps.last_mut()
            && last.thread == event.thread
            && last.line == line
            && last.kind != Kind::Waits
            && kind != Kind::Waits
            && (line.is_some() || kind == Kind::Plain)
        {
            last.notes
                .extend(note.filter(|note| !last.notes.contains(note)));
            if kind != Kind::Plain {
                last.kind = kind;
            }
            return;
        }
        self.steps.push(Step {
            thread: event.thread,
            line,
            notes: note.into_iter().collect(),
            kind,
        });
    }

    fn event(&mut self, events: &[Event], n: usize) {
        let event = &events[n];
        let in_cells = self.number(event.place.as_ref()).is_some();
        if event.inner && !event.action.is_told() {
            // Steps within a primitive of the runtime's: that the thread is there is enough.
            if in_cells {
                self.add(event, None, Kind::Plain);
            }
            return;
        }
        match &event.action {
            Action::Want(call) => {
                let got_at_once = events.get(n + 1).is_some_and(|next| {
                    next.thread == event.thread
                        && matches!(&next.action, Action::Got(got) | Action::Refused(got) if got == call)
                });
                if !got_at_once {
                    self.want(event, call);
                }
            }
            Action::Got(call) => self.got(event, call),
            Action::Refused(call) => {
                self.wanted.remove(&event.thread);
                let note = match &*call.method {
                    "recv" | "recv_timeout" => {
                        format!("{}: nobody sends any more", self.object(call.object))
                    }
                    "send" => format!("{}: nobody receives any more", self.object(call.object)),
                    method => format!("{method} of {}: no", self.object(call.object)),
                };
                self.add(event, Some(note), Kind::Plain);
            }
            Action::Release(call) => self.release(event, call),
            Action::Panic(message) | Action::Fail(message) => {
                if in_cells || self.is_last_panic(event) {
                    self.add(event, Some(message.clone()), Kind::Fails);
                }
            }
            Action::Exit => self.add(event, Some("ends".to_owned()), Kind::Ends),
            _ if !in_cells => {}
            action => {
                if let Action::TimedOut(_) = action {
                    self.wanted.remove(&event.thread);
                }
                let (note, kind) = self.told(action);
                self.add(event, note, kind);
            }
        }
    }

    /// Who holds an object, in words.
    fn holders(&self, object: u32) -> Option<String> {
        let holders = self.holders.get(&object)?;
        let shown = holders.iter().map(|(thread, line)| match line {
            Some(line) => format!("{} since line {line}", self.thread(*thread)),
            None => self.thread(*thread),
        });
        let shown: Vec<String> = shown.collect();
        (!shown.is_empty()).then(|| shown.join(", "))
    }

    fn want(&mut self, event: &Event, call: &Call) {
        let name = self.object(call.object);
        let (sentence, kind) = match &*call.method {
            "join" => {
                let thread = self.thread(call.object as u16);
                (format!("waits for {thread} to end"), Kind::Waits)
            }
            "scope" => ("waits for the scope's threads".to_owned(), Kind::Waits),
            "park" => ("parks".to_owned(), Kind::Waits),
            "await" => ("waits to be woken, in `.await`".to_owned(), Kind::Waits),
            "wait" | "wait_timeout" => (format!("waits to be notified by {name}"), Kind::Waits),
            "recv" | "recv_timeout" => (format!("waits for a message in {name}"), Kind::Waits),
            "send" => (format!("waits for room in {name}"), Kind::Waits),
            "barrier" => (format!("waits at {name} for the others"), Kind::Waits),
            "take" => match self.holders(call.object) {
                Some(holders) => (format!("waits for {name}, held by {holders}"), Kind::Waits),
                None => (format!("waits for {name}"), Kind::Waits),
            },
            kind if kind.contains(' ') && name.is_empty() => {
                (format!("waits for {kind}"), Kind::Waits)
            }
            kind if kind.contains(' ') => (format!("waits for {kind}, {name}"), Kind::Waits),
            _ => match self.holders(call.object) {
                Some(holders) => (format!("waits for {name}, held by {holders}"), Kind::Waits),
                // Nobody holds it yet: another thread runs before it is asked for.
                None => (format!("is about to ask for {name}"), Kind::Before),
            },
        };
        let line = self.number(event.place.as_ref());
        let wanted = (sentence.clone(), call.clone(), line);
        self.wanted.insert(event.thread, wanted);
        self.add(event, Some(sentence), kind);
    }

    fn got(&mut self, event: &Event, call: &Call) {
        self.wanted.remove(&event.thread);
        let name = self.object(call.object).to_owned();
        let method = &*call.method;
        if HOLDS.contains(&method) {
            let since = self.number(event.place.as_ref());
            let holders = self.holders.entry(call.object).or_default();
            if method == "take" {
                holders.clear(); // that it was released is not told
            }
            holders.push((event.thread, since));
        }
        let note = match method {
            kind if kind.contains(' ') => format!("waits no longer for {name}"),
            "lock" | "try_lock" | "take" => format!("locks {name}"),
            "read" | "try_read" => format!("locks {name} to read"),
            "write" | "try_write" => format!("locks {name} to write"),
            "join" => format!("{} has ended", self.thread(call.object as u16)),
            "scope" => "the scope's threads have ended".to_owned(),
            "wait" | "wait_timeout" => "is notified".to_owned(),
            "park" => "is unparked".to_owned(),
            "await" => "is woken".to_owned(),
            "barrier" => "all are there".to_owned(),
            "recv" | "recv_timeout" | "try_recv" => format!("receives from {name}"),
            _ => format!("sends to {name}"),
        };
        self.add(event, Some(note), Kind::Plain);
    }

    fn release(&mut self, event: &Event, call: &Call) {
        let holders = self.holders.entry(call.object).or_default();
        if let Some(n) = holders
            .iter()
            .position(|(thread, _)| *thread == event.thread)
        {
            holders.remove(n);
        }
        let note = format!("unlocks {}", self.object(call.object));
        // Where a guard is dropped is not known: it is told beside what the thread did last.
        match self.steps.last_mut() {
            Some(last) if last.thread == event.thread && last.kind != Kind::Waits => {
                last.notes.push(note);
            }
            _ => {
                let event = Event {
                    place: None,
                    ..event.clone()
                };
                self.add(&event, Some(note), Kind::Plain);
            }
        }
    }

    /// Why none goes on.
    fn stuck(&self) -> Vec<String> {
        let wanted = self.wanted.iter().map(|(thread, (sentence, call, line))| {
            let line = line
                .as_ref()
                .map_or(String::new(), |line| format!(" in line {line}"));
            let name = self.thread(*thread);
            // It may be held since it was asked for.
            match self.holders(call.object) {
                Some(holders) if HOLDS.contains(&&*call.method) => {
                    let object = self.object(call.object);
                    format!("{name} waits for ever{line} for {object}, held by {holders}")
                }
                _ => format!("{name} {sentence}{line}, for ever"),
            }
        });
        wanted.collect()
    }
}

#[cfg(test)]
mod tests;
