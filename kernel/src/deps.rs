//! Crates that a notebook adds with `:dep`.
//!
//! The crates of one cell's `:dep` lines are built together by cargo, once into the cache, into
//! one shared library, which every later cell is linked to: their statics exist once. They are
//! told apart from the crates that the runtime brings by metadata of their own, so that both may
//! contain a crate of the same name.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::cache::{self, CacheError};
use crate::cargo::{self, CargoError};
use crate::runtime;
use crate::toolchain::Toolchain;

/// Crates as they stand in Cargo.toml: names and values.
pub type Specs = BTreeMap<String, String>;

/// A shared library with crates in it.
#[derive(Debug, Clone)]
pub struct Bundle {
    /// The name of the crate that holds the others.
    pub name: String,
    /// All that cells are compiled against: crates' names and their libraries.
    pub externs: Vec<(String, PathBuf)>,
    /// Where rustc finds the crates that those use.
    pub search: PathBuf,
}

/// Why crates could not be added.
#[derive(Debug, thiserror::Error)]
pub enum DepError {
    /// The cache folder is no good.
    #[error(transparent)]
    Cache(#[from] CacheError),
    /// A file could not be written or read.
    #[error("the crates could not be built in the cache folder: {0}")]
    Io(#[from] std::io::Error),
    /// cargo failed.
    #[error(transparent)]
    Cargo(#[from] CargoError),
}

/// Whether the runtime brings a crate that will do.
#[must_use]
pub fn is_built_in(name: &str, value: &str) -> bool {
    let Some(version) = runtime::crate_version(name) else {
        return false;
    };
    let requirement = value.trim_matches('"');
    semver::VersionReq::parse(requirement).is_ok_and(|requirement| requirement.matches(&version))
}

/// Builds crates, or finds them in the cache; `progress` is told what happens, line by line.
///
/// # Errors
/// When a crate does not exist, does not build, or the cache cannot be used.
pub fn get(
    toolchain: &Toolchain,
    specs: &Specs,
    progress: &mut dyn FnMut(&str),
) -> Result<Bundle, DepError> {
    let key = key(toolchain, specs);
    let name = format!("woozle_deps_{key}");
    let folder = cache::prepare()?.join(format!("deps-{key}"));
    if let Some(bundle) = open(&folder, &name) {
        return Ok(bundle);
    }
    let _lock = cache::lock(&format!("deps-{key}.lock"))?;
    if let Some(bundle) = open(&folder, &name) {
        return Ok(bundle); // another kernel has built it meanwhile
    }
    let work = folder.with_extension("building");
    build(toolchain, specs, &name, &work, progress)?;
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::rename(&work, &folder)?;
    folder.parent().into_iter().for_each(cargo::prune);
    open(&folder, &name).ok_or_else(|| std::io::Error::other("cargo built nothing").into())
}

fn key(toolchain: &Toolchain, specs: &Specs) -> String {
    let mut hash = Sha256::new();
    hash.update(toolchain.version.as_bytes());
    for (name, value) in specs {
        hash.update(format!("{name} = {value}\n"));
    }
    hash.finalize()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn open(folder: &Path, name: &str) -> Option<Bundle> {
    Some(Bundle {
        name: name.to_owned(),
        externs: cargo::read_list(folder)?,
        search: folder.join("target/release/deps"),
    })
}

fn build(
    toolchain: &Toolchain,
    specs: &Specs,
    name: &str,
    folder: &Path,
    progress: &mut dyn FnMut(&str),
) -> Result<(), DepError> {
    fs::create_dir_all(folder.join("src"))?;
    let dependencies: String = specs
        .iter()
        .map(|(name, value)| format!("{name} = {value}\n"))
        .collect();
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [lib]\ncrate-type = [\"dylib\"]\n\n[workspace]\n\n[dependencies]\n{dependencies}"
    );
    fs::write(folder.join("Cargo.toml"), manifest)?;
    let crates: Vec<String> = specs.keys().map(|name| name.replace('-', "_")).collect();
    let uses: String = crates
        .iter()
        .map(|name| format!("extern crate {name} as _;\n"))
        .collect();
    fs::write(folder.join("src/lib.rs"), uses)?;
    let flags = ["-Cprefer-dynamic".to_owned(), format!("-Cmetadata={name}")];
    let wanted = |library: &str| library == name || crates.iter().any(|own| own == library);
    cargo::build(toolchain, folder, name, &flags, &wanted, progress)?;
    Ok(())
}
