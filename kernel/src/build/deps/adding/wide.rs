//! Features that crates are built with before anybody asks for them: what others ask for later would make another build of
//! a crate that is in use by then.

use std::collections::BTreeSet;

use crate::build::cargo::metadata::{Metadata, Package};
use crate::build::deps::requested::specs::{self, Specs};

/// A series of a crate, with the features that others ask for beside its default ones.
struct Wide {
    package: &'static str,
    series: &'static str,
    features: &'static [&'static str],
}

const fn wide(
    package: &'static str,
    series: &'static str,
    features: &'static [&'static str],
) -> Wide {
    Wide {
        package,
        series,
        features,
    }
}

/// Such crates: those whose statics or types more than one other crate uses, and to which this brings little.
const WIDE: [Wide; 15] = [
    wide("futures-channel", "0.3", &["sink"]),
    wide("futures-core", "0.3", &[]),
    wide("futures-io", "0.3", &[]),
    wide("futures-sink", "0.3", &[]),
    wide("futures-task", "0.3", &["std"]),
    wide("getrandom", "0.2", &["std"]),
    wide("getrandom", "0.3", &["std"]),
    wide("log", "0.4", &["std"]),
    wide("once_cell", "1", &[]),
    wide("slab", "0.4", &[]),
    wide("time", "0.3", &["local-offset"]),
    // Cells run in it, and need all of it.
    wide("tokio", "0.2", &["full"]),
    wide("tokio", "1", &["full"]),
    wide("tracing-core", "0.1", &[]),
    wide("typenum", "1", &["const-generics"]),
];

/// The features for a crate that is asked for by this requirement.
fn features(package: &str, version: &str) -> Option<&'static [&'static str]> {
    let found = WIDE
        .iter()
        .find(|wide| wide.package == package && is_of(wide.series, version));
    found.map(|wide| wide.features)
}

/// Whether a version is of a series, or a requirement asks for one that is.
pub(super) fn is_of(series: &str, version: &str) -> bool {
    let number = version.trim_start_matches(['=', '^', '~', '>', ' ']);
    match number.strip_prefix(series) {
        Some(rest) => rest.is_empty() || rest.starts_with('.'),
        None => number == "*" && !series.starts_with('0'),
    }
}

/// The value of a line, with such features.
pub(super) fn line(name: &str, value: &str) -> String {
    let package = specs::package(name, value);
    let version = specs::version(value).unwrap_or_default();
    match features(&package, &version) {
        Some(more) if !more.is_empty() => {
            let more: Vec<String> = more.iter().map(|&feature| feature.to_owned()).collect();
            specs::with_features(value, &more)
        }
        _ => value.to_owned(),
    }
}

/// Lines for such crates among those that other crates bring; what the runtime uses, by cargo's numbers, is as it is.
pub(super) fn of_others(lines: &Specs, metadata: &Metadata, of_runtime: &BTreeSet<&str>) -> Specs {
    let is_named = |package: &Package| {
        let mut lines = lines.iter();
        lines.any(|(name, value)| specs::package(name, value) == package.name)
    };
    let others = metadata
        .packages
        .iter()
        .filter(|package| package.is_of_crates_io() && !is_named(package))
        .filter(|package| !of_runtime.contains(&*package.id));
    let lines = others.filter_map(|package| {
        let (name, version) = (&package.name, &package.version);
        let features = features(name, version)?;
        let value = format!(
            "{{ package = \"{name}\", version = \"={version}\", features = {features:?} }}"
        );
        // cargo takes no dots in names.
        let version = version.replace(['.', '+'], "-");
        Some((format!("woozle-{name}-{version}"), value))
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_ask_for_later_is_there_from_the_beginning() {
        let tokio = line("tokio", "{ version = \"1\", features = [\"net\"] }");
        assert_eq!(tokio, "{ version = \"1\", features = [\"net\", \"full\"] }");
        let renamed = line("t", "{ package = \"tokio\", version = \"1.2\" }");
        assert!(renamed.contains("full"), "{renamed}");
        assert!(line("log", "\"0.4\"").contains("std"));
        assert_eq!(line("log", "\"0.3\""), "\"0.3\"");
        assert_eq!(line("once_cell", "\"1\""), "\"1\"");
    }

    #[test]
    fn a_requirement_is_of_a_series() {
        for (version, is_of_it) in [
            ("1", true),
            ("1.2.3", true),
            ("=1.0", true),
            ("*", true),
            ("0.1", false),
            ("12", false),
        ] {
            assert_eq!(is_of("1", version), is_of_it, "{version}");
        }
        assert!(is_of("0.2", "0.2.5") && !is_of("0.2", "0.3") && !is_of("0.2", "*"));
    }
}
