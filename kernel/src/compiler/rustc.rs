//! Running rustc on a cell's crate.

use std::collections::BTreeSet;
use std::path::PathBuf;
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
    /// Crates that a notebook has added.
    pub dependencies: Vec<String>,
    /// Crates that every cell is linked to: they hold those.
    pub bundles: Vec<String>,
    /// Folders in which rustc finds the crates that those use.
    pub search: Vec<PathBuf>,
}

/// How a crate is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Only as far as the types of the variables are known.
    Types,
    /// To a library, soon. Overflow is checked.
    Quick,
    /// To a library whose code is optimised; overflow is checked.
    Careful,
    /// To a library whose code is what `rustc -O` makes: overflow wraps.
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
    let arguments = arguments(toolchain, layout, serial, emitted, mode).join("\n");
    std::fs::write(folder.join("rustc.args"), arguments)?;
    let output = Command::new(&toolchain.rustc)
        .current_dir(&folder)
        .arg("@rustc.args")
        .output()?;
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

/// Compiles a crate once more as it was compiled last, with line tables; gives the library, which
/// nobody loads.
///
/// # Errors
/// When rustc fails.
pub fn compile_with_lines(
    toolchain: &Toolchain,
    layout: &Layout,
    serial: u32,
) -> std::io::Result<PathBuf> {
    let folder = layout.sources(serial);
    let library = folder.join("lines").join(format!("libcell_{serial}.so"));
    if library.is_file() {
        return Ok(library);
    }
    let arguments = std::fs::read_to_string(folder.join("rustc.args"))?;
    let arguments: Vec<&str> = arguments
        .lines()
        .map(|argument| match argument {
            "-Cdebuginfo=0" => "-Cdebuginfo=line-tables-only",
            argument if argument.starts_with("--emit=") => "--emit=link",
            argument if argument.starts_with("--out-dir=") => "--out-dir=lines",
            argument => argument,
        })
        .collect();
    std::fs::write(folder.join("lines.args"), arguments.join("\n"))?;
    let output = Command::new(&toolchain.rustc)
        .current_dir(&folder)
        .arg("@lines.args")
        .output()?;
    if output.status.success() {
        Ok(library)
    } else {
        Err(std::io::Error::other(String::from_utf8_lossy(
            &output.stderr,
        )))
    }
}

/// The arguments of rustc, which reads them from a file: `rustc @rustc.args` in the crate's folder
/// repeats the run.
fn arguments(
    toolchain: &Toolchain,
    layout: &Layout,
    serial: u32,
    emitted: &Emitted,
    mode: Mode,
) -> Vec<String> {
    let (emit, optimise, overflow) = match mode {
        Mode::Types => ("metadata", "0", "on"),
        Mode::Quick => ("link", "0", "on"),
        Mode::Careful => ("link", "3", "on"),
        Mode::Fast => ("link", "3", "off"),
    };
    // The MIR costs a fifth of the time, and is only read for the types of new variables.
    let mir = if emitted.kept.is_empty() {
        String::new()
    } else {
        format!(",mir={}", layout.mir(serial).display())
    };
    let out = match mode {
        Mode::Types => layout.sources(serial),
        _ => layout.libraries(),
    };
    let mut arguments = vec![
        ROOT.to_owned(),
        "--edition=2024".to_owned(),
        "--crate-type=dylib".to_owned(),
        format!("--crate-name=cell_{serial}"),
        format!("--emit={emit}{mir}"),
        format!("--out-dir={}", out.display()),
        "--error-format=json".to_owned(),
        "-Awarnings".to_owned(),
        "-Cprefer-dynamic".to_owned(),
        format!("-Copt-level={optimise}"),
        format!("-Coverflow-checks={overflow}"),
        "-Cdebuginfo=0".to_owned(),
        "-Ccodegen-units=2".to_owned(),
    ];
    let remaps = emitted.cells.iter();
    arguments.extend(remaps.map(|(file, shown)| format!("--remap-path-prefix={file}={shown}")));
    let cells = emitted.crates.iter();
    let cells = cells.map(|serial| (format!("cell_{serial}"), layout.library(*serial)));
    for (name, library) in toolchain.externs.iter().cloned().chain(cells) {
        arguments.push(format!("--extern={name}={}", library.display()));
    }
    // A process of `multiprocessing` loads a cell alone, and with it what it needs.
    arguments.push("-Clink-arg=-Wl,-rpath,$ORIGIN".to_owned());
    let bundles = toolchain.externs.iter().map(|(_, library)| library);
    let bundles = bundles.filter(|library| library.extension().is_some_and(|e| e == "so"));
    let folders: BTreeSet<_> = bundles.filter_map(|library| library.parent()).collect();
    for folder in folders {
        arguments.push(format!("-Clink-arg=-Wl,-rpath,{}", folder.display()));
    }
    for search in toolchain.search.iter().chain([&layout.libraries()]) {
        arguments.push(format!("-Ldependency={}", search.display()));
    }
    arguments
}
