//! A timeline as text, for consoles.

use std::fmt::Write as _;

use super::picture::{Lane, Picture, State};
use super::table;
use crate::session::magics::timing::lines::shown;

/// How many columns the time has.
const COLUMNS: usize = 64;

/// What stands for a state.
fn sign(state: State) -> char {
    match state {
        State::Runs => '█',
        State::WaitsForLock => 'x',
        State::WaitsForCondition => 'c',
        State::WaitsForMessage => 'm',
        State::WaitsForEvent => 'e',
        State::WaitsForEnd => '-',
        State::Waits => 'w',
        State::Sleeps => '░',
    }
}

/// The text.
pub(super) fn text(picture: &Picture) -> String {
    let threads = match picture.lanes.len() {
        1 => "1 thread".to_owned(),
        threads => format!("{threads} threads"),
    };
    let mut out = format!("{} of {threads}\n", shown(picture.end as f64));
    let labels = picture.lanes.iter().map(|lane| lane.label.chars().count());
    let width = labels.max().unwrap_or(0);
    for lane in &picture.lanes {
        let _ = writeln!(out, "{:>width$} |{}|", lane.label, columns(picture, lane)); // a string takes all
    }
    let segments = || picture.lanes.iter().flat_map(|lane| &lane.segments);
    let used = State::ALL
        .into_iter()
        .filter(|state| segments().any(|segment| segment.state == *state));
    let legend = used.map(|state| format!("{} {}", sign(state), state.name()));
    out.push_str(&legend.collect::<Vec<_>>().join(", "));
    for row in table::rows(picture).iter().take(8) {
        let place = row.place.iter().map(|place| format!(", {}", place.shown));
        let times = match row.times {
            1 => "once".to_owned(),
            times => format!("{times} times"),
        };
        let _ = write!(
            out,
            "\n{}{}: {times}, {} in all, {} at most",
            row.what,
            place.collect::<String>(),
            shown(row.total as f64),
            shown(row.longest as f64)
        );
    }
    let left_out = table::left_out(picture);
    if !left_out.is_empty() {
        let _ = write!(out, "\n{left_out}");
    }
    out
}

/// What a thread mostly did in each column.
fn columns(picture: &Picture, lane: &Lane) -> String {
    let width = picture.end as f64 / COLUMNS as f64;
    let mut times = vec![[0.0; State::ALL.len()]; COLUMNS];
    for segment in &lane.segments {
        let state = State::ALL.iter().position(|state| *state == segment.state);
        let (start, end) = (segment.time.start as f64, segment.time.end as f64);
        let (first, last) = ((start / width) as usize, (end / width) as usize);
        let columns = times.iter_mut().enumerate();
        for (column, times) in columns.take(last + 1).skip(first) {
            let (from, to) = (column as f64 * width, (column + 1) as f64 * width);
            times[state.unwrap_or(0)] += (to.min(end) - from.max(start)).max(0.0);
        }
    }
    let signs = times.iter().map(|times| {
        let (most, time) =
            times
                .iter()
                .enumerate()
                .fold((0, 0.0), |most, (n, time)| match *time > most.1 {
                    true => (n, *time),
                    false => most,
                });
        match time > 0.0 {
            true => sign(State::ALL[most]),
            false => ' ',
        }
    });
    signs.collect()
}
