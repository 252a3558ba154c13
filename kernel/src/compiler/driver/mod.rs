//! Compiling a cell: as often as rustc finds something out that must be done differently.

mod ahead;
pub mod explored;
mod refuse;
mod run;
mod serials;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use crate::compiler::codegen::Emitted;
use crate::compiler::codegen::borrowing::earlier_owners;
pub use crate::compiler::diagnostics::compile_error::CompileError;
use crate::compiler::diagnostics::report::Cells;
use crate::compiler::diagnostics::{main_function, select};
use crate::compiler::plan::Plan;
use crate::compiler::profile::{Options, Purpose, Times};
use crate::compiler::refine::public_paths::{self, expose_crates};
use crate::compiler::refine::unnameable::erase_the_unnameable;
use crate::compiler::refine::waiting::{Lesson, Waiting};
use crate::compiler::refine::{borrows, coherence, open, ownership, questions, unbound, untested};
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::rewrite::in_place::placing;
use crate::compiler::rewrite::{measured, paths, places, shown};
use crate::compiler::rustc::cache::CellCache;
use crate::compiler::rustc::layout::Layout;
use crate::compiler::rustc::messages::Message;
use crate::compiler::rustc::mir;
use crate::compiler::rustc::mode::{Kind, Mode};
use crate::compiler::rustc::probe::verdict;
use crate::compiler::rustc::toolchain::Toolchain;
use crate::compiler::syntax::cell::{self, Parsed};
use crate::compiler::syntax::macro_bindings;
use crate::compiler::syntax::source::{EXPRESSION, Edit, Source};
use crate::compiler::types::public_paths::PublicPaths;
pub use crate::compiler::unit::Cell;
use serials::Serials;

/// Compiles cells.
#[derive(Debug)]
pub struct Compiler {
    /// rustc and what is compiled against.
    pub toolchain: Toolchain,
    /// Where the files are.
    pub layout: Layout,
    /// The texts of all cells so far.
    pub cells: Cells,
    /// Where the types of added crates are public.
    pub public_paths: PublicPaths,
    /// What the user has chosen.
    pub options: Options,
    /// The notebook's folder.
    notebook: PathBuf,
    /// What was compiled before.
    pub cache: CellCache,
    /// The numbers of this session's own crates.
    serials: Serials,
    /// The number of the crate that was compiled last.
    pub last: u32,
    /// The numbers of all crates that rustc has been told of.
    known: BTreeSet<u32>,
    /// Of those: for which there is a file.
    announced: BTreeSet<u32>,
    /// The crates of earlier cells that each crate may use.
    needs: BTreeMap<u32, BTreeSet<u32>>,
    /// Whether the user has been told that rustc is not as it is known here.
    has_told_of_rustc: bool,
}

/// rustc is not asked more often than this for one cell.
const MOST_RUNS: u32 = 24;

impl Compiler {
    /// A compiler that keeps its files in a folder.
    pub fn new(toolchain: Toolchain, folder: PathBuf, cache: CellCache) -> Self {
        let layout = Layout { folder };
        let mut compiler = Self {
            toolchain,
            layout,
            cells: Cells::new(),
            public_paths: PublicPaths::new(),
            options: Options::default(),
            notebook: std::env::current_dir().unwrap_or_default(),
            serials: Serials::draw(),
            last: 0,
            known: cache.recent(),
            announced: BTreeSet::new(),
            cache,
            needs: BTreeMap::new(),
            has_told_of_rustc: false,
        };
        compiler.prepare();
        compiler.cache.read_ahead(&compiler.toolchain);
        compiler
    }

    /// Finds out where the types that a type name mentions are public.
    pub fn find_public_paths(&mut self, type_name: &str) {
        expose_crates(type_name, &mut self.toolchain);
        let mut known = std::mem::take(&mut self.public_paths);
        let toolchain = self.toolchain.clone();
        let check = &mut |emitted: &Emitted| self.check(emitted).ok();
        public_paths::find(type_name, &toolchain, check, &mut known);
        self.public_paths = known;
    }

    /// Compiles a cell, known to the user by the number `number`.
    ///
    /// # Errors
    /// When it has errors, or rustc cannot run.
    pub fn compile(
        &mut self,
        number: u32,
        text: &str,
        scope: &Scope,
        purpose: Purpose,
    ) -> Result<Cell, CompileError> {
        let mut result = self.try_compile(number, text, scope, purpose);
        if let Err(error) = &mut result
            && !self.has_told_of_rustc
            && let Some(note) = self.toolchain.verdict.as_deref().and_then(verdict::note)
        {
            self.has_told_of_rustc = true;
            error.add_note(&note);
        }
        result
    }

    fn try_compile(
        &mut self,
        number: u32,
        text: &str,
        scope: &Scope,
        purpose: Purpose,
    ) -> Result<Cell, CompileError> {
        let text = text.strip_prefix(cell::BYTE_ORDER_MARK).unwrap_or(text);
        let begin = Instant::now();
        let Some(mut parsed) = Parsed::new(text, &scope.item_macros()) else {
            return Err(self.refuse(number, text));
        };
        macro_bindings::add(text, &mut parsed, scope.macros(), |name| {
            scope.variables.contains_key(name)
        });
        let mut times = Times {
            parse: begin.elapsed(),
            ..Times::default()
        };
        let begin = Instant::now();
        let edits = self.edits(text, number, &mut parsed, purpose);
        let source = Arc::new(Source::new(number, text, edits.clone()));
        self.cells.insert(number, Arc::clone(&source));
        let waiting = match (purpose, number) {
            (Purpose::Bench, _) | (Purpose::Run, EXPRESSION) => Waiting::default(),
            _ => open::begin(&mut parsed, &source, scope, purpose == Purpose::Run),
        };
        let plan = if purpose == Purpose::Bench {
            let plan = Plan::for_bench(&parsed, scope);
            parsed.blocks.clear();
            for statement in &mut parsed.statements {
                statement.binds.clear(); // they end with each run
            }
            plan
        } else {
            Plan::new(&parsed, scope)
        };
        times.plan = begin.elapsed();
        let full = self.kind(&parsed, &plan, &waiting, purpose);
        let mut cell = Cell::new(0, source, parsed, plan);
        cell.times = times;
        cell.waiting = waiting;
        cell.edits = edits;
        cell.expect_parts(scope);
        if !cell.is_empty() {
            self.run(&mut cell, scope, purpose, full)?;
        }
        if cell.is_empty() {
            cell.serial = self.serials.next(); // none waits for it
        } else {
            cell.library = Some(self.layout.library(cell.serial));
        }
        cell.waiting.stand_in(&cell.source);
        if purpose == Purpose::Run {
            let note = main_function::note(&cell.parsed, &cell.source.text);
            cell.notes.extend(note);
        }
        Ok(cell)
    }

    /// Compiles until nothing new is found out.
    fn run(
        &mut self,
        cell: &mut Cell,
        scope: &Scope,
        purpose: Purpose,
        full: Kind,
    ) -> Result<(), CompileError> {
        // A variable whose type has no name is sure to need a second run: leave the first early.
        let mut mode = if cell.parsed.expects_unnamed && purpose == Purpose::Run {
            Mode::Check
        } else {
            full.mode
        };
        for _ in 0..MOST_RUNS {
            self.place(cell, scope);
            let (emitted, compiled) = self.run_once(cell, scope, purpose, (mode, full))?;
            let errors: Vec<&Message> = compiled.errors().collect();
            for error in &errors {
                tracing::trace!(run = cell.times.runs, ?error, "rustc says");
            }
            if !compiled.success && errors.is_empty() {
                return Err(CompileError::no_result(&compiled.rest));
            }
            if !errors.is_empty() {
                if questions::learn(cell, &errors) || untested::learn(cell, &errors, &self.cells) {
                    let source = Arc::clone(&cell.source);
                    self.cells.insert(source.cell, source);
                    continue;
                }
                if open::hold_declared(cell, scope, &errors) {
                    if cell.is_empty() {
                        return Ok(());
                    }
                    continue;
                }
                if unbound::learn(cell, &emitted, scope, &errors, &self.cells)
                    || ownership::learn(cell, &emitted, &errors, &self.cells, scope)
                    || coherence::resolve(cell, scope, &errors, &self.cells)
                    || borrows::refuse(cell)
                {
                    continue;
                }
                let lesson = open::learn(cell, scope, &errors, &self.cells);
                let refusal = match lesson {
                    Lesson::Again if cell.is_empty() => return Ok(()),
                    Lesson::Again => continue,
                    Lesson::Nothing => Vec::new(),
                    Lesson::Refused(refusal) => refusal,
                };
                let is_of_frame =
                    |error: &&&Message| ownership::is_of_frame(error, &emitted, &self.cells);
                let mut users = errors.clone();
                users.retain(|error| !is_of_frame(&error));
                let told = match (&refusal[..], users.is_empty()) {
                    ([], true) => errors,
                    ([], false) => users,
                    (refusal, _) => refusal.iter().collect(),
                };
                let reports = select::errors(&told, &self.cells, &cell.known(scope));
                return Err(CompileError::Errors(reports));
            }
            let mir = self.mir(cell, &emitted)?;
            let must_run_again = erase_the_unnameable(cell, &emitted, &mir, scope);
            if must_run_again || mode != full.mode {
                mode = full.mode;
                continue;
            }
            cell.tail_type = mir::tail(&mir);
            cell.warnings = select::warnings(&compiled.messages, &self.cells, cell.source.cell);
            cell.waiting.around = emitted.held_generated.map(|(cell, _)| cell);
            cell.entry = emitted.entry;
            borrows::note_ended(cell, scope);
            cell.kinds = emitted.kinds;
            return Ok(());
        }
        Err(CompileError::Broken(
            "the cell could not be compiled: its variables cannot be kept".into(),
        ))
    }

    /// Writes what stands in place into the cell's text, if that has changed.
    fn place(&mut self, cell: &mut Cell, scope: &Scope) {
        let text = Arc::clone(&cell.source.text);
        let placing = placing::edits(
            &text,
            &cell.parsed,
            &cell.plan,
            scope,
            &cell.findings,
            cell.waiting.before.len(),
        );
        if placing == cell.placing {
            return;
        }
        // Before the others, so that what is shown is what stands in place.
        let edits = placing.iter().chain(&cell.edits).cloned().collect();
        let number = cell.source.cell;
        cell.source = Arc::new(Source::new(number, &text, edits));
        cell.placing = placing;
        let borrowing = &cell.findings.borrowing;
        let standing = earlier_owners(&cell.plan, scope, borrowing).map(|(name, _)| name);
        cell.in_place = standing.chain(&borrowing.owners).cloned().collect();
        self.cells.insert(number, Arc::clone(&cell.source));
    }

    /// How a cell's crate is compiled, as far as that is known before its source is.
    fn kind(&self, parsed: &Parsed, plan: &Plan, waiting: &Waiting, purpose: Purpose) -> Kind {
        let binds = parsed.statements.iter().any(|s| !s.binds.is_empty());
        let may_keep = binds || !parsed.assigned.is_empty() || !waiting.before.is_empty();
        Kind {
            mode: self.options.mode(purpose, plan, parsed),
            mir: may_keep || self.wants_type(parsed, purpose),
        }
    }

    /// Whether the type of the last expression is to be told.
    fn wants_type(&self, parsed: &Parsed, purpose: Purpose) -> bool {
        parsed.tail.is_some() && self.options.wants_type(purpose)
    }

    /// What is inserted into a cell's text.
    fn edits(&self, text: &str, number: u32, parsed: &mut Parsed, purpose: Purpose) -> Vec<Edit> {
        let items = parsed.items.iter().flat_map(|item| item.edits.clone());
        let mut edits: Vec<Edit> = items.collect();
        edits.extend(paths::edits(text, parsed, &self.notebook));
        edits.extend(places::edits(text, number, parsed));
        if purpose == Purpose::Bench {
            edits.extend(measured::edits(text, parsed));
        } else {
            edits.extend(parsed.checks.clone());
            edits.extend(parsed.returns.clone());
            edits.extend(shown::edits(parsed, purpose, &self.options));
        }
        edits
    }
}
