//! Features that crates are built with before anybody asks for them: what others ask for later would make another build of
//! a crate that is in use by then.

use std::collections::BTreeSet;

use crate::build::cargo::metadata::{Metadata, Package};
use crate::build::deps::requested::specs::Specs;

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

/// Whether a version is of a series.
pub(super) fn is_of(series: &str, version: &str) -> bool {
    let rest = version.strip_prefix(series);
    rest.is_some_and(|rest| rest.starts_with('.'))
}

/// Lines for such crates among those that the notebook's lines bring; what the runtime uses, by cargo's numbers, is as it is.
pub(super) fn lines(metadata: &Metadata, of_runtime: &BTreeSet<&str>) -> Specs {
    let packages = metadata.packages.iter();
    let own = packages.filter(|package| !of_runtime.contains(&*package.id));
    own.filter_map(line).collect()
}

/// The line for a package, if it is such a crate. It asks for no version of its own: another line may choose one later.
fn line(package: &Package) -> Option<(String, String)> {
    let Wide {
        package: name,
        series,
        features,
    } = WIDE
        .iter()
        .find(|wide| wide.package == package.name && is_of(wide.series, &package.version))
        .filter(|_| package.is_of_crates_io())?;
    // An old version may not have all.
    let there = features
        .iter()
        .filter(|&&feature| package.features.contains_key(feature));
    let features: Vec<&&str> = there.collect();
    let value =
        format!("{{ package = \"{name}\", version = \"{series}\", features = {features:?} }}");
    // cargo takes no dots in names, and there may be two series.
    Some((format!("{name}-{}", series.replace('.', "-")), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, version: &str, source: &str) -> Package {
        let text = format!(
            "{{ \"id\": \"\", \"name\": \"{name}\", \"version\": \"{version}\", \"source\": \"{source}\", \
             \"features\": {{ \"full\": [], \"std\": [] }}, \"targets\": [] }}"
        );
        serde_json::from_str(&text).expect("a package")
    }

    #[test]
    fn what_others_ask_for_later_is_there_from_the_beginning() {
        const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";
        let of = |name, version| line(&package(name, version, CRATES_IO));
        let expected = (
            "tokio-1".to_owned(),
            "{ package = \"tokio\", version = \"1\", features = [\"full\"] }".to_owned(),
        );
        assert_eq!(of("tokio", "1.2.3"), Some(expected));
        assert_eq!(of("tokio", "0.3.0"), None);
        let (_, value) = of("futures-channel", "0.3.1").expect("it is one");
        assert!(value.ends_with("features = [] }"), "{value}");
        assert_eq!(
            line(&package("tokio", "1.2.3", "git+https://tea.org")),
            None
        );
    }

    #[test]
    fn a_version_is_of_a_series() {
        for (version, is_of_it) in [("1.2.3", true), ("0.1.0", false), ("12.0.0", false)] {
            assert_eq!(is_of("1", version), is_of_it, "{version}");
        }
        assert!(is_of("0.2", "0.2.5") && !is_of("0.2", "0.3.0"));
    }
}
