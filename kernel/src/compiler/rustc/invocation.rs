//! Running rustc on a cell's crate.

use std::collections::BTreeSet;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::Command;

use rustix::process::Signal;
use serde::Deserialize;
use woozle::protocol::{NAME_END, library_name};

use crate::compiler::codegen::krate::Emitted;
use crate::compiler::rustc::linker::Lld;
use crate::compiler::rustc::warm::{ARGUMENTS, Standby, Task};
use crate::host::Death;
use crate::lease;

/// Where rustc is, and what every cell is compiled against.
#[derive(Debug, Clone, Default)]
pub struct Toolchain {
    /// The compiler.
    pub rustc: PathBuf,
    /// Crates that every cell can name: `(name, library)`.
    pub externs: Vec<(String, PathBuf)>,
    /// Crates that a notebook has added.
    pub dependencies: Vec<String>,
    /// Crates that every cell is linked to: they hold those.
    pub bundles: Vec<String>,
    /// Of those, the one with the async runtime that cells run in.
    pub executor: Option<String>,
    /// Folders in which rustc finds the crates that those use.
    pub search: Vec<PathBuf>,
    /// The program that links, if not the usual one.
    pub linker: Option<PathBuf>,
    /// What it is told besides.
    pub link_argument: Option<String>,
    /// What links, in the place of `cc`.
    pub lld: Option<Lld>,
    /// The rustc that is started ahead.
    pub standby: Standby,
}

impl Toolchain {
    /// The linker that rustc brings, unless another one has been chosen.
    fn lld(&self) -> Option<&Lld> {
        let chosen = self.linker.is_some() || self.link_argument.is_some();
        self.lld.as_ref().filter(|_| !chosen)
    }
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
    /// To a library, as by `rustc -C opt-level`.
    Level(u8),
}

/// What rustc gave.
#[derive(Debug, Default)]
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

impl Message {
    /// The error's code; empty if it has none.
    pub fn code(&self) -> &str {
        self.code.as_ref().map_or("", |code| &code.code)
    }
}

/// A line that rustc prints.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Line {
    Message(Box<Message>),
    /// It has written a file, of this kind.
    Artifact {
        #[serde(rename = "artifact")]
        _path: String,
        emit: String,
    },
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

impl Span {
    /// This place, and then the macro calls that it is in, the innermost first.
    pub fn levels(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |span| Some(&span.expansion.as_ref()?.span))
    }
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

    /// The folder of a crate that is not known yet.
    pub(crate) fn sources_ahead(&self) -> PathBuf {
        self.folder.join("src").join("next")
    }

    /// The folder of all libraries.
    pub fn libraries(&self) -> PathBuf {
        self.folder.join("lib")
    }

    /// The crate's library.
    pub fn library(&self, serial: u32) -> PathBuf {
        self.libraries().join(library_name(serial))
    }

    /// The crate's MIR.
    pub fn mir(&self, serial: u32) -> PathBuf {
        self.sources(serial).join("cell.mir")
    }
}

/// In a notebook a variable, an import or a function may wait for its use in a later cell, and all
/// that is defined is public; what warns of a value that is lost, or of code that cannot run, stays.
const LINTS: [&str; 8] = [
    "-Aunused",
    "-Anonstandard_style",
    "-Aprivate_interfaces",
    "-Aprivate_bounds",
    "-Aasync_fn_in_trait",
    "-Wunused_must_use",
    "-Wunreachable_code",
    "-Wunreachable_patterns",
];

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
    let mut compiled = run(toolchain, layout, serial, emitted, mode)?;
    if toolchain.lld().is_some() && compiled.messages.iter().any(is_of_linker) {
        // What the user's code links to may be known to `cc` alone.
        tracing::debug!("lld could not link cell_{serial}; cc is tried");
        let by_cc = Toolchain {
            lld: None,
            ..toolchain.clone()
        };
        compiled = run(&by_cc, layout, serial, emitted, mode)?;
    }
    Ok(compiled)
}

fn is_of_linker(message: &Message) -> bool {
    message.level == "error" && message.message.starts_with("linking with")
}

fn run(
    toolchain: &Toolchain,
    layout: &Layout,
    serial: u32,
    emitted: &Emitted,
    mode: Mode,
) -> std::io::Result<Compiled> {
    let arguments = arguments(toolchain, layout, serial, emitted, mode).join("\n");
    let task = Task {
        folder: layout.sources(serial),
        files: &emitted.files,
        arguments: &arguments,
    };
    let once = || {
        let mut compiled = Compiled::default();
        let mut hear = |line: &str| compiled.hear(line);
        let standby = &toolchain.standby;
        let status = standby.run(&toolchain.rustc, layout, &task, &mut hear)?;
        compiled.success = status.success();
        std::io::Result::Ok((compiled, status))
    };
    let (mut compiled, mut status) = once()?;
    if status.signal().is_some_and(is_sent) {
        tracing::debug!(%status, "rustc was killed; another one does the work");
        (compiled, status) = once()?;
    }
    if status.signal().is_some() {
        compiled.hear(&format!("its end was {}", Death::from(status)));
    }
    Ok(compiled)
}

/// Whether a signal comes from others, who say nothing of the cell by it: the rustc that waits seems to do nothing, and
/// may be killed at any time.
fn is_sent(signal: i32) -> bool {
    let sent = [Signal::KILL, Signal::TERM, Signal::INT, Signal::HUP];
    sent.iter().any(|sent| sent.as_raw() == signal)
}

impl Compiled {
    /// Takes in a line that rustc prints. True if it says that the library is there: what rustc does then is to tidy up.
    fn hear(&mut self, line: &str) -> bool {
        match serde_json::from_str(line) {
            Ok(Line::Message(message)) => self.messages.push(*message),
            Ok(Line::Artifact { emit, .. }) => return emit == "link",
            Err(_) => {
                self.rest.push_str(line);
                self.rest.push('\n');
            }
        }
        false
    }
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
    let library = folder.join("lines").join(library_name(serial));
    if library.is_file() {
        return Ok(library);
    }
    let arguments = std::fs::read_to_string(folder.join(ARGUMENTS))?;
    let arguments: Vec<&str> = arguments
        .lines()
        .map(|argument| match argument {
            "-Cdebuginfo=0" => "-Cdebuginfo=line-tables-only",
            argument if argument.starts_with("--emit=") => "--emit=link",
            argument if argument.starts_with("--out-dir=") => "--out-dir=lines",
            argument => argument,
        })
        // The line where a macro is used, as in panics.
        .chain(["-Ccollapse-macro-debuginfo=yes"])
        .collect();
    std::fs::write(folder.join("lines.args"), arguments.join("\n"))?;
    let mut command = Command::new(&toolchain.rustc);
    let output = lease::run(command.current_dir(&folder).arg("@lines.args"))?;
    if output.status.success() {
        Ok(library)
    } else {
        Err(std::io::Error::other(String::from_utf8_lossy(
            &output.stderr,
        )))
    }
}

/// The arguments of rustc, one a line.
fn arguments(
    toolchain: &Toolchain,
    layout: &Layout,
    serial: u32,
    emitted: &Emitted,
    mode: Mode,
) -> Vec<String> {
    let (emit, optimise, overflow) = match mode {
        Mode::Types => ("metadata", 0, "on"),
        Mode::Quick | Mode::Level(0) => ("link", 0, "on"),
        Mode::Careful => ("link", 3, "on"),
        Mode::Fast => ("link", 3, "off"),
        Mode::Level(level) => ("link", level, "off"),
    };
    // The MIR costs a fifth of the time, and is only read for the types of new variables.
    let mir = if emitted.wants_mir {
        format!(",mir={}", layout.mir(serial).display())
    } else {
        String::new()
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
        format!("-Cextra-filename={NAME_END}"),
        format!("--emit={emit}{mir}"),
        format!("--out-dir={}", out.display()),
        "--error-format=json".to_owned(),
        "--json=artifacts".to_owned(),
        "-Cprefer-dynamic".to_owned(),
        format!("-Copt-level={optimise}"),
        format!("-Coverflow-checks={overflow}"),
        "-Cdebuginfo=0".to_owned(),
        "-Ccodegen-units=2".to_owned(),
    ];
    arguments.extend(LINTS.iter().map(|lint| (*lint).to_owned()));
    for (key, is_taken) in &emitted.statics {
        arguments.push(format!("--check-cfg=cfg(woozle_{key})"));
        arguments.extend(is_taken.then(|| format!("--cfg=woozle_{key}")));
    }
    let linker = toolchain.linker.iter();
    arguments.extend(linker.map(|linker| format!("-Clinker={}", linker.display())));
    arguments.extend(
        toolchain
            .link_argument
            .iter()
            .map(|argument| format!("-Clink-arg={argument}")),
    );
    let remaps = emitted.cells.iter();
    arguments.extend(remaps.map(|(file, shown)| format!("--remap-path-prefix={file}={shown}")));
    let cells = emitted.crates.iter();
    let cells = cells.map(|serial| (format!("cell_{serial}"), layout.library(*serial)));
    for (name, library) in toolchain.externs.iter().cloned().chain(cells) {
        arguments.push(format!("--extern={name}={}", library.display()));
    }
    let lld = toolchain.lld();
    arguments.extend(lld.into_iter().flat_map(Lld::arguments));
    let to_linker = if lld.is_some() { "" } else { "-Wl," };
    // A process of `multiprocessing` loads a cell alone, and with it what it needs.
    arguments.push(format!("-Clink-arg={to_linker}-rpath=$ORIGIN"));
    let bundles = toolchain.externs.iter().map(|(_, library)| library);
    let bundles = bundles.filter(|library| library.extension().is_some_and(|e| e == "so"));
    let folders: BTreeSet<_> = bundles.filter_map(|library| library.parent()).collect();
    for folder in folders {
        let path = format!("-Clink-arg={to_linker}-rpath={}", folder.display());
        arguments.push(path);
    }
    for search in toolchain.search.iter().chain([&layout.libraries()]) {
        arguments.push(format!("-Ldependency={}", search.display()));
    }
    arguments
}
