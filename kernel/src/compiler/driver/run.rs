//! One run of rustc, or what one gave before for the same.

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime};

use super::Compiler;
use crate::compiler::codegen::{self, Emitted};
use crate::compiler::diagnostics::compile_error::CompileError;
use crate::compiler::names;
use crate::compiler::plan::Plan;
use crate::compiler::profile::Purpose;
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::rewrite::paths;
use crate::compiler::rustc::cache::{ANY, Key};
use crate::compiler::rustc::invocation::Invocation;
use crate::compiler::rustc::layout::ROOT;
use crate::compiler::rustc::messages::Compiled;
use crate::compiler::rustc::mode::{Kind, Mode};
use crate::compiler::syntax::source::Source;
use crate::compiler::unit::Cell;

/// What was given in an earlier run.
struct Restored {
    /// The crate's number in this session.
    serial: u32,
    /// The one under which it was compiled.
    serial_of_symbols: u32,
    compiled: Compiled,
}

impl Compiler {
    /// Compiles a cell's crate once. The cell gets the crate's number.
    pub(super) fn run_once(
        &mut self,
        cell: &mut Cell,
        scope: &Scope,
        purpose: Purpose,
        (mode, full): (Mode, Kind),
    ) -> Result<(Emitted, Compiled), CompileError> {
        cell.serial = ANY;
        let emitted = self.emit(cell, scope, purpose);
        let kind = Kind {
            mode,
            mir: emitted.wants_mir,
        };
        let needs = self.needs_of(&emitted.crates);
        let number = can_have_any_number(cell, &emitted).then_some(cell.source.cell);
        let key = self.key(&emitted, &needs, kind, number);
        if let Some(restored) = key.as_ref().and_then(|key| self.restore(key, number)) {
            cell.serial = restored.serial_of_symbols;
            let emitted = self.emit(cell, scope, purpose);
            cell.serial = restored.serial;
            cell.serial_of_symbols = restored.serial_of_symbols;
            self.note_restored(&restored, &emitted, needs, kind);
            return Ok((emitted, restored.compiled));
        }
        cell.serial = self.serial_for(full);
        cell.serial_of_symbols = cell.serial;
        self.last = cell.serial;
        let emitted = self.emit(cell, scope, purpose);
        let key = key.map(|key| (key, number));
        let compiled = self.invoke(cell, &emitted, needs, (kind, full), key)?;
        Ok((emitted, compiled))
    }

    /// What rustc says of a source that has no number, and is only checked.
    ///
    /// # Errors
    /// When rustc cannot be started.
    pub(super) fn check(&mut self, emitted: &Emitted) -> io::Result<Compiled> {
        let kind = Kind {
            mode: Mode::Check,
            mir: false,
        };
        let needs = BTreeSet::new();
        let key = self.key(emitted, &needs, kind, None);
        if let Some(restored) = key.as_ref().and_then(|key| self.restore(key, None)) {
            self.note_restored(&restored, emitted, needs, kind);
            return Ok(restored.compiled);
        }
        let serial = self.serials.next();
        self.last = serial;
        let began = SystemTime::now();
        let invocation = Invocation::check(&self.toolchain, &self.layout, serial, emitted);
        let compiled = invocation.run()?;
        if let Some(key) = key {
            self.cache.store((key, None), &invocation, &compiled, began);
        }
        Ok(compiled)
    }

    /// What names the result of a run whose crate has the number [`ANY`].
    fn key(
        &self,
        emitted: &Emitted,
        needs: &BTreeSet<u32>,
        kind: Kind,
        number: Option<u32>,
    ) -> Option<Key> {
        let invocation = self.invocation(ANY, emitted, needs, kind);
        self.cache.key(&invocation, &self.notebook, number)
    }

    /// What rustc is to compile, if nothing is to be started meanwhile.
    fn invocation<'a>(
        &'a self,
        serial: u32,
        emitted: &'a Emitted,
        needs: &'a BTreeSet<u32>,
        kind: Kind,
    ) -> Invocation<'a> {
        Invocation {
            toolchain: &self.toolchain,
            layout: &self.layout,
            serial,
            emitted,
            needs,
            kind,
            next: None,
        }
    }

    /// What was given before. If another crate of this session has its number, it gets another one, or cannot be used.
    fn restore(&mut self, key: &Key, number: Option<u32>) -> Option<Restored> {
        let entry = self.cache.find(key)?;
        let serial_of_symbols = entry.serial;
        let is_taken =
            self.needs.contains_key(&entry.serial) || self.serials.contains(entry.serial);
        let serial = match (is_taken, number) {
            (false, _) => entry.serial,
            (true, None) if entry.is_crate() => return None,
            (true, _) => self.serials.next(),
        };
        let compiled = entry.install(&self.layout, serial, number);
        let compiled = compiled
            .inspect_err(|error| tracing::debug!(%error, "what was kept cannot be used"))
            .ok()?;
        self.last = serial;
        Some(Restored {
            serial,
            serial_of_symbols,
            compiled,
        })
    }

    /// Notes a crate that rustc did not have to compile, and writes its source, as rustc would have found it.
    fn note_restored(
        &mut self,
        restored: &Restored,
        emitted: &Emitted,
        needs: BTreeSet<u32>,
        kind: Kind,
    ) {
        let invocation = self.invocation(restored.serial_of_symbols, emitted, &needs, kind);
        let serial = restored.serial;
        if let Err(error) = invocation.write(&self.layout.sources(serial)) {
            tracing::debug!(%error, serial, "a source cannot be written");
        }
        self.note_crate(serial, needs, kind.mode);
    }

    /// Notes which crates a crate may use.
    fn note_crate(&mut self, serial: u32, needs: BTreeSet<u32>, mode: Mode) {
        if mode != Mode::Check {
            self.needs.insert(serial, needs);
            self.known.insert(serial);
        }
    }

    /// Writes the crate's source.
    fn emit(&self, cell: &mut Cell, scope: &Scope, purpose: Purpose) -> Emitted {
        let begin = Instant::now();
        let mut emitted = codegen::emit(codegen::Input {
            serial: cell.serial,
            source: &cell.source,
            parsed: &cell.parsed,
            plan: &cell.plan,
            scope,
            findings: &cell.findings,
            before: &cell.waiting.before,
            bundles: &self.toolchain.bundles,
            executor: self.toolchain.executor.as_deref(),
        });
        emitted.links = self.links(&cell.plan, &cell.source);
        emitted.wants_mir = !emitted.kept.is_empty() || self.wants_type(&cell.parsed, purpose);
        cell.times.plan += begin.elapsed();
        emitted
    }

    /// Runs rustc once.
    fn invoke(
        &mut self,
        cell: &mut Cell,
        emitted: &Emitted,
        needs: BTreeSet<u32>,
        (kind, full): (Kind, Kind),
        key: Option<(Key, Option<u32>)>,
    ) -> Result<Compiled, CompileError> {
        let (begin, began) = (Instant::now(), SystemTime::now());
        let next = match kind.mode {
            Mode::Check => None, // another run follows
            _ => self.meanwhile(cell.serial, full),
        };
        let invocation = Invocation {
            next: next.as_ref(),
            ..self.invocation(cell.serial, emitted, &needs, kind)
        };
        let compiled = invocation.run();
        if let (Ok(compiled), Some(key)) = (&compiled, key) {
            self.cache.store(key, &invocation, compiled, began);
        }
        self.note_crate(cell.serial, needs, kind.mode);
        cell.times.rustc += begin.elapsed();
        cell.times.linking += compiled
            .as_ref()
            .map_or(Duration::ZERO, |compiled| compiled.linking);
        cell.times.runs += 1;
        compiled.map_err(|error| CompileError::not_started(&error))
    }

    /// The crate's MIR, if it was asked for.
    pub(super) fn mir(&self, cell: &Cell, emitted: &Emitted) -> Result<String, CompileError> {
        if !emitted.wants_mir {
            return Ok(String::new());
        }
        let text = std::fs::read_to_string(self.layout.mir(cell.serial));
        text.map_err(|error| {
            CompileError::Broken(format!("rustc's output cannot be read: {error}"))
        })
    }

    /// The files of modules, in the notebook's folder.
    fn links(&self, plan: &Plan, source: &Source) -> Vec<(String, PathBuf)> {
        let names = plan.texts(source).filter_map(paths::modules);
        let links = names.flat_map(|name| [format!("{name}.rs"), name]);
        let links = links.map(|name| (name.clone(), self.notebook.join(name)));
        links.filter(|(_, path)| path.exists()).collect()
    }
}

/// Whether a cell's library is that of the same cell with another number, and the crate's own number does not matter, either: no
/// other crate names it, and only the names of its files have the cell's number.
fn can_have_any_number(cell: &Cell, emitted: &Emitted) -> bool {
    let Cell { plan, parsed, .. } = cell;
    let has_nothing_to_name = !plan.has_items()
        && plan.copies.is_empty()
        && parsed.uses.is_empty()
        && emitted.kinds.is_empty();
    let texts = emitted.files.iter().filter(|(name, _)| name != ROOT);
    has_nothing_to_name
        && texts
            .into_iter()
            .all(|(_, text)| !text.contains(names::CELL))
}
