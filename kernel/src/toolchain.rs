//! The user's Rust toolchain.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::Command;

/// The oldest rustc that will do, as minor version.
const OLDEST: u32 = 95;

/// rustc and what it says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toolchain {
    /// The compiler itself (not rustup's proxy).
    pub rustc: PathBuf,
    /// All that `rustc -vV` prints.
    pub version: String,
    /// The release, such as `1.95.0`.
    pub release: String,
    /// The folder of std's shared library.
    pub libraries: PathBuf,
}

/// Why there is no usable toolchain.
#[derive(Debug, thiserror::Error)]
pub enum ToolchainError {
    /// There is no rustc.
    #[error(
        "rustc was not found ({0}); install Rust from https://rustup.rs, or set RUSTC to its path"
    )]
    NotFound(std::io::Error),
    /// It does not work.
    #[error("`{command}` failed: {message}")]
    Failed {
        /// What was run.
        command: String,
        /// What it said.
        message: String,
    },
    /// It is too old.
    #[error("rustc {0} is too old: 1.{OLDEST} or newer is needed; run `rustup update stable`")]
    TooOld(String),
    /// There is no linker.
    #[error(
        "no C linker (`cc`) was found, which rustc needs; install gcc or clang (on Debian: apt install gcc)"
    )]
    NoLinker,
}

impl Toolchain {
    /// Finds `$RUSTC`, or the `rustc` on the path.
    ///
    /// # Errors
    /// When there is none, or it does not do.
    pub fn find() -> Result<Self, ToolchainError> {
        Self::of(&std::env::var_os("RUSTC").unwrap_or_else(|| OsString::from("rustc")))
    }

    /// That of a rustc, which may be rustup's proxy.
    fn of(proxy: &OsStr) -> Result<Self, ToolchainError> {
        let sysroot = PathBuf::from(ask(proxy, &["--print", "sysroot"])?);
        let own = sysroot.join("bin").join("rustc");
        let rustc = if own.is_file() {
            own
        } else {
            PathBuf::from(proxy)
        };
        let version = ask(rustc.as_os_str(), &["-vV"])?;
        let release = field(&version, "release: ").unwrap_or_default().to_owned();
        let minor = release
            .split('.')
            .nth(1)
            .and_then(|minor| minor.parse().ok())
            .unwrap_or(0);
        if minor < OLDEST && release.starts_with("1.") {
            return Err(ToolchainError::TooOld(release));
        }
        if Command::new("cc").arg("--version").output().is_err() {
            return Err(ToolchainError::NoLinker);
        }
        let libraries = PathBuf::from(ask(rustc.as_os_str(), &["--print", "target-libdir"])?);
        Ok(Self {
            rustc,
            version,
            release,
            libraries,
        })
    }

    /// The cargo that belongs to it.
    pub fn cargo(&self) -> PathBuf {
        let beside = self.rustc.with_file_name("cargo");
        if beside.is_file() {
            beside
        } else {
            PathBuf::from("cargo")
        }
    }
}

fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.strip_prefix(name))
}

fn ask(rustc: &OsStr, arguments: &[&str]) -> Result<String, ToolchainError> {
    let output = Command::new(rustc)
        .args(arguments)
        .output()
        .map_err(ToolchainError::NotFound)?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    } else {
        Err(ToolchainError::Failed {
            command: format!("{} {}", rustc.to_string_lossy(), arguments.join(" ")),
            message: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        })
    }
}

#[cfg(test)]
mod tests;
