//! Crates on this machine's disk: their names, and whether they have changed.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use sha2::{Digest, Sha256};
use toml_edit::{DocumentMut, Item, TableLike};

use super::specs::Specs;
use crate::system::files;

/// The name of the crate in a folder.
pub(super) fn name(folder: &Path) -> Result<String, String> {
    let file = folder.join("Cargo.toml");
    let text = read(&file).map_err(|error| {
        let folder = folder.display();
        format!("there is no crate in {folder}: its Cargo.toml cannot be read ({error})")
    })?;
    let manifest = text
        .parse::<DocumentMut>()
        .map_err(|error| format!("{} is wrong: {error}", file.display()))?;
    let name = manifest
        .get("package")
        .and_then(|package| package.get("name"));
    name.and_then(Item::as_str)
        .map(str::to_owned)
        .ok_or_else(|| format!("{} names no package", file.display()))
}

fn read(manifest: &Path) -> io::Result<String> {
    let text = files::read(manifest, files::SMALL)?;
    String::from_utf8(text).map_err(io::Error::other)
}

/// The folders of the crates that are given by their paths.
pub(super) fn folders(specs: &Specs) -> impl Iterator<Item = PathBuf> {
    specs.values().filter_map(|value| {
        let value = value.parse::<toml_edit::Value>().ok()?;
        let path = value.as_inline_table()?.get("path")?.as_str()?;
        Some(PathBuf::from(path))
    })
}

/// Stands for the state of local crates, and of the local crates that those use: names, sizes and
/// times of all files.
pub(super) fn fingerprint(specs: &Specs) -> String {
    let mut todo: Vec<PathBuf> = folders(specs).collect();
    let mut seen = BTreeSet::new();
    let mut hash = Sha256::new();
    while let Some(folder) = todo.pop() {
        if !seen.insert(folder.clone()) {
            continue;
        }
        todo.extend(used_by(&folder));
        let mut files = Vec::new();
        files_below(&folder, &mut files);
        files.sort();
        for file in files {
            hash.update(file);
        }
    }
    hex::encode(hash.finalize())
}

/// The folders of the local crates that a local crate uses.
fn used_by(folder: &Path) -> Vec<PathBuf> {
    let text = read(&folder.join("Cargo.toml")).unwrap_or_default();
    let Ok(manifest) = text.parse::<DocumentMut>() else {
        return Vec::new();
    };
    let tables = ["dependencies", "build-dependencies"];
    let tables = tables
        .iter()
        .filter_map(|name| manifest.get(name)?.as_table_like());
    let paths = tables.flat_map(TableLike::iter).filter_map(|(_, value)| {
        let path = value.as_table_like()?.get("path")?.as_str()?;
        folder.join(path).canonicalize().ok()
    });
    paths.collect()
}

/// Name, size and time of each file; not of what is hidden or built.
fn files_below(folder: &Path, files: &mut Vec<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let Ok(about) = entry.metadata() else {
            continue;
        };
        if name.starts_with('.') || name == "target" {
            continue;
        }
        if about.is_dir() {
            files_below(&entry.path(), files);
        } else {
            let time = about.modified().ok();
            let time = time.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
            files.push(format!(
                "{} {} {:?}\n",
                entry.path().display(),
                about.len(),
                time.unwrap_or_default()
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_shows_also_in_a_crate_that_is_used() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| {
            let file = folder.path().join(name);
            fs::create_dir_all(file.parent().expect("a folder")).expect("created");
            fs::write(file, text).expect("written");
        };
        write("a/Cargo.toml", "[dependencies]\nb = { path = \"../b\" }\n");
        write("b/Cargo.toml", "[dependencies]\na = { path = \"../a\" }\n");
        write("b/src/lib.rs", "");
        let value = format!("{{ path = {:?} }}", folder.path().join("a"));
        let specs = Specs::from([("a".to_owned(), value)]);
        let first = fingerprint(&specs);
        write("b/target/debug/b.rlib", "built");
        assert_eq!(fingerprint(&specs), first);
        write("b/src/lib.rs", "pub fn f() {}");
        assert_ne!(fingerprint(&specs), first);
        assert_eq!(
            fingerprint(&Specs::from([("a".to_owned(), "\"1\"".to_owned())])),
            fingerprint(&Specs::new())
        );
    }
}
