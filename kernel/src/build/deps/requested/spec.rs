//! Reading what follows `:dep`.

use std::path::{Path, PathBuf};

use toml_edit::{InlineTable, Value};

use super::local;

const USAGE: &str = "`:dep` takes a crate as Cargo.toml does: `:dep name = \"1.2\"`, `:dep name = { version = \"1.2\", features = [\"x\"] }`, or the folder of a crate: `:dep ./folder`";

/// The crates of a `:dep` line, with their values; paths are relative to `folder`.
///
/// # Errors
/// With what is wrong, in words for the user.
pub fn read(text: &str, folder: &Path) -> Result<Vec<(String, String)>, String> {
    let text = text.trim();
    if text.starts_with(['.', '/', '~']) {
        let path = absolute(text, folder);
        let name = local::name(&path)?;
        let value = Value::from(InlineTable::from_iter([("path", shown(&path))]));
        return Ok(vec![(name, value.to_string().trim().to_owned())]);
    }
    if text.starts_with('{') {
        let table = text.parse::<Value>().ok();
        let table = table.as_ref().and_then(Value::as_inline_table);
        let table = table.filter(|table| !table.is_empty()).ok_or(USAGE)?;
        let crates = table
            .iter()
            .map(|(name, value)| one(name, value.clone(), folder));
        return crates.collect();
    }
    let (name, value) = match (text.split_once('='), text.split_once('@')) {
        (Some((name, value)), _) => (name.trim(), value.trim().to_owned()),
        (None, Some((name, version))) => (name, format!("{version:?}")),
        (None, None) => (text, "\"*\"".to_owned()),
    };
    let value = value.parse::<Value>().map_err(|_| USAGE)?;
    Ok(vec![one(name, value, folder)?])
}

/// The registry or repository that a `:patch` line is about, and the rest of it: the crate.
#[must_use]
pub fn patch_source(text: &str) -> (&str, &str) {
    let text = text.trim();
    let before = text.split(['=', '{']).next().unwrap_or_default();
    match before.trim_end().split_once(char::is_whitespace) {
        Some((source, _)) => (source, text[source.len()..].trim_start()),
        None => ("crates-io", text),
    }
}

fn one(name: &str, mut value: Value, folder: &Path) -> Result<(String, String), String> {
    let is_part = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() || !name.chars().all(is_part) {
        return Err(USAGE.to_owned());
    }
    let version = match &value {
        Value::String(version) => Some(version.value().as_str()),
        Value::InlineTable(table) => table.get("version").and_then(Value::as_str),
        _ => return Err(USAGE.to_owned()),
    };
    if let Some(version) = version
        && let Err(error) = semver::VersionReq::parse(version)
    {
        return Err(format!(
            "`{version}` is no version of `{name}`: {error}; write `:dep {name} = \"1.2\"`, or \"*\" for the newest"
        ));
    }
    if let Value::InlineTable(table) = &mut value
        && let Some(path) = table.get("path").and_then(Value::as_str)
    {
        let path = absolute(path, folder);
        let found = local::name(&path)?;
        let package = table.get("package").and_then(Value::as_str).unwrap_or(name);
        if found.replace('-', "_") != package.replace('-', "_") {
            return Err(format!(
                "the crate in {} is named `{found}`; write `:dep {found} = ...`, or `:dep {name} = {{ package = \"{found}\", path = ... }}`",
                path.display()
            ));
        }
        table.insert("path", shown(&path));
    }
    value.decor_mut().clear();
    Ok((name.to_owned(), value.to_string()))
}

fn absolute(path: &str, folder: &Path) -> PathBuf {
    let path = match (path.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        _ => folder.join(path),
    };
    path.canonicalize()
        .unwrap_or_else(|_| path.components().collect())
}

fn shown(path: &Path) -> Value {
    path.to_string_lossy().into_owned().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crates_are_given_as_in_cargo_toml() {
        for (line, name, value) in [
            ("anyhow = \"1\"", "anyhow", "\"1\""),
            ("unicode-width=\"0.2\"", "unicode-width", "\"0.2\""),
            ("rand", "rand", "\"*\""),
            ("rand@0.9", "rand", "\"0.9\""),
            (
                "tokio = { version = \"1\", features = [\"full\"] }",
                "tokio",
                "{ version = \"1\", features = [\"full\"] }",
            ),
        ] {
            let expected = vec![(name.to_owned(), value.to_owned())];
            assert_eq!(read(line, Path::new("/")), Ok(expected), "{line}");
        }
        let several = read(
            "{ rand = \"0.7.3\", log = { version = \"0.4\" } }",
            Path::new("/"),
        );
        let several = several.expect("a table of crates");
        let expected = [("rand", "\"0.7.3\""), ("log", "{ version = \"0.4\" }")];
        assert_eq!(
            several,
            expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (line, part) in [
            ("", "takes a crate"),
            ("= \"1\"", "takes a crate"),
            ("a b = \"1\"", "takes a crate"),
            ("x = {", "takes a crate"),
            ("x = 1", "takes a crate"),
            ("{}", "takes a crate"),
            ("x = \"one\"", "`one` is no version of `x`"),
            ("x = { version = \"1..\" }", "is no version of `x`"),
            ("./nowhere", "/here/nowhere"),
            ("x = { path = \"nowhere\" }", "/here/nowhere"),
        ] {
            let reason = read(line, Path::new("/here")).expect_err(line);
            assert!(reason.contains(part), "{line}: {reason}");
        }
    }

    #[test]
    fn a_patch_is_for_crates_io_unless_it_says_so() {
        for (line, source, rest) in [
            (
                "tea = { path = \"tea\" }",
                "crates-io",
                "tea = { path = \"tea\" }",
            ),
            (
                "https://tea.org/tea tea = \"1\"",
                "https://tea.org/tea",
                "tea = \"1\"",
            ),
            ("{ tea = \"1\" }", "crates-io", "{ tea = \"1\" }"),
        ] {
            assert_eq!(patch_source(line), (source, rest));
        }
    }

    #[test]
    fn paths_are_relative_to_the_notebook() {
        let folder = tempfile::tempdir().expect("a folder");
        let honey = folder.path().join("pots/honey");
        std::fs::create_dir_all(&honey).expect("created");
        let manifest = "[package]\nname = \"honey-pot\"\n";
        std::fs::write(honey.join("Cargo.toml"), manifest).expect("written");
        let path = honey.canonicalize().expect("it is there");
        let value = format!("{{ path = \"{}\" }}", path.display());
        let expected = Ok(vec![("honey-pot".to_owned(), value.clone())]);
        assert_eq!(read("./pots/honey", folder.path()), expected);
        assert_eq!(
            read("honey-pot = { path = \"pots/honey\" }", folder.path()),
            expected
        );
        let reason = read("bee = { path = \"pots/honey\" }", folder.path());
        assert!(reason.is_err_and(|reason| reason.contains("is named `honey-pot`")));
    }
}
