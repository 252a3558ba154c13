//! What rustc is to compile, and its arguments for that.

use std::collections::BTreeSet;

use woozle::protocol::NAME_END;

use super::layout::{Layout, ROOT};
use super::linker::Lld;
use super::mode::Mode;
use super::toolchain::Toolchain;
use crate::compiler::codegen::Emitted;
use crate::compiler::names;

/// A crate to compile, and how.
#[derive(Debug, Clone, Copy)]
pub struct Invocation<'a> {
    /// rustc and what is compiled against.
    pub toolchain: &'a Toolchain,
    /// Where the files are.
    pub layout: &'a Layout,
    /// The crate's number.
    pub serial: u32,
    /// Its source.
    pub emitted: &'a Emitted,
    /// How far, and how much optimised.
    pub mode: Mode,
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

impl Invocation<'_> {
    /// The arguments of rustc, one a line.
    pub(super) fn arguments(&self) -> Vec<String> {
        let Invocation {
            toolchain,
            layout,
            serial,
            emitted,
            mode,
        } = *self;
        let (emit, optimise, overflow) = match mode {
            Mode::Check => ("metadata", 0, "on"),
            Mode::Debug | Mode::Level(0) => ("link", 0, "on"),
            Mode::CheckedRelease => ("link", 3, "on"),
            Mode::Release => ("link", 3, "off"),
            Mode::Level(level) => ("link", level, "off"),
        };
        // The MIR costs a fifth of the time, and is only read for the types of new variables.
        let mir = if emitted.wants_mir {
            format!(",mir={}", layout.mir(serial).display())
        } else {
            String::new()
        };
        let out = match mode {
            Mode::Check => layout.sources(serial),
            _ => layout.libraries(),
        };
        let mut arguments = vec![
            ROOT.to_owned(),
            "--edition=2024".to_owned(),
            "--crate-type=dylib".to_owned(),
            format!("--crate-name={}", names::crate_name(serial)),
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
            arguments.push(format!("--check-cfg=cfg({})", names::static_cfg(key)));
            arguments.extend(is_taken.then(|| format!("--cfg={}", names::static_cfg(key))));
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
        let cells = cells.map(|serial| (names::crate_name(*serial), layout.library(*serial)));
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
        for native in &toolchain.natives {
            let (_, folder) = native.split_once('=').unwrap_or(("", native));
            arguments.push(format!("-L{native}"));
            arguments.push(format!("-Clink-arg={to_linker}-rpath={folder}"));
        }
        for search in toolchain.search.iter().chain([&layout.libraries()]) {
            arguments.push(format!("-Ldependency={}", search.display()));
        }
        arguments
    }
}
