//! The package that has a cell's crates as its dependencies: named, written, built.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::specs::Specs;
use super::{executor, local};
use crate::build::cache::{self, CacheError};
use crate::build::cargo::{self, ARTIFACTS, Build, CargoError};
use crate::build::runtime;
use crate::build::toolchain::Toolchain;

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

/// How crates are built.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Whether cargo does without the network.
    pub offline: bool,
    /// Environment variables for build scripts.
    pub environment: BTreeMap<String, String>,
}

/// The name of the package that cargo builds for these crates. It changes when a local crate does.
#[must_use]
pub fn package(toolchain: &Toolchain, specs: &Specs) -> String {
    let mut hash = Sha256::new();
    hash.update(toolchain.version.as_bytes());
    for (name, value) in specs {
        hash.update(format!("{name} = {value}\n"));
    }
    hash.update(executor::source(specs));
    if local::folders(specs).next().is_some() {
        hash.update(local::fingerprint(specs));
    }
    format!("{PREFIX}{}", &hex::encode(hash.finalize())[..16])
}

const PREFIX: &str = "woozle_deps_";

/// Whether cells can run within a tokio of these crates.
#[must_use]
pub fn has_executor(specs: &Specs) -> bool {
    executor::is_among(specs)
}

/// Whether some of these crates lie on this machine's disk, where they may change.
#[must_use]
pub fn has_local(specs: &Specs) -> bool {
    local::folders(specs).next().is_some()
}

/// Builds crates, or finds them in the cache; `progress` is told what happens.
///
/// # Errors
/// When a crate does not exist, does not build, or the cache cannot be used.
pub fn get(
    toolchain: &Toolchain,
    specs: &Specs,
    settings: &Settings,
    watch: Option<&dyn cargo::Watch>,
    progress: &mut dyn FnMut(cargo::Step<'_>),
) -> Result<Bundle, DepError> {
    let name = package(toolchain, specs);
    let key = name.trim_start_matches(PREFIX);
    let folder = cache::prepare()?.join(format!("deps-{key}"));
    if let Some(bundle) = open(&folder, &name) {
        return Ok(bundle);
    }
    let _lock = cache::lock(&format!("deps-{key}.lock"))?;
    if let Some(bundle) = open(&folder, &name) {
        return Ok(bundle); // another kernel has built it meanwhile
    }
    let work = folder.with_extension("building");
    let crates = prepare(specs, &name, &work)?;
    let build = Build {
        toolchain,
        folder: &work,
        package: &name,
        flags: &["-Cprefer-dynamic".to_owned(), format!("-Cmetadata={name}")],
        offline: settings.offline,
        environment: &settings.environment,
        wanted: &|library| library == name || crates.iter().any(|own| own == library),
        watch,
    };
    if let Err(error) = build.run(progress) {
        // What has been compiled is of use the next time.
        if !work.join("target/release").exists() {
            let _ = fs::remove_dir_all(&work);
        }
        return Err(error.into());
    }
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::rename(&work, &folder)?;
    folder.parent().into_iter().for_each(cargo::prune);
    open(&folder, &name).ok_or_else(|| std::io::Error::other("cargo built nothing").into())
}

/// The versions of crates that a build chose, as `name version`.
#[must_use]
pub fn versions(bundle: &Bundle, specs: &Specs) -> Vec<String> {
    let folder = bundle.search.parent();
    let lock = folder.and_then(|folder| fs::read_to_string(folder.join("Cargo.lock")).ok());
    let lock = lock.unwrap_or_default();
    let version = |name: &String| {
        let entry = format!("name = \"{name}\"\nversion = \"");
        let (_, rest) = lock.split_once(&entry)?;
        rest.split('"').next()
    };
    let named = specs.keys().map(|name| match version(name) {
        Some(version) => format!("{name} {version}"),
        None => name.clone(),
    });
    named.collect()
}

fn open(folder: &Path, name: &str) -> Option<Bundle> {
    Some(Bundle {
        name: name.to_owned(),
        externs: cargo::read_list(folder)?,
        search: folder.join(ARTIFACTS),
    })
}

/// Writes the package that has the crates as its dependencies; gives their names in Rust.
fn prepare(specs: &Specs, name: &str, folder: &Path) -> std::io::Result<Vec<String>> {
    fs::create_dir_all(folder.join("src"))?;
    let dependencies: String = specs
        .iter()
        .map(|(name, value)| {
            let value = executor::with_feature(name, value, specs);
            format!("{name} = {value}\n")
        })
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
    let source = format!("{}{uses}", executor::source(specs));
    fs::write(folder.join("src/lib.rs"), source)?;
    Ok(crates)
}
