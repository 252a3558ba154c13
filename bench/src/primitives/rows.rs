//! Rows of two sides, measured in turn.

use std::time::Duration;

use crate::report::document::{Section, Table, spread, time};
use crate::report::stats::{median, ratio, seconds};

/// Measures the time of one operation.
pub(super) type Side = fn() -> Duration;

/// How often each side is measured.
pub(super) fn rounds() -> usize {
    crate::measure::rounds(9)
}

/// The times of both sides.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) ours: Vec<Duration>,
    pub(super) other: Vec<Duration>,
    /// The most that the ratio should be.
    pub(super) limit: Option<f64>,
}

/// Adds the rows as a table, and their budgets.
pub(super) fn add(section: &mut Section, beside: &'static str, rows: &[Row]) {
    let mut table = Table::new(["", "Woozle", "other", "ratio"]);
    for row in rows {
        let (ours, other) = (seconds(&row.ours), seconds(&row.other));
        let both = ratio(&ours, &other);
        table.row([
            row.name.to_owned(),
            time(median(&ours)),
            time(median(&other)),
            spread(both),
        ]);
        if let Some(limit) = row.limit {
            section.budget(row.name, limit, beside, both.median);
        }
    }
    section.table(table);
}
