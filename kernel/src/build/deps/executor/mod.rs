//! tokio for the cells: with `:dep tokio`, cells run within a runtime of it, so that `.await` and
//! `tokio::spawn` work at their top level, as they do in evcxr. What starts in each of its threads is the runtime's to
//! say (`woozle::cell::works_for_the_current_cell`). A thread for blocking calls (`spawn_blocking`, `tokio::fs`, names of
//! hosts) ends soon after the last one: a headless cell waits for it.

use toml_edit::{Array, InlineTable, Value};

use super::specs::Specs;

/// How a version of tokio is asked for a runtime.
struct Version {
    /// What its number begins with.
    number: &'static str,
    /// The feature that it needs for that.
    feature: &'static str,
    /// A source file with the function that runs a cell within it.
    source: &'static str,
}

const VERSIONS: [Version; 2] = [
    Version {
        number: "1",
        feature: "rt-multi-thread",
        source: include_str!("tokio_1.rs"),
    },
    Version {
        number: "0.2",
        feature: "rt-threaded",
        source: include_str!("tokio_0_2.rs"),
    },
];

// Checked with the kernel's own tokio.
#[cfg(test)]
mod tokio_1;

/// The version of tokio among the crates, if it is one that cells can run in.
fn version(specs: &Specs) -> Option<&'static Version> {
    let value = specs.get("tokio")?.parse::<Value>().ok()?;
    let number = match &value {
        Value::String(number) => number.value().as_str(),
        Value::InlineTable(table) => table.get("version")?.as_str()?,
        _ => return None,
    };
    let number = number.trim_start_matches(['=', '^', '~', '>', ' ']);
    let is_of = |version: &&Version| match number.strip_prefix(version.number) {
        Some(rest) => rest.is_empty() || rest.starts_with('.'),
        None => number == "*" && version.number == "1",
    };
    VERSIONS.iter().find(is_of)
}

/// Whether cells can run within these crates' tokio.
pub(super) fn is_among(specs: &Specs) -> bool {
    version(specs).is_some()
}

/// What the package has besides the crates, from its first line on: the function `within`.
pub(super) fn source(specs: &Specs) -> &'static str {
    version(specs).map_or("", |version| version.source)
}

/// tokio's value with the feature that is needed; any other crate's as it is.
pub(super) fn with_feature(name: &str, value: &str, specs: &Specs) -> String {
    let (Some(version), Ok(parsed)) = (version(specs), value.parse::<Value>()) else {
        return value.to_owned();
    };
    if name != "tokio" {
        return value.to_owned();
    }
    let mut table = match parsed {
        Value::InlineTable(table) => table,
        other => InlineTable::from_iter([("version", other)]),
    };
    let features = table.get_or_insert("features", Array::new());
    if let Some(features) = features.as_array_mut() {
        features.push(version.feature);
    }
    Value::from(table).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_tokio(value: &str) -> Specs {
        Specs::from([("tokio".to_owned(), value.to_owned())])
    }

    #[test]
    fn a_cell_runs_within_the_runtime() {
        let run = || tokio::runtime::Handle::try_current().is_ok();
        assert!(!run() && super::tokio_1::within(|| (), run));
    }

    #[test]
    fn the_feature_is_added_for_versions_that_are_known() {
        for (value, feature) in [
            ("\"1\"", Some("rt-multi-thread")),
            ("\"*\"", Some("rt-multi-thread")),
            ("\"=1.40\"", Some("rt-multi-thread")),
            (
                "{ version = \"0.2\", features = [\"full\"] }",
                Some("rt-threaded"),
            ),
            ("\"0.1\"", None),
            ("\"10\"", None),
            ("{ path = \"/t\" }", None),
        ] {
            let specs = with_tokio(value);
            let with = with_feature("tokio", value, &specs);
            match feature {
                Some(feature) => assert!(with.contains(&format!("{feature:?}")), "{with}"),
                None => assert_eq!(with, value),
            }
            assert!(with.parse::<Value>().is_ok(), "{with}");
            assert_eq!(is_among(&specs), feature.is_some());
            assert_eq!(with_feature("rand", "\"1\"", &specs), "\"1\"");
        }
        assert!(
            with_feature(
                "tokio",
                "{ version = \"1\", features = [\"net\"] }",
                &with_tokio("\"1\"")
            )
            .contains("net")
        );
    }
}
