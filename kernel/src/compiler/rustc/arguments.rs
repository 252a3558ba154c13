//! The arguments of rustc for a cell's crate.

use woozle::protocol::NAME_END;

use super::contract::emit;
use super::layout::{DEP_INFO, Layout, OBJECT, START};
use super::mode::{Kind, Mode};
use super::toolchain::Toolchain;
use crate::compiler::names;

/// What the arguments are for.
#[derive(Debug, Clone, Copy)]
pub struct Arguments<'a> {
    pub toolchain: &'a Toolchain,
    pub layout: &'a Layout,
    /// The crate's number.
    pub serial: u32,
    pub kind: Kind,
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

/// The argument that a cell has unless a debugger is to read of it.
pub(super) const NO_DEBUG_INFO: &str = "-Cdebuginfo=0";

/// The one that it has then.
pub(super) const DEBUG_INFO: &str = "-Cdebuginfo=2";

/// The lines of a macro's code are those where it is used, as in panics.
pub(super) const LINES_OF_MACROS: &str = "-Ccollapse-macro-debuginfo=yes";

/// The argument for the crate of another cell.
pub fn extern_argument(layout: &Layout, serial: u32) -> String {
    let (name, file) = (names::crate_name(serial), layout.metadata(serial));
    format!("--extern={name}={}", file.display())
}

impl Arguments<'_> {
    /// One an element, without those that the source decides.
    pub fn list(&self, crates: impl Iterator<Item = u32>) -> Vec<String> {
        let Self {
            toolchain,
            layout,
            serial,
            kind,
        } = *self;
        let (optimise, overflow) = match kind.mode {
            Mode::Check | Mode::Debug | Mode::Debuggable | Mode::Level(0) => (0, "on"),
            Mode::CheckedRelease => (3, "on"),
            Mode::Release => (3, "off"),
            Mode::Level(level) => (level, "off"),
        };
        let mut arguments = vec![
            START.to_owned(),
            "--edition=2024".to_owned(),
            "--crate-type=dylib".to_owned(),
            format!("--crate-name={}", names::crate_name(serial)),
            format!("-Cextra-filename={NAME_END}"),
            format!("--emit={}", self.emitted()),
            "--error-format=json".to_owned(),
            "--json=artifacts".to_owned(),
            "-Cprefer-dynamic".to_owned(),
            format!("-Copt-level={optimise}"),
            format!("-Coverflow-checks={overflow}"),
            match kind.mode {
                Mode::Debuggable => DEBUG_INFO.to_owned(),
                _ => NO_DEBUG_INFO.to_owned(),
            },
            // A call within the crate is a direct one, once the linker has bound it (`-Bsymbolic-functions`). Otherwise
            // rustc has every call of what is public read the address from a table.
            "-Crelro-level=partial".to_owned(),
            // One object for each crate.
            "-Ccodegen-units=1".to_owned(),
        ];
        if kind.mode == Mode::Debuggable {
            arguments.push(LINES_OF_MACROS.to_owned());
        }
        arguments.extend(LINTS.iter().map(|lint| (*lint).to_owned()));
        for (name, file) in &toolchain.externs {
            arguments.push(format!("--extern={name}={}", file.display()));
        }
        arguments.extend(crates.map(|serial| extern_argument(layout, serial)));
        let natives = toolchain.natives.iter();
        arguments.extend(natives.map(|native| format!("-L{native}")));
        for search in toolchain.search.iter().chain([&layout.libraries()]) {
            arguments.push(format!("-Ldependency={}", search.display()));
        }
        arguments
    }

    /// What is written, and where: but for what later crates read, in the crate's folder.
    fn emitted(&self) -> String {
        let mut emitted = match self.kind.mode {
            Mode::Check => format!("{}=check.rmeta", emit::METADATA),
            _ => format!(
                "{}={OBJECT},{}={}",
                emit::OBJECT,
                emit::METADATA,
                self.layout.metadata(self.serial).display()
            ),
        };
        emitted.push_str(&format!(",{}={DEP_INFO}", emit::DEP_INFO));
        if self.kind.mir {
            emitted.push_str(&format!(",{}={}", emit::MIR, super::layout::MIR));
        }
        emitted
    }
}
