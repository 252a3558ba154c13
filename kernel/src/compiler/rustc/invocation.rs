//! What rustc is to compile.

use std::collections::BTreeSet;

use super::arguments::Arguments;
use super::layout::{Layout, ROOT, START};
use super::link::native::{NativeLibrary, libraries_in};
use super::mode::{Kind, Mode};
use super::toolchain::Toolchain;
use super::warm::Ahead;
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
    /// The crates of earlier cells whose code or statics it may use: those that it names, and those that they need.
    pub needs: &'a BTreeSet<u32>,
    /// How it is compiled.
    pub kind: Kind,
    /// What is to be started meanwhile, for a later crate.
    pub next: Option<&'a Ahead>,
}

/// What a crate needs that names no other.
static NOTHING: BTreeSet<u32> = BTreeSet::new();

impl<'a> Invocation<'a> {
    /// A crate that names none of other cells, and is only checked.
    pub fn check(
        toolchain: &'a Toolchain,
        layout: &'a Layout,
        serial: u32,
        emitted: &'a Emitted,
    ) -> Self {
        Self {
            toolchain,
            layout,
            serial,
            emitted,
            needs: &NOTHING,
            kind: Kind {
                mode: Mode::Check,
                mir: false,
            },
            next: None,
        }
    }

    /// What its source names by `#[link]`.
    pub(super) fn natives(&self) -> Vec<NativeLibrary> {
        let texts = self.emitted.files.iter().map(|(_, text)| text);
        texts.flat_map(|text| libraries_in(text)).collect()
    }

    /// Whether its source may make rustc read other files, or the environment: only what a macro or a module is can do so.
    pub(super) fn may_read_more(&self) -> bool {
        let texts = self.emitted.files.iter().filter(|(name, _)| name != ROOT);
        let mut texts = texts.map(|(_, text)| text);
        texts.any(|text| text.contains('!') || text.contains("mod") || text.contains('#'))
    }

    /// The names under which rustc knows the files of its source.
    pub(super) fn own_files(&self) -> impl Iterator<Item = &'a str> {
        let written = self.emitted.files.iter().map(|(name, _)| &**name);
        let shown = self.emitted.renamed.iter().map(|(_, shown)| &**shown);
        written.chain(shown).chain([START, ROOT])
    }

    /// The arguments of a rustc that is told all at once, one a line.
    pub(super) fn arguments(&self) -> String {
        let emitted = self.emitted;
        let arguments = Arguments {
            toolchain: self.toolchain,
            layout: self.layout,
            serial: self.serial,
            kind: self.kind,
        };
        let mut arguments = arguments.list(emitted.crates.iter().copied());
        for (key, is_taken) in &emitted.statics {
            arguments.push(format!("--check-cfg=cfg({})", names::static_cfg(key)));
            arguments.extend(is_taken.then(|| format!("--cfg={}", names::static_cfg(key))));
        }
        let renamed = emitted.renamed.iter();
        arguments
            .extend(renamed.map(|(file, shown)| format!("--remap-path-prefix={file}={shown}")));
        arguments.join("\n")
    }

    /// Whether a rustc that was started for this crate before there was a source can compile it.
    pub(super) fn is_foreseen(&self, ahead: &Ahead) -> bool {
        let emitted = self.emitted;
        emitted.head == ahead.head
            && emitted.statics.is_empty()
            && emitted.renamed.is_empty()
            && ahead.kind.includes(self.kind)
            && emitted.crates.is_subset(&ahead.known)
    }
}
