//! The user's Rust toolchain.

#![expect(
    clippy::disallowed_methods,
    reason = "rustc and cc are asked who they are, and answer at once"
)]

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::Command;

use crate::system::private;

/// The oldest rustc that will do: `1.95`, say.
const OLDEST: &str = env!("CARGO_PKG_RUST_VERSION");

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
    #[error("rustc was not found ({0})")]
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
    #[error("rustc {0} is too old: {OLDEST} or newer is needed")]
    TooOld(String),
    /// There is no linker.
    #[error("no C linker (`cc`) was found, which rustc needs")]
    NoLinker,
    /// It does not work.
    #[error("rustc cannot link a program: {0}")]
    NotLinked(String),
}

impl ToolchainError {
    /// What to do.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "install Rust from https://rustup.rs, or set RUSTC to its path",
            Self::Failed { message, .. } if message.contains("is not installed") => {
                "`rustup toolchain install NAME` installs it; what chooses it is rust-toolchain.toml in the notebook's \
                 folder or above, `rustup override`, or RUSTUP_TOOLCHAIN"
            }
            Self::Failed { message, .. } if message.contains("override file") => {
                "mend that file, or remove it"
            }
            Self::Failed { .. } => {
                "`rustup default stable` chooses a toolchain; RUSTC, if it is set, must name a rustc that works"
            }
            Self::TooOld(_) => "run `rustup update stable`",
            Self::NoLinker | Self::NotLinked(_) => {
                "install gcc or clang, with libc's headers (on Debian: apt install gcc libc6-dev)"
            }
        }
    }

    /// What happened, and what to do.
    #[must_use]
    pub fn with_help(&self) -> String {
        format!("{self}; {}", self.help())
    }
}

/// The second number of a release.
fn minor(release: &str) -> u32 {
    let minor = release.split('.').nth(1);
    minor.and_then(|minor| minor.parse().ok()).unwrap_or(0)
}

impl Toolchain {
    /// Finds `$RUSTC`, or the `rustc` on the path, and a linker.
    ///
    /// # Errors
    /// When there is none, or it does not do.
    pub fn find() -> Result<Self, ToolchainError> {
        let found = Self::find_rustc()?;
        if Command::new("cc").arg("--version").output().is_err() {
            return Err(ToolchainError::NoLinker);
        }
        Ok(found)
    }

    /// Finds `$RUSTC`, or the `rustc` on the path.
    ///
    /// # Errors
    /// When there is none, or it does not do.
    pub fn find_rustc() -> Result<Self, ToolchainError> {
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
        if minor(&release) < minor(OLDEST) && release.starts_with("1.") {
            return Err(ToolchainError::TooOld(release));
        }
        let libraries = PathBuf::from(ask(rustc.as_os_str(), &["--print", "target-libdir"])?);
        Ok(Self {
            rustc,
            version,
            release,
            libraries,
        })
    }

    /// Links a library, and gives the linker's version.
    ///
    /// # Errors
    /// When that does not work.
    pub fn try_linker(&self) -> Result<String, ToolchainError> {
        let version = Command::new("cc").arg("--version").output();
        let version = version.map_err(|_| ToolchainError::NoLinker)?;
        let try_it = || {
            let folder = private::temporary("woozle-", &std::env::temp_dir())?;
            std::fs::write(folder.path().join("honey.rs"), "pub fn taste() {}\n")?;
            Command::new(&self.rustc)
                .current_dir(folder.path())
                .args(["--crate-type=dylib", "-Cprefer-dynamic", "honey.rs"])
                .output()
        };
        match try_it() {
            Err(error) => Err(ToolchainError::NotLinked(error.to_string())),
            Ok(output) if !output.status.success() => {
                let said = String::from_utf8_lossy(&output.stderr);
                let line = said.lines().find(|line| line.contains("error"));
                let line = line.unwrap_or("rustc failed without saying why");
                Err(ToolchainError::NotLinked(line.trim().to_owned()))
            }
            Ok(_) => Ok(first_line(&version.stdout)),
        }
    }

    /// The library of std.
    #[must_use]
    pub fn std(&self) -> Option<PathBuf> {
        let entries = std::fs::read_dir(&self.libraries).ok()?;
        let is_std = |path: &PathBuf| {
            let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
            name.starts_with("libstd-") && name.ends_with(std::env::consts::DLL_SUFFIX)
        };
        entries.flatten().map(|entry| entry.path()).find(is_std)
    }

    /// The machine that it compiles for, as rustc names it.
    #[must_use]
    pub fn host(&self) -> &str {
        field(&self.version, "host: ").unwrap_or_default()
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

fn first_line(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    text.lines().next().unwrap_or_default().to_owned()
}

fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.strip_prefix(name))
}

fn ask(rustc: &OsStr, arguments: &[&str]) -> Result<String, ToolchainError> {
    let output = Command::new(rustc)
        .args(arguments)
        // What is said is for people.
        .env("RUST_BACKTRACE", "0")
        .output()
        .map_err(ToolchainError::NotFound)?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    } else {
        Err(ToolchainError::Failed {
            command: format!("{} {}", rustc.to_string_lossy(), arguments.join(" ")),
            message: what_is_wrong(&String::from_utf8_lossy(&output.stderr)),
        })
    }
}

/// What rustc or rustup says, in one line. What rustup advises is only half of what there is to do.
fn what_is_wrong(said: &str) -> String {
    let lines = said.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with("help: "));
    let lines: Vec<&str> = lines
        .map(|line| line.strip_prefix("error: ").unwrap_or(line))
        .collect();
    lines.join(" ")
}

#[cfg(test)]
mod tests;
