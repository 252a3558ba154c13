//! Crates that are asked for.

use std::collections::BTreeMap;

use toml_edit::{Array, InlineTable, Value};

/// Crates as they stand in Cargo.toml: names and values.
pub type Specs = BTreeMap<String, String>;

/// Adds crates to those that are asked for. A crate that is asked for again keeps the features that it had: cells that are
/// there rely on them.
pub(in crate::build::deps) fn add(specs: &mut Specs, more: &Specs) {
    for (name, value) in more {
        let value = match specs.get(name) {
            Some(before) => with_features_of(value, before),
            None => value.clone(),
        };
        specs.insert(name.clone(), value);
    }
}

fn with_features_of(value: &str, before: &str) -> String {
    let features = features(before);
    if features.is_empty() {
        return value.to_owned();
    }
    with_features(value, &features)
}

/// The features that a crate is asked for with.
fn features(value: &str) -> Vec<String> {
    let value = value.parse::<Value>().ok();
    let table = value.as_ref().and_then(Value::as_inline_table);
    let features = table.and_then(|table| table.get("features")?.as_array());
    let features = features.into_iter().flatten();
    features
        .filter_map(|feature| feature.as_str().map(str::to_owned))
        .collect()
}

/// A crate's value with more features.
pub(in crate::build::deps) fn with_features(value: &str, more: &[String]) -> String {
    let mut table = match value.parse::<Value>() {
        Ok(Value::InlineTable(table)) => table,
        Ok(version) => InlineTable::from_iter([("version", version)]),
        Err(_) => return value.to_owned(),
    };
    let features = table.get_or_insert("features", Array::new());
    if let Some(features) = features.as_array_mut() {
        for feature in more {
            let is_there = features.iter().any(|there| there.as_str() == Some(feature));
            if !is_there {
                features.push(feature);
            }
        }
    }
    table.fmt();
    Value::from(table).to_string()
}

/// The name of a crate's package, which the notebook may have given another one.
pub(in crate::build::deps) fn package<'a>(name: &'a str, value: &str) -> std::borrow::Cow<'a, str> {
    let value = value.parse::<Value>().ok();
    let table = value.as_ref().and_then(Value::as_inline_table);
    match table.and_then(|table| table.get("package")?.as_str()) {
        Some(package) => package.to_owned().into(),
        None => name.into(),
    }
}

/// The name of a patch among the lines of a session.
pub(in crate::build::deps) fn patch(source: &str, name: &str) -> String {
    format!("{source} {name}")
}

/// The version that a crate is asked for with, if any.
pub(in crate::build::deps) fn version(value: &str) -> Option<String> {
    match value.parse::<Value>().ok()? {
        Value::String(version) => Some(version.into_value()),
        Value::InlineTable(table) => Some(table.get("version")?.as_str()?.to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_that_is_asked_for_again_keeps_its_features() {
        let mut specs = Specs::from([(
            "tea".to_owned(),
            "{ version = \"1\", features = [\"milk\"] }".to_owned(),
        )]);
        let add_one = |specs: &mut Specs, value: &str| {
            add(specs, &Specs::from([("tea".to_owned(), value.to_owned())]));
            specs["tea"].clone()
        };
        assert_eq!(
            add_one(&mut specs, "\"1.2\""),
            "{ version = \"1.2\", features = [\"milk\"] }"
        );
        assert_eq!(
            add_one(
                &mut specs,
                "{ version = \"1\", features = [\"sugar\", \"milk\"] }"
            ),
            "{ version = \"1\", features = [\"sugar\", \"milk\"] }"
        );
        assert_eq!(
            add_one(&mut specs, "{ path = \"/tea\" }"),
            "{ path = \"/tea\", features = [\"sugar\", \"milk\"] }"
        );
    }
}
