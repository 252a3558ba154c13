//! Building the analyzer into the cache, once for each rustc and each version of it.
//!
//! evcxr takes minutes to compile, so it is done beside the cells and with the lowest priority, or
//! ahead by `woozle analyzer`. A build that is broken off goes on where it was.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::iter;
use std::path::{Path, PathBuf};

use crate::build::cache::{self, CacheError};
use crate::build::cargo::{self, ARTIFACTS, Build, CargoError, Step};
use crate::build::sources;
use crate::build::toolchain::Toolchain;
use crate::system::private;

/// The package's sources, by their names below the root of the repository.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/analyzer_files.rs"));

/// The name of package and program.
const NAME: &str = "woozle-analyzer";

/// Why there is no analyzer.
#[derive(Debug, thiserror::Error)]
pub enum AnalyzerError {
    /// The cache folder is no good.
    #[error(transparent)]
    Cache(#[from] CacheError),
    /// A file could not be written or read.
    #[error("the analyzer could not be built in the cache folder: {0}")]
    Io(#[from] std::io::Error),
    /// cargo failed.
    #[error("the analyzer could not be built:\n{0}")]
    Cargo(#[from] CargoError),
}

/// The program, if it is built.
#[must_use]
pub fn find(toolchain: &Toolchain) -> Option<PathBuf> {
    let folder = folder(toolchain);
    cargo::read_list(&folder)?;
    Some(folder.join(NAME))
}

/// The program; builds it if the cache has none, and then tells `progress` what happens, line by
/// line.
///
/// # Errors
/// When it cannot be built.
pub fn get(
    toolchain: &Toolchain,
    progress: &mut dyn FnMut(&str),
) -> Result<PathBuf, AnalyzerError> {
    cache::prepare()?;
    if let Some(program) = find(toolchain) {
        return Ok(program);
    }
    let _lock = cache::lock(&format!("analyzer-{}.lock", key(toolchain)))?;
    if let Some(program) = find(toolchain) {
        return Ok(program); // another kernel has built it meanwhile
    }
    let mut log = private::file(&log(toolchain))?;
    log.set_len(0)?;
    let mut note = |line: &str| {
        let _ = writeln!(log, "{line}"); // who looks at it will do without
        progress(line);
    };
    let folder = folder(toolchain);
    let built = build(toolchain, &folder, &mut note);
    if let Err(error) = &built {
        note(&format!("{FAILED}{error}"));
    }
    built?;
    Ok(folder.join(NAME))
}

/// What the last line of the log of a failed build begins with.
const FAILED: &str = "failed: ";

/// How far a build is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// Nobody builds it.
    None,
    /// So many crates are compiled, or being compiled.
    Building(usize),
    /// The last build failed; the file says why.
    Failed(PathBuf),
}

/// How far the build of the analyzer is that some process has begun.
#[must_use]
pub fn progress(toolchain: &Toolchain) -> Progress {
    let log = log(toolchain);
    let Ok(text) = fs::read_to_string(&log) else {
        return Progress::None;
    };
    let lock = File::open(cache::folder().join(format!("analyzer-{}.lock", key(toolchain))));
    if lock.is_ok_and(|lock| lock.try_lock().is_err()) {
        let compiled = text.lines().filter(|line| line.starts_with("Compiling "));
        Progress::Building(compiled.count())
    } else if text.contains(&format!("\n{FAILED}")) || text.starts_with(FAILED) {
        Progress::Failed(log)
    } else {
        Progress::None
    }
}

fn folder(toolchain: &Toolchain) -> PathBuf {
    cache::folder().join(format!("analyzer-{}", key(toolchain)))
}

fn log(toolchain: &Toolchain) -> PathBuf {
    folder(toolchain).with_extension("log")
}

fn key(toolchain: &Toolchain) -> String {
    let files = FILES.iter().flat_map(|(name, text)| [*name, *text]);
    cache::key(iter::once(&*toolchain.version).chain(files))
}

fn build(
    toolchain: &Toolchain,
    folder: &Path,
    progress: &mut dyn FnMut(&str),
) -> Result<(), AnalyzerError> {
    let work = folder.with_extension("building");
    for (name, text) in FILES {
        sources::write(&work, name, text)?;
    }
    let package = work.join("analyzer");
    let build = Build {
        toolchain,
        folder: &package,
        target: &package.join("target"),
        config: None,
        package: NAME,
        flags: &[],
        offline: false,
        environment: &BTreeMap::new(),
        watch: None,
    };
    let built = build.run(&mut |step| {
        if let Step::Said(line) = step {
            progress(line);
        }
    })?;
    built.gather(&package.join(ARTIFACTS))?;
    cargo::write_list(&package, [])?;
    keep(&package, folder)?;
    fs::remove_dir_all(&work)?;
    folder.parent().into_iter().for_each(cargo::prune);
    Ok(())
}

/// Keeps of a built package the program, and the list that says that it is whole. The rest takes a
/// gigabyte.
fn keep(package: &Path, folder: &Path) -> std::io::Result<()> {
    let done = folder.with_extension("done");
    for old in [&done, folder] {
        if old.exists() {
            fs::remove_dir_all(old)?;
        }
    }
    fs::create_dir_all(&done)?;
    fs::rename(package.join(ARTIFACTS).join(NAME), done.join(NAME))?;
    fs::rename(package.join(cargo::LIST), done.join(cargo::LIST))?;
    fs::rename(&done, folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_build_the_program_is_kept() {
        let cache = tempfile::tempdir().expect("a folder");
        let package = cache.path().join("analyzer-1.building/analyzer");
        let folder = cache.path().join("analyzer-1");
        // The second one takes the place of the first.
        for text in ["old", "new"] {
            fs::create_dir_all(package.join(ARTIFACTS)).expect("made");
            fs::write(package.join(ARTIFACTS).join(NAME), text).expect("written");
            fs::write(package.join(cargo::LIST), "").expect("written");
            keep(&package, &folder).expect("kept");
            assert_eq!(fs::read_to_string(folder.join(NAME)).expect("read"), text);
            assert!(cargo::read_list(&folder).is_some());
        }
        let names = fs::read_dir(&folder).expect("read").count();
        assert_eq!(names, 2);
    }

    #[test]
    fn the_package_is_whole() {
        let names: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
        for name in [
            "analyzer/Cargo.toml",
            "analyzer/Cargo.lock",
            "analyzer/src/main.rs",
            "analyzer/src/protocol.rs",
            "runtime/src/protocol/frame.rs",
        ] {
            assert!(names.contains(&name), "{name} is not in {names:?}");
        }
    }
}
