//! One run of rustc, or what one gave before for the same.

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime};

use super::Compiler;
use crate::compiler::cache::{ANY, Key};
use crate::compiler::codegen::{self, Emitted};
use crate::compiler::diagnostics::compile_error::CompileError;
use crate::compiler::plan::Plan;
use crate::compiler::profile::Purpose;
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::rewrite::paths;
use crate::compiler::rustc::invocation::Invocation;
use crate::compiler::rustc::messages::Compiled;
use crate::compiler::rustc::mode::{Kind, Mode};
use crate::compiler::syntax::source::Source;
use crate::compiler::unit::Cell;

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
        let key = self.key(&emitted, kind);
        if let Some((serial, compiled)) = key.as_ref().and_then(|key| self.restore(key)) {
            cell.serial = serial;
            self.last = serial;
            let emitted = self.emit(cell, scope, purpose);
            self.note_restored(serial, &emitted, kind);
            return Ok((emitted, compiled));
        }
        cell.serial = self.serial_for(full);
        self.last = cell.serial;
        let emitted = self.emit(cell, scope, purpose);
        let compiled = self.invoke(cell, &emitted, (kind, full), key)?;
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
        let serial = self.serials.next();
        self.last = serial;
        let key = self.key(emitted, kind);
        if let Some((_, compiled)) = key.as_ref().and_then(|key| self.restore(key)) {
            self.note_restored(serial, emitted, kind);
            return Ok(compiled);
        }
        let began = SystemTime::now();
        let invocation = Invocation::check(&self.toolchain, &self.layout, serial, emitted);
        let compiled = invocation.run()?;
        if let Some(key) = key {
            self.cache.store(key, &invocation, &compiled, began);
        }
        Ok(compiled)
    }

    /// What names the result of a run whose crate has the number [`ANY`].
    fn key(&self, emitted: &Emitted, kind: Kind) -> Option<Key> {
        let needs = self.needs_of(&emitted.crates);
        let invocation = Invocation {
            toolchain: &self.toolchain,
            layout: &self.layout,
            serial: ANY,
            emitted,
            needs: &needs,
            kind,
            next: None,
        };
        self.cache.key(&invocation, &self.notebook)
    }

    /// What was given before, and the number of the crate, unless another crate of this session has it.
    fn restore(&mut self, key: &Key) -> Option<(u32, Compiled)> {
        let entry = self.cache.find(key)?;
        let serial = entry.serial;
        let is_taken = self.needs.contains_key(&serial) || self.serials.contains(serial);
        if entry.is_crate() && is_taken {
            return None;
        }
        let compiled = entry.install(&self.layout);
        let compiled = compiled
            .inspect_err(|error| tracing::debug!(%error, "what was kept cannot be used"))
            .ok()?;
        Some((serial, compiled))
    }

    /// Notes a crate that rustc did not have to compile, and writes its source, as rustc would have found it.
    fn note_restored(&mut self, serial: u32, emitted: &Emitted, kind: Kind) {
        let needs = self.needs_of(&emitted.crates);
        let invocation = Invocation {
            toolchain: &self.toolchain,
            layout: &self.layout,
            serial,
            emitted,
            needs: &needs,
            kind,
            next: None,
        };
        if let Err(error) = invocation.write() {
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
        (kind, full): (Kind, Kind),
        key: Option<Key>,
    ) -> Result<Compiled, CompileError> {
        let (begin, began) = (Instant::now(), SystemTime::now());
        let next = match kind.mode {
            Mode::Check => None, // another run follows
            _ => self.meanwhile(cell.serial, full),
        };
        let needs = self.needs_of(&emitted.crates);
        let invocation = Invocation {
            toolchain: &self.toolchain,
            layout: &self.layout,
            serial: cell.serial,
            emitted,
            needs: &needs,
            kind,
            next: next.as_ref(),
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
