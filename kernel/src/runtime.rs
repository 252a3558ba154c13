//! Building the runtime crate into the cache, once for each rustc and each version of Woozle.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::cache::{self, CacheError};
use crate::compiler::rustc;
use crate::toolchain::Toolchain;

/// The runtime's sources, by their names below the workspace's root.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/runtime_files.rs"));

/// Crates of the runtime that cells can name without `:dep`.
pub const CRATES: [&str; 6] = ["rayon", "ndarray", "rand", "serde", "parking_lot", "libc"];

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
    Cargo(String),
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
        return Ok(runtime);
    }
    let _lock = cache::lock(&format!("runtime-{key}.lock"))?;
    if let Some(runtime) = open(&folder, toolchain) {
        return Ok(runtime); // another kernel has built it meanwhile
    }
    progress("Building Woozle's runtime with this rustc; this happens once.");
    let work = folder.with_extension("building");
    build(toolchain, &work, progress)?;
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::rename(&work, &folder)?;
    open(&folder, toolchain).ok_or_else(|| RuntimeError::Cargo("cargo built nothing".into()))
}

/// Whether the runtime for a toolchain is in the cache; a first build takes its time.
#[must_use]
pub fn is_built(toolchain: &Toolchain) -> bool {
    let folder = cache::folder().join(format!("runtime-{}", key(toolchain)));
    folder.join(LIST).is_file()
}

fn key(toolchain: &Toolchain) -> String {
    let mut hash = Sha256::new();
    hash.update(toolchain.version.as_bytes());
    hash.update(flags(toolchain).join(" "));
    for (name, text) in FILES {
        hash.update(name.as_bytes());
        hash.update(text.as_bytes());
    }
    hash.finalize()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// How the runtime is compiled. Its search path is an old RPATH, which comes before
/// `LD_LIBRARY_PATH`: under `cargo run` that leads to another build of the same library.
fn flags(toolchain: &Toolchain) -> [String; 2] {
    let path = toolchain.libraries.display();
    [
        "-Cprefer-dynamic".to_owned(),
        format!("-Clink-arg=-Wl,--disable-new-dtags,-rpath,$ORIGIN:{path}"),
    ]
}

/// The file in which a finished build lists its libraries: a name and a path on each line.
const LIST: &str = "libraries";

fn open(folder: &Path, toolchain: &Toolchain) -> Option<Runtime> {
    let list = fs::read_to_string(folder.join(LIST)).ok()?;
    let externs = list
        .lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(name, path)| (name.to_owned(), folder.join(path)))
        .collect();
    let release = folder.join("target/release");
    Some(Runtime {
        host: release.join("woozle-host"),
        toolchain: rustc::Toolchain {
            rustc: toolchain.rustc.clone(),
            externs,
            search: vec![release.join("deps")],
        },
    })
}

fn build(
    toolchain: &Toolchain,
    folder: &Path,
    progress: &mut dyn FnMut(&str),
) -> Result<(), RuntimeError> {
    for (name, text) in FILES {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        // the workspace is the runtime alone there
        let text = text
            .replace(r#"["kernel", "runtime", "tests"]"#, r#"["runtime"]"#)
            .replace(r#"["kernel"]"#, r#"["runtime"]"#);
        fs::write(path, text)?;
    }
    let mut cargo = Command::new(toolchain.cargo())
        .args([
            "build",
            "--release",
            "--package",
            "woozle",
            "--message-format=json",
        ])
        .current_dir(folder)
        .env("RUSTC", &toolchain.rustc)
        .env("CARGO_ENCODED_RUSTFLAGS", flags(toolchain).join("\u{1f}"))
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env("CARGO_TERM_COLOR", "never")
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_BUILD_TARGET")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| {
            RuntimeError::Cargo(format!(
                "cargo could not be started: {error}; it comes with Rust"
            ))
        })?;
    let artifacts = cargo
        .stdout
        .take()
        .map(|out| std::thread::spawn(move || artifacts(out)));
    let mut said = String::new();
    for line in cargo
        .stderr
        .take()
        .into_iter()
        .flat_map(|err| BufReader::new(err).lines())
    {
        let line = line?;
        progress(line.trim());
        said.push_str(&line);
        said.push('\n');
    }
    let artifacts = artifacts
        .and_then(|thread| thread.join().ok())
        .unwrap_or_default();
    if !cargo.wait()?.success() {
        return Err(RuntimeError::Cargo(said));
    }
    let list: String = artifacts
        .iter()
        .filter_map(|(name, path)| {
            Some(format!(
                "{name} {}\n",
                path.strip_prefix(folder).ok()?.display()
            ))
        })
        .collect();
    fs::write(folder.join(LIST), list)?;
    Ok(())
}

#[derive(Deserialize)]
struct CargoMessage {
    reason: String,
    target: Option<Target>,
    #[serde(default)]
    filenames: Vec<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

/// The libraries that cells are compiled against, from cargo's messages.
fn artifacts(out: impl Read) -> Vec<(String, PathBuf)> {
    let mut found = Vec::new();
    for line in BufReader::new(out).lines().map_while(Result::ok) {
        let Ok(message) = serde_json::from_str::<CargoMessage>(&line) else {
            continue;
        };
        let Some(target) = message
            .target
            .filter(|_| message.reason == "compiler-artifact")
        else {
            continue;
        };
        let library = target.kind.iter().any(|kind| kind.contains("lib"));
        let name = target.name.replace('-', "_");
        if library && (name == "woozle" || CRATES.contains(&name.as_str())) {
            let wanted =
                |path: &PathBuf| path.extension().is_some_and(|e| e == "rlib" || e == "so");
            found.extend(
                message
                    .filenames
                    .into_iter()
                    .filter(wanted)
                    .map(|path| (name.clone(), path)),
            );
        }
    }
    found
}

#[cfg(test)]
mod tests;
