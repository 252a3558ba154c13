//! Building what stands in std's place into the cache, once for each rustc and each version of it.

use std::collections::BTreeMap;
use std::fs;
use std::iter;
use std::path::{Path, PathBuf};

use crate::build::cache::{self, CacheError};
use crate::build::cargo::{self, ARTIFACTS, Build, CargoError, Step, Watch};
use crate::build::sources;
use crate::build::toolchain::Toolchain;

/// The package's sources, by their names below the root of the repository.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/explore_files.rs"));

/// The name of the package that has the runtime's primitives; the other one is built with it.
const NAME: &str = "woozle-model";

/// The names of the libraries: what stands in std's place, the runtime's primitives, and what stands in parking_lot's place.
const LIBRARY: &str = "std";
const RUNTIME: &str = "woozle";
const PARKING_LOT: &str = "parking_lot";

/// Why it is not there.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PackageError {
    /// The cache folder is no good.
    #[error(transparent)]
    Cache(#[from] CacheError),
    /// A file could not be written or read.
    #[error("what `%%explore` needs could not be built in the cache folder: {0}")]
    Io(#[from] std::io::Error),
    /// cargo failed.
    #[error("what `%%explore` needs could not be built:\n{0}")]
    Cargo(#[from] CargoError),
}

/// What stands in std's place.
#[derive(Debug, Clone)]
pub(crate) struct Package {
    /// The library.
    pub(crate) library: PathBuf,
    /// The runtime's primitives.
    pub(crate) runtime: PathBuf,
    /// What stands in parking_lot's place.
    pub(crate) parking_lot: PathBuf,
    /// The folder of the crates that it uses.
    pub(crate) folder: PathBuf,
}

/// The library; builds it if the cache has none, and then tells `progress` what happens. `watch` may end
/// that.
///
/// # Errors
/// When it cannot be built.
pub(crate) fn get(
    toolchain: &Toolchain,
    watch: &dyn Watch,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<Package, PackageError> {
    let folder = folder(&cache::prepare()?, toolchain);
    if let Some(package) = open(&folder) {
        return Ok(package);
    }
    let _lock = cache::lock(&format!("explore-{}.lock", key(toolchain)))?;
    if let Some(package) = open(&folder) {
        return Ok(package); // another kernel has built it meanwhile
    }
    let work = folder.with_extension("building");
    build(toolchain, &work, watch, progress)?;
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::rename(&work, &folder)?;
    folder.parent().into_iter().for_each(cargo::prune);
    open(&folder).ok_or_else(|| std::io::Error::other("cargo built nothing").into())
}

/// Whether it is in the cache.
pub(crate) fn is_built(toolchain: &Toolchain) -> bool {
    open(&folder(&cache::folder(), toolchain)).is_some()
}

fn folder(cache: &Path, toolchain: &Toolchain) -> PathBuf {
    cache.join(format!("explore-{}", key(toolchain)))
}

fn key(toolchain: &Toolchain) -> String {
    let flags = flags(toolchain).join(" ");
    let files = FILES.iter().flat_map(|(name, text)| [*name, *text]);
    cache::key(
        iter::once(&*toolchain.version)
            .chain([&*flags])
            .chain(files),
    )
}

/// It is found beside the crates that it uses, and finds rustc's own std.
fn flags(toolchain: &Toolchain) -> [String; 2] {
    let path = toolchain.libraries.display();
    [
        "-Cprefer-dynamic".to_owned(),
        format!("-Clink-arg=-Wl,-rpath,$ORIGIN:{path}"),
    ]
}

fn open(folder: &Path) -> Option<Package> {
    let libraries = cargo::read_list(folder)?;
    let find = |wanted: &str| {
        let mut named = libraries.iter();
        let found = named.find(|(name, _)| name == wanted);
        found.map(|(_, path)| path.clone())
    };
    Some(Package {
        library: find(LIBRARY)?,
        runtime: find(RUNTIME)?,
        parking_lot: find(PARKING_LOT)?,
        folder: folder.join(ARTIFACTS),
    })
}

fn build(
    toolchain: &Toolchain,
    folder: &Path,
    watch: &dyn Watch,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<(), PackageError> {
    let package = folder.join("explore");
    for (name, text) in FILES {
        sources::write(folder, name, text)?;
    }
    let build = Build {
        toolchain,
        folder: &package,
        target: &folder.join("target"),
        config: None,
        package: NAME,
        flags: &flags(toolchain),
        offline: false,
        environment: &BTreeMap::new(),
        watch: Some(watch),
    };
    let built = build.run(progress)?;
    let mut libraries = built.gather(&folder.join(ARTIFACTS))?;
    libraries.retain(|(name, path)| {
        [LIBRARY, RUNTIME, PARKING_LOT].contains(&&**name)
            && path.extension().is_some_and(|extension| extension == "so")
    });
    cargo::write_list(folder, libraries)?;
    fs::remove_dir_all(folder.join("target"))?; // the artifacts are elsewhere, too
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_package_is_whole() {
        let names: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
        for name in [
            "explore/Cargo.toml",
            "explore/Cargo.lock",
            "explore/src/lib.rs",
            "explore/src/sync/atomic.rs",
            "explore/model/src/lib.rs",
            "runtime/src/wait/set.rs",
            "runtime/src/threading/thread/panics/catch.rs",
        ] {
            assert!(names.contains(&name), "{name} is not in {names:?}");
        }
    }
}
