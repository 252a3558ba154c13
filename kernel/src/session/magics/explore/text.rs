//! The failing schedule as plain text.

use std::fmt::Write as _;

use super::report::Report;
use super::schedule::{Kind, Schedule};
use crate::system::text::cut;

/// Lines of the user's are cut after so many characters.
const WIDTH: usize = 60;

/// What is above a failing schedule: what it is, and how it was found.
pub(super) fn heading(report: &Report) -> (String, String) {
    let kind = report.failure().map_or("", |failure| failure.name());
    let ms = report.time().as_secs_f64() * 1e3;
    let found = format!(
        "in schedule {} of those tried ({}, {ms:.1} ms)",
        report.runs, report.strategy
    );
    (kind.to_owned(), found)
}

/// What is below it.
pub(super) fn footer(report: &Report, replay: &str) -> String {
    match report.repeatable {
        true => format!("The same schedule again: %%explore replay={replay}"),
        false => "This schedule cannot be run again: something else than the order of the threads decides what the cell does \
            (the time, random numbers, the order of a HashMap)"
            .to_owned(),
    }
}

/// The schedule as text.
pub(crate) fn text(report: &Report, schedule: &Schedule, replay: &str) -> String {
    let (kind, found) = heading(report);
    let mut out = format!("{kind} {found}\n");
    let name = |thread: u16| {
        let named = schedule.threads.iter().find(|(own, _)| *own == thread);
        named.map_or("", |(_, name)| &**name)
    };
    let lines = || schedule.steps.iter().filter_map(|step| step.line.as_ref());
    let width = |text: &str| text.chars().count();
    let names = schedule.threads.iter().map(|(_, name)| width(name));
    let names = names.max().unwrap_or(0);
    let numbers = lines().map(|(number, _)| width(number)).max().unwrap_or(0);
    let code = lines()
        .map(|(_, text)| width(text))
        .max()
        .unwrap_or(0)
        .min(WIDTH);
    let mut last = None;
    for step in &schedule.steps {
        let shown = if last == Some(step.thread) {
            ""
        } else {
            name(step.thread)
        };
        last = Some(step.thread);
        let (number, line) = match &step.line {
            Some((number, line)) => (&**number, cut(line, WIDTH)),
            None => ("", String::new()),
        };
        let mark = match step.kind {
            Kind::Waits => "…",
            Kind::Fails => "✗",
            Kind::Odd => "!",
            _ => " ",
        };
        let notes = step.notes.join("; ");
        let mut notes = notes.lines();
        let first = notes.next().unwrap_or_default();
        let row = format!("{shown:>names$} {number:>numbers$} │ {line:<code$} {mark} {first}");
        let _ = writeln!(out, "{}", row.trim_end()); // a string takes all
        for more in notes {
            let row = format!("{:names$} {:numbers$} │ {:code$}   {more}", "", "", "");
            let _ = writeln!(out, "{}", row.trim_end());
        }
    }
    for stuck in &schedule.stuck {
        let _ = writeln!(out, "✗ {stuck}");
    }
    out.push_str(&footer(report, replay));
    out
}
