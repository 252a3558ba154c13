//! `woozle.lock` beside a notebook: the versions of the crates that it adds, so that a run can be repeated.
//!
//! It has the form of a `Cargo.lock`, and is for all notebooks of its folder. Crates that the runtime uses, too, have the
//! versions that Woozle was built with.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table};

use crate::build::deps::step::{Step, series};
use crate::system::atomic::write_atomically;
use crate::system::files;

/// The file's name.
pub const FILE: &str = "woozle.lock";

/// The variable that has a kernel refuse what is not in the lock; `woozle run --locked` sets it.
pub const LOCKED: &str = "WOOZLE_LOCKED";

const HEAD: &str = "# The versions of the crates that the notebooks in this folder add by `:dep`; `:deps lock` writes them.\n";

/// The lock of a folder, if there is one.
///
/// # Errors
/// When it cannot be read.
pub fn read(folder: &Path) -> io::Result<Option<String>> {
    match files::read(&folder.join(FILE), files::SMALL) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        read => {
            let text = String::from_utf8(read?).map_err(io::Error::other)?;
            parse(&text)?;
            Ok(Some(text))
        }
    }
}

/// Writes the versions of a session's crates into a folder's lock, beside those that are there; gives their number.
///
/// # Errors
/// When the lock that is there is wrong, or none can be written.
pub fn write(folder: &Path, step: &Step) -> io::Result<usize> {
    let own = std::fs::read_to_string(step.lock())?;
    let own = parse(&own)?;
    let is_used = |entry: &&Table| {
        let (name, version) = (text(entry, "name"), text(entry, "version"));
        let mut used = step.packages.iter().filter(|package| package.is_used);
        used.any(|package| package.name == name && package.version == version)
    };
    let used: Vec<&Table> = packages(&own).filter(is_used).collect();
    let before = read(folder)?.map(|text| parse(&text)).transpose()?;
    let mut all = ArrayOfTables::new();
    let kept = before.iter().flat_map(packages);
    let kept = kept.filter(|entry| !used.iter().any(|own| is_like(own, entry)));
    let mut entries: Vec<&Table> = kept.chain(used.iter().copied()).collect();
    entries.sort_by_key(|entry| {
        (
            text(entry, "name").to_owned(),
            text(entry, "version").to_owned(),
        )
    });
    entries
        .into_iter()
        .for_each(|entry| all.push(entry.clone()));
    let mut lock = DocumentMut::new();
    lock.insert("version", toml_edit::value(4));
    lock.insert("package", Item::ArrayOfTables(all));
    write_atomically(&folder.join(FILE), format!("{HEAD}{lock}").as_bytes())?;
    Ok(used.len())
}

/// A lock with what a folder's has besides.
pub(in crate::build::deps) fn merged(lock: &str, folders: &str) -> io::Result<String> {
    let (mut all, more) = (parse(lock)?, parse(folders)?);
    let more: Vec<Table> = packages(&more)
        .filter(|entry| !packages(&all).any(|own| is_like(own, entry)))
        .cloned()
        .collect();
    if let Some(entries) = all
        .get_mut("package")
        .and_then(Item::as_array_of_tables_mut)
    {
        more.into_iter().for_each(|entry| entries.push(entry));
    }
    Ok(all.to_string())
}

/// A lock less the crates of these names that come from elsewhere: what takes their place may have another version.
pub(in crate::build::deps) fn without(lock: &str, names: &BTreeSet<String>) -> io::Result<String> {
    let mut all = parse(lock)?;
    if let Some(entries) = all
        .get_mut("package")
        .and_then(Item::as_array_of_tables_mut)
    {
        entries
            .retain(|entry| !entry.contains_key("source") || !names.contains(text(entry, "name")));
    }
    Ok(all.to_string())
}

/// The crates of a session that are not as a folder's lock has them: their names, versions, and what that has.
pub fn differences(lock: &str, step: &Step) -> io::Result<Vec<String>> {
    let lock = parse(lock)?;
    let used = step
        .packages
        .iter()
        .filter(|package| package.is_used && !package.is_local);
    let differs = used.filter_map(|package| {
        let mut like = packages(&lock).filter(|entry| {
            text(entry, "name") == package.name
                && series(text(entry, "version")) == package.series()
        });
        let own = like.next().map(|entry| text(entry, "version"));
        let (name, version) = (&package.name, &package.version);
        match own {
            Some(own) if own == version => None,
            Some(own) => Some(format!("`{name}` is {version} here and {own} there")),
            None => Some(format!("`{name}` {version} is not there")),
        }
    });
    Ok(differs.collect())
}

fn parse(text: &str) -> io::Result<DocumentMut> {
    text.parse().map_err(io::Error::other)
}

fn packages(lock: &DocumentMut) -> impl Iterator<Item = &Table> {
    let packages = lock.get("package").and_then(Item::as_array_of_tables);
    packages.into_iter().flat_map(ArrayOfTables::iter)
}

fn text<'a>(entry: &'a Table, key: &str) -> &'a str {
    entry.get(key).and_then(Item::as_str).unwrap_or_default()
}

/// Whether one can stand in the other's place.
fn is_like(a: &Table, b: &Table) -> bool {
    text(a, "name") == text(b, "name") && series(text(a, "version")) == series(text(b, "version"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUNTIMES: &str = "version = 4\n\n[[package]]\nname = \"tea\"\nversion = \"1.2.0\"\n";
    const FOLDERS: &str = "version = 4\n\n[[package]]\nname = \"milk\"\nversion = \"0.3.1\"\n\n\
                           [[package]]\nname = \"tea\"\nversion = \"1.1.0\"\n\n[[package]]\nname = \"tea\"\nversion = \"2.0.0\"\n";

    #[test]
    fn what_the_runtime_has_goes_before() {
        let all = merged(RUNTIMES, FOLDERS).expect("TOML");
        let all = parse(&all).expect("TOML");
        let entries: Vec<_> = packages(&all)
            .map(|entry| (text(entry, "name"), text(entry, "version")))
            .collect();
        assert_eq!(
            entries,
            [("tea", "1.2.0"), ("milk", "0.3.1"), ("tea", "2.0.0")]
        );
    }

    #[test]
    fn a_lock_that_is_none_is_an_error() {
        assert!(merged(RUNTIMES, "<<<<<<< HEAD").is_err());
    }
}
