//! Building the runtime crate into the cache, once for each rustc and each version of Woozle.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::build::cache::{self, CacheError};
use crate::build::cargo::{self, ARTIFACTS, Build, CargoError, LIST, Step};
use crate::build::sources;
use crate::build::toolchain::Toolchain;
use crate::compiler::rustc;
use crate::compiler::rustc::link::lld::Lld;
use crate::compiler::rustc::probe::{self, Verdict};
use crate::compiler::rustc::warm::WarmRustc;

/// The runtime's sources, by their names below the workspace's root.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/runtime_files.rs"));

/// Crates of the runtime that cells can name without `:dep`.
pub const CRATES: [&str; 7] = [
    "rayon",
    "ndarray",
    "rand",
    "serde",
    "indicatif",
    "parking_lot",
    "libc",
];

/// The folder in which the runtime is built, and all crates of `:dep` beside it: what it uses is not built again for them.
pub(super) const TARGET: &str = "target";

/// The runtime, built.
#[derive(Debug, Clone)]
pub struct Runtime {
    /// The cell host.
    pub host: PathBuf,
    /// How cells are compiled against it.
    pub toolchain: rustc::Toolchain,
}

/// Why there is no runtime.
#[derive(Debug, thiserror::Error)]
pub enum RuntimeError {
    /// The cache folder is no good.
    #[error(transparent)]
    Cache(#[from] CacheError),
    /// A file could not be written or read.
    #[error("the runtime could not be built in the cache folder: {0}")]
    Io(#[from] std::io::Error),
    /// cargo failed.
    #[error("the runtime could not be built:\n{0}")]
    Cargo(#[from] CargoError),
}

/// Gives the runtime for a toolchain; builds it if the cache has none, and then tells `progress`
/// what happens, line by line.
///
/// # Errors
/// When it cannot be built.
pub fn get(toolchain: &Toolchain, progress: &mut dyn FnMut(&str)) -> Result<Runtime, RuntimeError> {
    let key = key(toolchain);
    let folder = cache::prepare()?.join(format!("runtime-{key}"));
    if let Some(runtime) = open(&folder, toolchain) {
        if verdict(&folder).is_none() {
            // Another version of the kernel has built it. Cells do not wait for that.
            let toolchain = toolchain.clone();
            std::thread::spawn(move || probe_into(&folder, &toolchain));
        }
        return Ok(runtime);
    }
    let _lock = cache::lock(&format!("runtime-{key}.lock"))?;
    if let Some(runtime) = open(&folder, toolchain) {
        return Ok(runtime); // another kernel has built it meanwhile
    }
    progress(BUILDING);
    let work = folder.with_extension("building");
    build(toolchain, &work, progress)?;
    probe_into(&work, toolchain);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::rename(&work, &folder)?;
    folder.parent().into_iter().for_each(cargo::prune);
    open(&folder, toolchain).ok_or_else(|| std::io::Error::other("cargo built nothing").into())
}

/// What the user is told while it is built.
pub const BUILDING: &str = "Building Woozle's runtime with this rustc; this happens once.";

/// Whether the runtime for a toolchain is in the cache; a first build takes its time.
#[must_use]
pub fn is_built(toolchain: &Toolchain) -> bool {
    let folder = cache::folder().join(format!("runtime-{}", key(toolchain)));
    folder.join(LIST).is_file()
}

/// The folder of the runtime's sources, as they were built for a toolchain.
#[must_use]
pub fn sources(toolchain: &Toolchain) -> PathBuf {
    let folder = cache::folder().join(format!("runtime-{}", key(toolchain)));
    folder.join("runtime")
}

/// What the probe has found out of a rustc for which there is a runtime; it is asked now, if that has not been done.
pub fn rustc_verdict(toolchain: &Toolchain) -> Option<Verdict> {
    let folder = cache::folder().join(format!("runtime-{}", key(toolchain)));
    verdict(&folder).or_else(|| probe_into(&folder, toolchain))
}

fn verdict(folder: &Path) -> Option<Verdict> {
    Verdict::read(&verdict_file(folder))
}

fn verdict_file(folder: &Path) -> PathBuf {
    folder.join(format!("rustc-verdict-{}", probe::key()))
}

/// Asks rustc whether it is as it is known, and keeps the answer beside the runtime, if there is one.
fn probe_into(folder: &Path, toolchain: &Toolchain) -> Option<Verdict> {
    let verdict = match probe::probe(&toolchain.rustc, &toolchain.release) {
        Ok(verdict) => verdict,
        Err(error) => {
            tracing::debug!(%error, "rustc could not be probed");
            return None;
        }
    };
    if folder.is_dir()
        && let Err(error) = verdict.write(&verdict_file(folder))
    {
        tracing::debug!(%error, "what is known of rustc could not be kept");
    }
    Some(verdict)
}

fn key(toolchain: &Toolchain) -> String {
    let flags = flags(toolchain).join(" ");
    let origin = cargo::origin();
    let built_with = [&*toolchain.version, &flags, &origin];
    let files = FILES.iter().flat_map(|(name, text)| [*name, *text]);
    cache::key(built_with.into_iter().chain(files))
}

/// How the runtime is compiled, and all crates of `:dep` beside it. Its search path is an old RPATH, which comes before
/// `LD_LIBRARY_PATH`: under `cargo run` that leads to another build of the same library.
pub(super) fn flags(toolchain: &Toolchain) -> [String; 2] {
    let path = toolchain.libraries.display();
    [
        "-Cprefer-dynamic".to_owned(),
        format!("-Clink-arg=-Wl,--disable-new-dtags,-rpath,$ORIGIN:{path}"),
    ]
}

fn open(folder: &Path, toolchain: &Toolchain) -> Option<Runtime> {
    let externs = cargo::read_list(folder)?;
    let artifacts = folder.join(ARTIFACTS);
    Some(Runtime {
        host: artifacts.join("woozle-host"),
        toolchain: rustc::Toolchain {
            runtime: folder.to_owned(),
            rustc: toolchain.rustc.clone(),
            std: toolchain.std().unwrap_or_default(),
            externs,
            dependencies: Vec::new(),
            bundles: Vec::new(),
            executor: None,
            search: vec![artifacts],
            natives: Vec::new(),
            link_argument: None,
            lld: Lld::find(&toolchain.libraries),
            warm: WarmRustc::default(),
            verdict: Some(verdict_file(folder)),
        },
    })
}

fn build(
    toolchain: &Toolchain,
    folder: &Path,
    progress: &mut dyn FnMut(&str),
) -> Result<(), RuntimeError> {
    for (name, text) in FILES {
        // the workspace is the runtime alone there
        let text = text
            .replace(r#"["kernel", "runtime", "tests"]"#, r#"["runtime"]"#)
            .replace(r#"["kernel"]"#, r#"["runtime"]"#);
        sources::write(folder, name, &text)?;
    }
    let build = Build {
        toolchain,
        folder,
        target: &folder.join(TARGET),
        config: None,
        package: "woozle",
        flags: &flags(toolchain),
        offline: false,
        environment: &BTreeMap::new(),
        watch: None,
    };
    let built = build.run(&mut |step| {
        if let Step::Said(line) = step {
            progress(line);
        }
    })?;
    let mut libraries = built.gather(&folder.join(ARTIFACTS))?;
    libraries.retain(|(name, _)| name == "woozle" || CRATES.contains(&&**name));
    cargo::write_list(folder, libraries)?;
    Ok(())
}

/// One of the runtime's sources, by its name below the workspace's root.
fn source(name: &str) -> &'static str {
    let source = FILES.iter().find(|(file, _)| *file == name);
    source.map_or("", |(_, text)| text)
}

/// The runtime's own manifest.
pub(super) fn manifest() -> &'static str {
    source("runtime/Cargo.toml")
}

/// The runtime's modules for users, with the sources of each; the first is the module's own file.
pub fn public_modules() -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    let lines: Vec<&str> = source("runtime/src/lib.rs").lines().collect();
    let mut names = Vec::new();
    for (n, line) in lines.iter().enumerate() {
        let is_hidden = n > 0 && lines[n - 1] == "#[doc(hidden)]";
        let name = line
            .strip_prefix("pub mod ")
            .and_then(|rest| rest.strip_suffix(';'));
        names.extend(name.filter(|_| !is_hidden));
    }
    names.into_iter().map(|name| {
        let own = [
            format!("runtime/src/{name}.rs"),
            format!("runtime/src/{name}/mod.rs"),
        ];
        let below = format!("runtime/src/{name}/");
        let (mut files, others): (Vec<_>, Vec<_>) = FILES
            .iter()
            .filter(|(file, _)| file.starts_with(&below) || own.iter().any(|own| own == file))
            .partition(|(file, _)| own.iter().any(|own| own == file));
        files.extend(others);
        (name, files.into_iter().map(|(_, text)| text).collect())
    })
}

/// The version of a crate that the runtime brings for cells.
#[must_use]
pub fn crate_version(name: &str) -> Option<semver::Version> {
    let own = CRATES.contains(&name);
    let versions = versions(source("Cargo.lock"), name).filter(|_| own);
    // of several, the newest is ours
    versions
        .filter_map(|version| semver::Version::parse(version).ok())
        .max()
}

/// The versions of a crate in a lock file.
pub(super) fn versions<'a>(lock: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let entry = format!("name = \"{name}\"\nversion = \"");
    let begins: Vec<usize> = lock.match_indices(&*entry).map(|(at, _)| at).collect();
    begins
        .into_iter()
        .filter_map(move |at| lock[at + entry.len()..].split('"').next())
}

#[cfg(test)]
mod tests;
