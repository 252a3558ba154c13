//! tokio for the cells: with `:dep tokio`, cells run within a runtime of it, so that `.await` and
//! `tokio::spawn` work at their top level, as they do in evcxr; so it is where another crate brings tokio along. What starts
//! in each of its threads is the runtime's to
//! say (`woozle::cell::works_for_the_current_cell`). A thread for blocking calls (`spawn_blocking`, `tokio::fs`, names of
//! hosts) ends soon after the last one: a headless cell waits for it.

use super::wide::is_of;

/// How a series of tokio is asked for a runtime.
struct Series {
    /// What its versions begin with.
    number: &'static str,
    /// A source file with the function that runs a cell within it.
    source: &'static str,
}

const SERIES: [Series; 2] = [
    Series {
        number: "1",
        source: include_str!("tokio_1.rs"),
    },
    Series {
        number: "0.2",
        source: include_str!("tokio_0_2.rs"),
    },
];

/// The package.
pub(super) const TOKIO: &str = "tokio";

// Checked with the kernel's own tokio.
#[cfg(test)]
mod tokio_1;

/// The series that a version is of, if cells can run in it.
fn series(version: &str) -> Option<&'static Series> {
    SERIES.iter().find(|series| is_of(series.number, version))
}

/// Whether cells can run in this version.
pub(super) fn will_do(version: &str) -> bool {
    series(version).is_some()
}

/// The function `within`, which runs a cell, for the crate `tokio` of this version.
pub(super) fn source(version: &str) -> &'static str {
    let source = series(version).map_or("", |series| series.source);
    // Less the file's own documentation, which can only stand at the beginning.
    source.find("#[doc(hidden)]").map_or("", |at| &source[at..])
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_cell_runs_within_the_runtime() {
        let run = || tokio::runtime::Handle::try_current().is_ok();
        assert!(!run() && super::tokio_1::within(|| (), run));
    }
}
