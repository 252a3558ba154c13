//! tokio for the cells: with `:dep tokio`, cells run within a runtime of it, so that `.await` and
//! `tokio::spawn` work at their top level, as they do in evcxr; so it is where another crate brings tokio along. What starts in each of its threads is the runtime's to
//! say (`woozle::cell::works_for_the_current_cell`). A thread for blocking calls (`spawn_blocking`, `tokio::fs`, names of
//! hosts) ends soon after the last one: a headless cell waits for it.

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

/// The name of tokio where only other crates ask for it.
pub(super) const HIDDEN: &str = "woozle-tokio";

// Checked with the kernel's own tokio.
#[cfg(test)]
mod tokio_1;

/// The series that a version is of, or a requirement, if cells can run in it.
fn series(version: &str) -> Option<&'static Series> {
    let number = version.trim_start_matches(['=', '^', '~', '>', ' ']);
    let is_of = |series: &&Series| match number.strip_prefix(series.number) {
        Some(rest) => rest.is_empty() || rest.starts_with('.'),
        None => number == "*" && series.number == "1",
    };
    SERIES.iter().find(is_of)
}

/// The feature that a crate is asked for with, if it is a tokio that cells can run in: all that it has, since what is
/// left out cannot be added later.
pub(super) fn feature(package: &str, version: &str) -> Option<&'static str> {
    (package == TOKIO && series(version).is_some()).then_some("full")
}

/// Whether cells can run in this version.
pub(super) fn will_do(version: &str) -> bool {
    series(version).is_some()
}

/// The line for a tokio that only other crates ask for.
pub(super) fn line(version: &str) -> String {
    format!(
        "{HIDDEN} = {{ package = \"{TOKIO}\", version = \"={version}\", features = [\"full\"] }}"
    )
}

/// The function `within`, which runs a cell, for the crate `tokio` of this version.
pub(super) fn source(version: &str) -> &'static str {
    let source = series(version).map_or("", |series| series.source);
    // Less the file's own documentation, which can only stand at the beginning.
    source.find("#[doc(hidden)]").map_or("", |at| &source[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_runs_within_the_runtime() {
        let run = || tokio::runtime::Handle::try_current().is_ok();
        assert!(!run() && super::tokio_1::within(|| (), run));
    }

    #[test]
    fn a_tokio_that_cells_can_run_in_has_all_its_features() {
        for (version, will_do) in [
            ("1", true),
            ("1.2.3", true),
            ("=1.0", true),
            ("*", true),
            ("0.2", true),
            ("0.2.5", true),
            ("0.1", false),
            ("0.3", false),
            ("12", false),
        ] {
            assert_eq!(feature("tokio", version).is_some(), will_do, "{version}");
            assert_eq!(feature("tea", version), None);
        }
    }
}
