//! Crates on this machine's disk: their names, and whether they have changed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use toml_edit::{DocumentMut, Item, TableLike, Value};

use super::contents;
use super::specs::Specs;
use crate::build::deps::step::Local;
use crate::system::files;

/// The name of the crate in a folder.
pub(in crate::build::deps) fn name(folder: &Path) -> Result<String, String> {
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

/// A local crate as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::build::deps) struct State {
    /// Stands for the files of the crate, and of the local crates that it uses: their names, and what is in them.
    pub(in crate::build::deps) fingerprint: String,
    /// The link by which cargo comes to it, and to all local crates that have some of these in common: of one crate there
    /// cannot be two ways.
    pub(in crate::build::deps) link: String,
}

/// The local crates among others, by the names of their lines.
pub(in crate::build::deps) fn states(specs: &Specs) -> BTreeMap<String, State> {
    let used: BTreeMap<&String, BTreeSet<PathBuf>> = specs
        .iter()
        .filter_map(|(name, value)| Some((name, all_used_by(&folder(value)?))))
        .collect();
    let fingerprint = |folders: &BTreeSet<PathBuf>| {
        let mut hash = Sha256::new();
        folders
            .iter()
            .flat_map(|folder| files_of(folder))
            .for_each(|file| hash.update(file));
        hex::encode(&hash.finalize()[..8])
    };
    let group_of = |own: &BTreeSet<PathBuf>| {
        let mut group = own.clone();
        loop {
            let size = group.len();
            for folders in used.values() {
                if !folders.is_disjoint(&group) {
                    group.extend(folders.iter().cloned());
                }
            }
            if group.len() == size {
                return group;
            }
        }
    };
    let states = used.iter().map(|(name, folders)| {
        let state = State {
            fingerprint: fingerprint(folders),
            link: fingerprint(&group_of(folders)),
        };
        ((*name).clone(), state)
    });
    states.collect()
}

/// Crates that come to those of a step, and do not change them, are reached by the same link.
pub(in crate::build::deps) fn keep_links(states: &mut BTreeMap<String, State>, before: &[Local]) {
    let mut kept: BTreeMap<String, Option<String>> = BTreeMap::new();
    for local in before {
        let Some(state) = states.get(&local.line) else {
            continue;
        };
        let is_as_before = state.fingerprint == local.fingerprint;
        let link = is_as_before.then(|| local.link.clone());
        let of_group = kept
            .entry(state.link.clone())
            .or_insert_with(|| link.clone());
        if *of_group != link {
            *of_group = None;
        }
    }
    for state in states.values_mut() {
        if let Some(Some(link)) = kept.get(&state.link) {
            state.link.clone_from(link);
        }
    }
}

/// A crate's value with its path by way of a link to `/`, whose name stands for the state of the crate: cargo and rustc
/// take each state for another crate, so that those of earlier cells stay as they are.
///
/// # Errors
/// When the link cannot be made.
pub(in crate::build::deps) fn by_way_of(
    links: &Path,
    state: &State,
    value: &str,
) -> io::Result<String> {
    let Ok(Value::InlineTable(mut table)) = value.parse::<Value>() else {
        return Ok(value.to_owned());
    };
    let link = links.join(&state.link);
    fs::create_dir_all(links)?;
    match std::os::unix::fs::symlink("/", &link) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    if let Some(path) = table.get("path").and_then(Value::as_str) {
        let path = link.join(path.trim_start_matches('/'));
        table.insert("path", path.to_string_lossy().into_owned().into());
    }
    Ok(Value::from(table).to_string())
}

/// The folder of a crate that is given by its path.
fn folder(value: &str) -> Option<PathBuf> {
    let value = value.parse::<Value>().ok()?;
    let path = value.as_inline_table()?.get("path")?.as_str()?;
    Some(PathBuf::from(path))
}

/// A folder, and those of the local crates that the crate in it uses.
fn all_used_by(folder: &Path) -> BTreeSet<PathBuf> {
    let mut todo = vec![folder.to_owned()];
    let mut seen = BTreeSet::new();
    while let Some(folder) = todo.pop() {
        if seen.insert(folder.clone()) {
            todo.extend(used_by(&folder));
        }
    }
    seen
}

fn manifest(folder: &Path) -> Option<DocumentMut> {
    read(&folder.join("Cargo.toml")).ok()?.parse().ok()
}

/// The folders of the local crates that a local crate uses.
fn used_by(folder: &Path) -> Vec<PathBuf> {
    let Some(manifest) = manifest(folder) else {
        return Vec::new();
    };
    let workspace = workspace_of(folder);
    let shared = workspace.as_ref().and_then(|(_, manifest)| {
        manifest
            .get("workspace")?
            .get("dependencies")?
            .as_table_like()
    });
    let tables = ["dependencies", "build-dependencies"];
    let tables = tables
        .iter()
        .filter_map(|name| manifest.get(name)?.as_table_like());
    let paths = tables
        .flat_map(TableLike::iter)
        .filter_map(|(name, value)| {
            let value = value.as_table_like()?;
            let (path, base) = match value.get("path") {
                Some(path) => (path, folder),
                None => {
                    value.get("workspace")?.as_bool().filter(|is| *is)?;
                    let path = shared?.get(name)?.as_table_like()?.get("path")?;
                    (path, &*workspace.as_ref()?.0)
                }
            };
            base.join(path.as_str()?).canonicalize().ok()
        });
    paths.collect()
}

/// The workspace that a crate is in: its folder, and its manifest.
fn workspace_of(folder: &Path) -> Option<(PathBuf, DocumentMut)> {
    folder.ancestors().find_map(|folder| {
        let manifest = manifest(folder)?;
        manifest.get("workspace")?;
        Some((folder.to_owned(), manifest))
    })
}

/// Name and contents of each file that a crate is made of.
fn files_of(folder: &Path) -> Vec<String> {
    let mut files = Vec::new();
    files_below(folder, &mut files);
    if let Some((workspace, _)) = workspace_of(folder)
        && workspace != folder
    {
        let manifest = workspace.join("Cargo.toml");
        files.extend(
            manifest
                .metadata()
                .ok()
                .map(|about| entry(&manifest, &about)),
        );
    }
    files.sort();
    files
}

/// Name and contents of each file; not of what is hidden or built.
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
            files.push(self::entry(&entry.path(), &about));
        }
    }
}

fn entry(file: &Path, about: &fs::Metadata) -> String {
    format!("{} {}\n", file.display(), contents::sum(file, about))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(folder: &Path, name: &str, text: &str) {
        let file = folder.join(name);
        fs::create_dir_all(file.parent().expect("a folder")).expect("created");
        fs::write(file, text).expect("written");
    }

    fn a_uses_b(folder: &Path) {
        let manifest = "[dependencies]\nb = { path = \"../b\" }\n";
        write(folder, "a/Cargo.toml", manifest);
    }

    fn line(folder: &Path, name: &str) -> (String, String) {
        (
            name.to_owned(),
            format!("{{ path = {:?} }}", folder.join(name)),
        )
    }

    #[test]
    fn a_change_shows_also_in_a_crate_that_is_used() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path();
        a_uses_b(folder);
        write(
            folder,
            "b/Cargo.toml",
            "[dependencies]\na = { path = \"../a\" }\n",
        );
        write(folder, "b/src/lib.rs", "");
        let specs = Specs::from([line(folder, "a"), ("c".to_owned(), "\"1\"".to_owned())]);
        let first = states(&specs);
        assert_eq!(first.keys().collect::<Vec<_>>(), ["a"]);
        write(folder, "b/target/debug/b.rlib", "built");
        assert_eq!(states(&specs), first);
        write(folder, "b/src/lib.rs", "pub fn f() {}");
        assert_ne!(states(&specs), first);
    }

    #[test]
    fn what_a_workspace_says_is_part_of_its_members() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path();
        let workspace = "[workspace]\n[workspace.dependencies]\nb = { path = \"b\" }\n";
        write(folder, "Cargo.toml", workspace);
        write(
            folder,
            "a/Cargo.toml",
            "[dependencies]\nb = { workspace = true }\n",
        );
        write(folder, "b/Cargo.toml", "");
        let specs = Specs::from([line(folder, "a")]);
        let first = states(&specs);
        write(folder, "b/src/lib.rs", "pub fn f() {}");
        let second = states(&specs);
        assert_ne!(second, first);
        write(
            folder,
            "Cargo.toml",
            &format!("{workspace}[workspace.lints]\n"),
        );
        assert_ne!(states(&specs), second);
    }

    #[test]
    fn crates_that_use_the_same_ones_change_together() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path();
        a_uses_b(folder);
        write(folder, "b/Cargo.toml", "");
        write(folder, "c/Cargo.toml", "");
        let all = ["a", "b", "c"].map(|name| line(folder, name));
        let states = states(&Specs::from(all));
        assert_eq!(states["a"].link, states["b"].link);
        assert_ne!(states["a"].fingerprint, states["b"].fingerprint);
        assert_ne!(states["a"].link, states["c"].link);
    }

    #[test]
    fn a_crate_that_others_come_to_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path();
        a_uses_b(folder);
        write(folder, "b/Cargo.toml", "");
        let alone = states(&Specs::from([line(folder, "b")]));
        let before = [Local {
            line: "b".to_owned(),
            name: Some("b".to_owned()),
            fingerprint: alone["b"].fingerprint.clone(),
            link: alone["b"].link.clone(),
        }];
        let both = Specs::from(["a", "b"].map(|name| line(folder, name)));
        let mut together = states(&both);
        assert_ne!(together["b"].link, alone["b"].link);
        keep_links(&mut together, &before);
        assert!(together.values().all(|state| state.link == alone["b"].link));
        write(folder, "b/src/lib.rs", "");
        let mut changed = states(&both);
        keep_links(&mut changed, &before);
        assert!(changed.values().all(|state| state.link != alone["b"].link));
    }

    #[test]
    fn the_way_to_a_crate_changes_with_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let links = folder.path().join("links");
        write(folder.path(), "a/Cargo.toml", "[package]");
        let specs = Specs::from([line(folder.path(), "a")]);
        let states = states(&specs);
        let value = by_way_of(&links, &states["a"], &specs["a"]).expect("linked");
        let path = self::folder(&value).expect("a path");
        assert!(path.starts_with(links.join(&states["a"].link)));
        assert_eq!(
            fs::read_to_string(path.join("Cargo.toml")).expect("read"),
            "[package]"
        );
        by_way_of(&links, &states["a"], &specs["a"]).expect("again");
    }
}
