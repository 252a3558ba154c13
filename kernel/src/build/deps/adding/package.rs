//! The package that has a session's crates as its dependencies, as cargo is given it.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

use toml_edit::{DocumentMut, Item, Table};

use crate::build::deps::requested::local::{self, State};
use crate::build::deps::requested::specs::{self, Specs};
use crate::build::runtime;

/// Its name.
pub(super) const NAME: &str = "woozle-notebook";

/// The name of the package that it has for what the runtime uses: so features are those that the runtime has, too, and its
/// builds will do.
pub(super) const BASE: &str = "woozle-base";

/// The name of the package that asks for features before others do. One package cannot name a crate in two ways.
pub(super) const WIDE: &str = "woozle-wide";

/// A package to be written.
pub(super) struct Package<'a> {
    /// Its dependencies, with the paths of local crates as they are.
    pub(super) lines: &'a Specs,
    /// What takes the place of crates of a registry, by the registry's name or address.
    pub(super) patches: &'a std::collections::BTreeMap<String, Specs>,
    /// The local crates among all these.
    pub(super) local: &'a std::collections::BTreeMap<String, State>,
    /// The folder of the links that local crates are reached by.
    pub(super) links: &'a Path,
    /// What is asked for with more features than others do as yet.
    pub(super) wide: Specs,
}

impl Package<'_> {
    /// Writes it into a folder.
    pub(super) fn write(&self, folder: &Path) -> io::Result<()> {
        let mut dependencies = String::new();
        for (name, value) in self.lines {
            let value = self.linked(name, value)?;
            let _ = writeln!(dependencies, "{name} = {value}");
        }
        if !self.wide.is_empty() {
            let _ = writeln!(dependencies, "{WIDE} = {{ path = \"{WIDE}\" }}");
            write_package(&folder.join(WIDE), &wide(&self.wide))?;
        }
        let mut patches = String::new();
        for (source, crates) in self.patches {
            let _ = writeln!(patches, "\n[patch.{source:?}]");
            for (name, value) in crates {
                let value = self.linked(&specs::patch(source, name), value)?;
                let _ = writeln!(patches, "{name} = {value}");
            }
        }
        // Of edition 2021, which takes `default_features`, as many notebooks write it.
        let manifest = format!(
            "{}\n[workspace]\nresolver = \"3\"\n\n[dependencies]\n{BASE} = {{ path = \"base\" }}\n{dependencies}{patches}",
            head(NAME)
        );
        write_package(&folder.join("base"), &base())?;
        write_package(folder, &manifest)
    }

    /// A value with its path by way of a link, if it has one.
    fn linked(&self, name: &str, value: &str) -> io::Result<String> {
        match self.local.get(name) {
            Some(state) => local::by_way_of(self.links, state, value),
            None => Ok(value.to_owned()),
        }
    }
}

fn write_package(folder: &Path, manifest: &str) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("Cargo.toml"), manifest)?;
    fs::write(folder.join("lib.rs"), "")
}

/// The manifest of the package that asks for more features.
fn wide(lines: &Specs) -> String {
    let mut manifest = head(WIDE);
    manifest.push_str("\n[dependencies]\n");
    for (name, value) in lines {
        let _ = writeln!(manifest, "{name} = {value}");
    }
    manifest
}

/// What the manifest of a package with no code begins with.
fn head(name: &str) -> String {
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n[lib]\npath = \"lib.rs\"\n"
    )
}

/// The manifest of the package for what the runtime uses.
fn base() -> String {
    let runtime = runtime::manifest().parse::<DocumentMut>();
    let runtime = runtime.unwrap_or_default();
    let mut base = head(BASE).parse::<DocumentMut>().unwrap_or_default();
    for table in ["dependencies", "build-dependencies"] {
        let mut own = Table::new();
        let crates = runtime.get(table).and_then(Item::as_table_like);
        for (name, value) in crates.into_iter().flat_map(|crates| crates.iter()) {
            let mut value = value.clone();
            let version = match value.as_str() {
                Some(version) => Some(version.to_owned()),
                None => value
                    .get("version")
                    .and_then(Item::as_str)
                    .map(str::to_owned),
            };
            if let Some(version) = version {
                let series = toml_edit::value(series(&version));
                match value.as_table_like_mut() {
                    Some(table) => drop(table.insert("version", series)),
                    None => value = series,
                }
            }
            own.insert(name, value);
        }
        base.insert(table, Item::Table(own));
    }
    base.to_string()
}

/// A version's part that says what can take its place: a notebook may ask for an older one than the runtime does, and the
/// lock file says which it is.
fn series(version: &str) -> String {
    let mut parts = version.split('.');
    match (parts.next(), parts.next()) {
        (Some("0"), Some(minor)) => format!("0.{minor}"),
        (Some(major), _) => major.to_owned(),
        (None, _) => version.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runtimes_crates_come_along_in_any_version_that_will_do() {
        let base = base().parse::<DocumentMut>().expect("a manifest");
        let version = |table: &str, name: &str| {
            let value = &base[table][name];
            let version = value.as_str().or_else(|| value["version"].as_str());
            version.expect("a version").to_owned()
        };
        assert_eq!(version("dependencies", "serde"), "1");
        assert_eq!(version("dependencies", "rand"), "0.10");
        assert!(base["dependencies"]["serde"]["features"].is_array());
        assert_eq!(version("build-dependencies", "syn"), "3");
    }
}
