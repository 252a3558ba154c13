//! Running rustc on a cell's crate.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use super::emit::Emitted;

/// Where rustc is, and what every cell is compiled against.
#[derive(Debug, Clone)]
pub struct Toolchain {
    /// The compiler.
    pub rustc: PathBuf,
    /// Crates that every cell can name: `(name, library)`.
    pub externs: Vec<(String, PathBuf)>,
    /// Folders in which rustc finds the crates that those use.
    pub search: Vec<PathBuf>,
}

/// How a crate is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Only as far as the types of the variables are known.
    Types,
    /// To a library, quickly.
    Quick,
    /// To a library whose code is as fast as `rustc -O` makes it.
    Fast,
}

/// What rustc gave.
#[derive(Debug)]
pub struct Compiled {
    /// Whether it succeeded.
    pub success: bool,
    /// Its messages.
    pub messages: Vec<Message>,
    /// What it printed that is no message (it has crashed, say).
    pub rest: String,
}

/// A message of rustc, as far as we read it.
#[derive(Debug, Clone, Deserialize)]
pub struct Message {
    /// The text.
    pub message: String,
    /// The error's code.
    pub code: Option<Code>,
    /// `error`, `warning`, `note`, `help`, ...
    pub level: String,
    /// The places.
    #[serde(default)]
    pub spans: Vec<Span>,
    /// Notes and suggestions.
    #[serde(default)]
    pub children: Vec<Message>,
}

/// An error's code.
#[derive(Debug, Clone, Deserialize)]
pub struct Code {
    /// Such as `E0382`.
    pub code: String,
}

/// A place.
#[derive(Debug, Clone, Deserialize)]
pub struct Span {
    /// The file.
    pub file_name: String,
    /// The first byte.
    pub byte_start: usize,
    /// The byte after the last.
    pub byte_end: usize,
    /// Whether it is where the problem is.
    pub is_primary: bool,
    /// What is said of it.
    pub label: Option<String>,
    /// What could stand there instead.
    pub suggested_replacement: Option<String>,
    /// The macro call that it is in.
    pub expansion: Option<Box<Expansion>>,
}

/// A macro call.
#[derive(Debug, Clone, Deserialize)]
pub struct Expansion {
    /// Its place.
    pub span: Span,
}

/// The name under which rustc knows a crate's root file.
pub const ROOT: &str = "lib.rs";

/// Where the crate's files, library and MIR are.
#[derive(Debug, Clone)]
pub struct Layout {
    /// The session's folder.
    pub folder: PathBuf,
}

impl Layout {
    /// The crate's own folder.
    pub fn sources(&self, serial: u32) -> PathBuf {
        self.folder.join("src").join(format!("cell_{serial}"))
    }

    /// The folder of all libraries.
    pub fn libraries(&self) -> PathBuf {
        self.folder.join("lib")
    }

    /// The crate's library.
    pub fn library(&self, serial: u32) -> PathBuf {
        self.libraries().join(format!("libcell_{serial}.so"))
    }

    /// The crate's MIR.
    pub fn mir(&self, serial: u32) -> PathBuf {
        self.sources(serial).join("cell.mir")
    }
}

/// Writes the crate's files and compiles it.
///
/// # Errors
/// When a file cannot be written, or rustc cannot be started.
pub fn compile(
    toolchain: &Toolchain,
    layout: &Layout,
    serial: u32,
    emitted: &Emitted,
    mode: Mode,
) -> std::io::Result<Compiled> {
    let folder = layout.sources(serial);
    std::fs::create_dir_all(&folder)?;
    for (name, text) in &emitted.files {
        std::fs::write(folder.join(name), text)?;
    }
    let output = command(toolchain, layout, serial, emitted, mode, &folder).output()?;
    let mut compiled = Compiled {
        success: output.status.success(),
        messages: Vec::new(),
        rest: String::new(),
    };
    for line in String::from_utf8_lossy(&output.stderr).lines() {
        match serde_json::from_str::<Message>(line) {
            Ok(message) => compiled.messages.push(message),
            Err(_) => {
                compiled.rest.push_str(line);
                compiled.rest.push('\n');
            }
        }
    }
    Ok(compiled)
}

fn command(
    toolchain: &Toolchain,
    layout: &Layout,
    serial: u32,
    emitted: &Emitted,
    mode: Mode,
    folder: &Path,
) -> Command {
    let mut command = Command::new(&toolchain.rustc);
    command.current_dir(folder).arg("lib.rs");
    command.args([
        "--edition=2024",
        "--crate-type=dylib",
        "--error-format=json",
    ]);
    command.arg(format!("--crate-name=cell_{serial}"));
    command.args([
        "-Awarnings",
        "-Cprefer-dynamic",
        "-Coverflow-checks=on",
        "-Cdebuginfo=0",
    ]);
    // The MIR costs a fifth of the time, and is only read for the types of new variables.
    let mir = if emitted.kept.is_empty() {
        String::new()
    } else {
        format!(",mir={}", layout.mir(serial).display())
    };
    match mode {
        Mode::Types => command
            .arg(format!("--emit=metadata{mir}"))
            .arg("-Copt-level=0"),
        Mode::Quick => command
            .arg(format!("--emit=link{mir}"))
            .args(["-Copt-level=0", "-Ccodegen-units=2"]),
        Mode::Fast => command
            .arg(format!("--emit=link{mir}"))
            .args(["-Copt-level=3", "-Ccodegen-units=2"]),
    };
    command.arg("--out-dir").arg(if mode == Mode::Types {
        folder.to_owned()
    } else {
        layout.libraries()
    });
    for (file, shown) in &emitted.cells {
        command.arg(format!("--remap-path-prefix={file}={shown}"));
    }
    for (name, library) in &toolchain.externs {
        command
            .arg("--extern")
            .arg(format!("{name}={}", library.display()));
    }
    for serial in &emitted.crates {
        let library = layout.library(*serial);
        command
            .arg("--extern")
            .arg(format!("cell_{serial}={}", library.display()));
    }
    for search in toolchain.search.iter().chain([&layout.libraries()]) {
        command
            .arg("-L")
            .arg(format!("dependency={}", search.display()));
    }
    command
}
