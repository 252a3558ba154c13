//! Where threads waited, the longest first.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::picture::{Picture, Place};
use super::svg::escaped;
use crate::session::magics::timing::lines::shown;
use crate::system::text::cut;

/// Lines of the user's are cut after so many characters.
const WIDTH: usize = 60;

/// So many rows are shown.
const MOST: usize = 12;

/// The waits for one thing at one place.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// What for: `waits for a Lock (LOCK)`.
    pub(super) what: String,
    pub(super) place: Option<Place>,
    pub(super) times: usize,
    /// Nanoseconds in all, and of the longest.
    pub(super) total: u64,
    pub(super) longest: u64,
}

/// The rows of the table.
pub(super) fn rows(picture: &Picture) -> Vec<Row> {
    let mut rows: BTreeMap<(String, Option<Place>), Row> = BTreeMap::new();
    let segments = picture.lanes.iter().flat_map(|lane| &lane.segments);
    for wait in segments.filter(|segment| segment.state.is_wait()) {
        let object = wait.object.iter().map(|name| format!(" ({name})"));
        let what = format!("{}{}", wait.what, object.collect::<String>());
        let row = rows.entry((what.clone(), wait.place.clone()));
        let row = row.or_insert_with(|| Row {
            what,
            place: wait.place.clone(),
            times: 0,
            total: 0,
            longest: 0,
        });
        row.times += 1;
        row.total += wait.length();
        row.longest = row.longest.max(wait.length());
    }
    let mut rows: Vec<Row> = rows.into_values().collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.total));
    rows
}

/// What is not in the picture; empty if all is.
pub(super) fn left_out(picture: &Picture) -> String {
    let mut text = String::new();
    if picture.more_threads > 0 {
        let _ = write!(
            text,
            "{} more threads were not recorded. ",
            picture.more_threads
        ); // a string takes all
    }
    if picture.more_events > 0 {
        let _ = write!(
            text,
            "The last {} waits and wakes of threads with very many were not recorded. ",
            picture.more_events
        );
    }
    text.trim_end().to_owned()
}

/// The table as HTML; empty if nothing waited.
pub(super) fn html(picture: &Picture) -> String {
    let rows = rows(picture);
    let mut out = String::new();
    let left_out = left_out(picture);
    if !left_out.is_empty() {
        let _ = write!(out, "<p>{}</p>", escaped(&left_out));
    }
    if rows.is_empty() {
        return out;
    }
    out.push_str(
        "<details><summary>Where threads waited</summary><table><thead><tr><th style=\"text-align:left\">what</th><th style=\"text-align:left\">where</th><th>times</th>\
         <th>in all</th><th>longest</th></tr></thead><tbody>",
    );
    for row in rows.iter().take(MOST) {
        let (place, line) = match &row.place {
            Some(place) => (place.shown.as_str(), place.line.as_str()),
            None => ("", ""),
        };
        let _ = write!(
            out,
            "<tr><td style=\"text-align:left\">{}</td><td style=\"text-align:left\">{} <code>{}</code></td><td>{}</td><td>{}</td><td>{}</td></tr>",
            escaped(&row.what),
            escaped(place),
            escaped(&cut(line, WIDTH)),
            row.times,
            shown(row.total as f64),
            shown(row.longest as f64)
        );
    }
    out.push_str("</tbody></table></details>");
    out
}
