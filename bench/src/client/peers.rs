//! The kernels that are measured: how each is found and started, at its best settings.

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context as _, bail};

use crate::client::kernel::Kernel;

/// A kernel that can be started.
#[derive(Debug, Clone)]
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    pub(crate) version: String,
    pub(crate) is_rust: bool,
    pub(crate) program: PathBuf,
    /// The connection file comes after these.
    pub(crate) arguments: Vec<OsString>,
    pub(crate) environment: Vec<(&'static str, OsString)>,
    /// Where it runs, if not in a new folder.
    pub(crate) folder: Option<PathBuf>,
    /// Cells that set it up.
    pub(crate) settings: &'static [&'static str],
}

/// A peer that is not here.
#[derive(Debug, Clone)]
pub(crate) struct Missing {
    name: &'static str,
    install: &'static str,
    why: String,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, install, why } = self;
        write!(
            f,
            "{name} is not measured ({why}); to install it: `{install}`"
        )
    }
}

/// Whether Woozle keeps what it has compiled. What is measured is compiling.
pub(crate) const CELL_CACHE: &str = "WOOZLE_CELL_CACHE";

/// Woozle, built from this checkout unless a program is given.
pub(crate) fn woozle(program: Option<PathBuf>) -> anyhow::Result<Peer> {
    let program = match program {
        Some(program) => std::path::absolute(program)?,
        None => build()?,
    };
    let version = said(Command::new(&program).arg("--version"))
        .with_context(|| format!("{} does not run", program.display()))?;
    Ok(Peer {
        name: "Woozle",
        version: last_word(&version),
        is_rust: true,
        program,
        arguments: ["kernel", "-f"].map(OsString::from).to_vec(),
        // Where the time of each cell goes is in its log.
        environment: vec![
            ("WOOZLE_LOG", "warn,woozle::phases=debug".into()),
            // Its log is read here.
            ("NO_COLOR", "1".into()),
            (CELL_CACHE, "off".into()),
        ],
        folder: None,
        settings: &[],
    })
}

fn build() -> anyhow::Result<PathBuf> {
    eprintln!("building woozle");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let built = Command::new("cargo")
        .args(["build", "--release", "--quiet", "--bin", "woozle"])
        .arg("--message-format=json-render-diagnostics")
        .current_dir(&root)
        // The folder of this program's own build, perhaps. The two must not share one: `libwoozle.so` has the same
        // name in both.
        .env_remove("CARGO_TARGET_DIR")
        .stderr(std::process::Stdio::inherit())
        .output()
        .context("cargo cannot be started")?;
    if !built.status.success() {
        bail!("woozle could not be built");
    }
    let messages = String::from_utf8_lossy(&built.stdout);
    let executable = messages.lines().rev().find_map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        Some(PathBuf::from(message["executable"].as_str()?))
    });
    executable.context("cargo has built no program")
}

/// evcxr_jupyter, unoptimised and without copies of variables, which makes it fastest.
pub(crate) fn evcxr(
    program: &Path,
    sources: Option<PathBuf>,
) -> anyhow::Result<Result<Peer, Missing>> {
    let sysroot = sysroot()?;
    let own = sysroot.join("lib/rustlib/src/rust/library");
    let sources = sources.or_else(|| own.is_dir().then_some(own));
    let without = if sources.is_none() {
        ", without rust-src (`rustup component add rust-src`)"
    } else {
        ""
    };
    // The compiler itself comes before rustup's proxy.
    let mut path = OsString::from(sysroot.join("bin"));
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let mut environment = vec![("PATH", path)];
    environment.extend(sources.map(|folder| ("RUST_SRC_PATH", folder.into_os_string())));
    let mut peer = Peer {
        name: "evcxr_jupyter",
        version: String::new(),
        is_rust: true,
        program: program.to_owned(),
        arguments: vec!["--control_file".into()],
        environment,
        folder: None,
        settings: &[":opt 0", ":preserve_vars_on_panic 0", ":offline 1"],
    };
    // It tells its version in a cell only.
    match Kernel::start(&peer).and_then(|mut kernel| kernel.run_well(":version")) {
        Ok(answer) => {
            let version = answer.result.unwrap_or_default();
            peer.version = format!("{}{without}", version.trim());
            Ok(Ok(peer))
        }
        Err(error) => Ok(Err(Missing {
            name: "evcxr_jupyter",
            install: "cargo install --locked evcxr_jupyter@0.22.0",
            why: error.root_cause().to_string(),
        })),
    }
}

pub(crate) fn ipykernel(python: &Path) -> Result<Peer, Missing> {
    let code = "import ipykernel, platform; \
                print(ipykernel.__version__, 'on Python', platform.python_version())";
    match said(Command::new(python).args(["-c", code])) {
        Ok(version) => Ok(Peer {
            name: "ipykernel",
            version,
            is_rust: false,
            program: python.to_owned(),
            arguments: ["-m", "ipykernel_launcher", "-f"]
                .map(OsString::from)
                .to_vec(),
            environment: Vec::new(),
            folder: None,
            settings: &[],
        }),
        Err(error) => Err(Missing {
            name: "ipykernel",
            install: "python3 -m pip install ipykernel",
            why: error.to_string(),
        }),
    }
}

/// The folder of the toolchain.
pub(crate) fn sysroot() -> anyhow::Result<&'static Path> {
    static SYSROOT: OnceLock<PathBuf> = OnceLock::new();
    if let Some(known) = SYSROOT.get() {
        return Ok(known);
    }
    let sysroot = said(Command::new("rustc").args(["--print", "sysroot"]))?;
    Ok(SYSROOT.get_or_init(|| sysroot.into()))
}

/// What a program prints, in one line.
pub(crate) fn said(command: &mut Command) -> anyhow::Result<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = match command.output() {
        Ok(output) => output,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            bail!("{program} was not found")
        }
        Err(error) => bail!("{program}: {error}"),
    };
    if !output.status.success() {
        let error = String::from_utf8_lossy(&output.stderr);
        let last = error.trim().lines().last().unwrap_or_default();
        bail!("{program}: {}: {last}", output.status);
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn last_word(text: &str) -> String {
    text.split_whitespace().last().unwrap_or(text).to_owned()
}
