//! Compiling a cell: as often as rustc finds something out that must be done differently.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use crate::compiler::diagnostics::advice::advice;
use crate::compiler::rewrite::measured;
use crate::compiler::refine::coherence;
use crate::compiler::diagnostics::render::{self, Cells, Report};
use crate::compiler::codegen::krate::{self, Emitted, Findings};
use crate::compiler::refine::ownership::find_out;
use crate::compiler::refine::public_paths::{self, Located};
use crate::compiler::rustc::mir;
use crate::compiler::profile::{Options, Purpose, Times};
use crate::compiler::syntax::cell::{self, Parsed};
use crate::compiler::plan::crate_plan::Plan;
use crate::compiler::diagnostics::syntax_errors;
use crate::compiler::rustc::invocation::{self, Layout, Message, Mode, ROOT, Toolchain};
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::diagnostics::send_errors;
use crate::compiler::syntax::source::{Edit, Part, Source, file_name};
use crate::compiler::syntax::tokens::Names;
use crate::compiler::refine::unnameable::name_the_unnamed;

/// A compiled cell.
#[derive(Debug)]
pub struct Cell {
    /// The number of its crate.
    pub serial: u32,
    /// Its text.
    pub source: Arc<Source>,
    /// Its parts.
    pub parsed: Parsed,
    /// What its crate consists of.
    pub plan: Plan,
    /// What compiling found out.
    pub findings: Findings,
    /// The library; `None` if there is nothing in it.
    pub library: Option<PathBuf>,
    /// The function that runs the statements.
    pub entry: Option<String>,
    /// Types of new variables, by name, as the MIR spells them.
    pub types: BTreeMap<String, String>,
    /// The type of the last expression, as the MIR spells it, if it is wanted.
    pub tail_type: Option<String>,
    /// What the user should know, one line each.
    pub notes: Vec<String>,
    /// rustc's warnings on its text.
    pub warnings: Vec<Report>,
    /// How long it took.
    pub times: Times,
}

/// Why a cell did not compile.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// There are errors in it.
    #[error("the cell has {} error(s)", .0.len())]
    Errors(Vec<Report>),
    /// rustc could not do its work.
    #[error("{0}")]
    Broken(String),
}

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
    pub located: Located,
    /// What the user has chosen.
    pub options: Options,
    serial: u32,
}

/// rustc is not asked more often than this for one cell.
const MOST_RUNS: u32 = 24;

impl Compiler {
    /// A compiler that keeps its files in a folder.
    pub fn new(toolchain: Toolchain, folder: PathBuf) -> Self {
        let layout = Layout { folder };
        toolchain.standby.prepare(&toolchain.rustc, &layout);
        Self {
            toolchain,
            layout,
            cells: Cells::new(),
            located: Located::new(),
            options: Options::default(),
            serial: 0,
        }
    }

    /// Finds out where the types that a type name mentions are public.
    pub fn locate(&mut self, type_name: &str) {
        public_paths::uncover(type_name, &mut self.toolchain);
        let serial = self.next_serial();
        public_paths::locate(
            type_name,
            &self.toolchain,
            &self.layout,
            serial,
            &mut self.located,
        );
    }

    /// The number that the next cell's crate gets.
    pub fn next_serial(&mut self) -> u32 {
        self.serial += 1;
        self.serial
    }

    /// Compiles a cell, known to the user by the number `number`.
    ///
    /// # Errors
    /// When it has errors, or rustc cannot run.
    pub fn compile(
        &mut self,
        serial: u32,
        number: u32,
        text: &str,
        scope: &Scope,
        purpose: Purpose,
    ) -> Result<Cell, CompileError> {
        let text = text.strip_prefix(cell::BYTE_ORDER_MARK).unwrap_or(text);
        let begin = Instant::now();
        let Some(mut parsed) = Parsed::new(text, &item_macros(scope)) else {
            return Err(self.refuse(serial, number, text));
        };
        let mut times = Times {
            parse: begin.elapsed(),
            ..Times::default()
        };
        let begin = Instant::now();
        let edits = self.edits(&mut parsed, purpose);
        let source = Arc::new(Source::new(number, text, edits));
        self.cells.insert(number, Arc::clone(&source));
        let is_measured = purpose == Purpose::Bench;
        let plan = if is_measured {
            Plan::for_bench(&parsed, scope)
        } else {
            Plan::new(&parsed, scope)
        };
        if is_measured {
            for statement in &mut parsed.statements {
                statement.binds.clear(); // they end with each run
            }
        }
        times.plan = begin.elapsed();
        let mut cell = Cell {
            serial,
            source,
            parsed,
            plan,
            findings: Findings::default(),
            library: None,
            entry: None,
            types: BTreeMap::new(),
            tail_type: None,
            notes: Vec::new(),
            warnings: Vec::new(),
            times,
        };
        let nothing = cell.parsed.statements.is_empty()
            && !cell.plan.has_items()
            && cell.parsed.uses.is_empty();
        if !nothing {
            self.run(&mut cell, scope, purpose)?;
            cell.library = Some(self.layout.library(serial));
        }
        Ok(cell)
    }

    fn run(&self, cell: &mut Cell, scope: &Scope, purpose: Purpose) -> Result<(), CompileError> {
        let full = self.options.mode(purpose, &cell.plan, &cell.parsed);
        // A variable whose type has no name is sure to need a second run: leave the first early.
        let mut mode = if cell.parsed.expects_unnamed && purpose == Purpose::Run {
            Mode::Types
        } else {
            full
        };
        while cell.times.runs < MOST_RUNS {
            let begin = Instant::now();
            let mut emitted = krate::emit(
                cell.serial,
                &cell.source,
                &cell.parsed,
                &cell.plan,
                scope,
                &cell.findings,
                &self.toolchain,
            );
            let wants_type = cell.parsed.tail.is_some() && self.options.wants_type(purpose);
            emitted.wants_mir = !emitted.kept.is_empty() || wants_type;
            cell.times.plan += begin.elapsed();
            let begin = Instant::now();
            let compiled =
                invocation::compile(&self.toolchain, &self.layout, cell.serial, &emitted, mode)
                    .map_err(|error| {
                        CompileError::Broken(format!("rustc could not be run: {error}"))
                    })?;
            cell.times.rustc += begin.elapsed();
            cell.times.runs += 1;
            let errors: Vec<&Message> = compiled.messages.iter().filter(|m| is_error(m)).collect();
            if !compiled.success && errors.is_empty() {
                return Err(CompileError::Broken(broken(&compiled.rest)));
            }
            if !errors.is_empty() {
                if find_out(cell, &emitted, &errors, &self.cells)
                    || coherence::resolve(cell, scope, &errors, &self.cells)
                {
                    continue;
                }
                return Err(CompileError::Errors(self.reports(&errors, cell, scope)));
            }
            let mir = if emitted.wants_mir {
                std::fs::read_to_string(self.layout.mir(cell.serial)).map_err(|error| {
                    CompileError::Broken(format!("rustc's output cannot be read: {error}"))
                })?
            } else {
                String::new()
            };
            if name_the_unnamed(cell, &emitted, &mir, scope) {
                mode = full;
                continue;
            }
            if mode != full {
                mode = full;
                continue;
            }
            cell.tail_type = mir::tail(&mir);
            cell.warnings = self.warnings(&compiled.messages, cell);
            cell.entry = emitted.entry;
            return Ok(());
        }
        Err(CompileError::Broken(
            "the cell could not be compiled: its variables cannot be kept".into(),
        ))
    }

    /// What is inserted into a cell's text.
    fn edits(&self, parsed: &mut Parsed, purpose: Purpose) -> Vec<Edit> {
        let items = parsed.items.iter().flat_map(|item| item.edits.clone());
        let mut edits: Vec<Edit> = items.collect();
        if purpose == Purpose::Bench {
            edits.extend(measured::edits(parsed));
        } else {
            edits.extend(parsed.checks.clone());
            edits.extend(parsed.returns.clone());
            edits.extend(self.options.show(purpose, parsed));
        }
        edits
    }

    /// The warnings that are about the cell's own text.
    fn warnings(&self, messages: &[Message], cell: &Cell) -> Vec<Report> {
        let own = |message: &&Message| {
            let mut primary = message.spans.iter().filter(|span| span.is_primary);
            message.level == "warning"
                && primary.any(|span| {
                    render::place(span, &self.cells)
                        .is_some_and(|(number, _)| number == cell.source.cell)
                })
        };
        let own = messages.iter().filter(own);
        own.map(|warning| render::report(warning, &self.cells, &[]))
            .collect()
    }

    fn reports(&self, errors: &[&Message], cell: &Cell, scope: &Scope) -> Vec<Report> {
        let is_own = |ty: &str| {
            let mut new = cell.parsed.items.iter();
            scope.item(ty).is_some() || new.any(|item| item.names.iter().any(|name| name == ty))
        };
        let errors = send_errors::reword(errors, &is_own);
        let errors: Vec<&Message> = errors.iter().collect();
        let mut reports: Vec<Report> = Vec::new();
        let in_a_cell = |error: &Message| {
            let mut spans = error.spans.iter();
            spans.any(|span| render::place(span, &self.cells).is_some())
        };
        // What has no place in a cell follows from what has one.
        let some_are = errors.iter().any(|error| in_a_cell(error));
        for error in errors.iter().filter(|error| !is_echo(error, &errors)) {
            if some_are && !in_a_cell(error) {
                continue;
            }
            let report = render::report(error, &self.cells, &advice(error, cell, scope));
            if !reports.contains(&report) {
                reports.push(report);
            }
        }
        reports
    }

    /// What rustc says of a text that is not Rust.
    fn refuse(&mut self, serial: u32, number: u32, text: &str) -> CompileError {
        let source = Arc::new(Source::new(number, text, Vec::new()));
        self.cells.insert(number, Arc::clone(&source));
        // With braces round it, an unpaired brace of the user's would be paired with one of ours.
        let (lead, end) = if cell::is_paired(text) {
            ('{', "\n}\n")
        } else {
            (' ', "\n")
        };
        let body = source.render(Part::Body, std::slice::from_ref(&(0..text.len())), lead);
        let emitted = Emitted {
            files: vec![
                (
                    ROOT.into(),
                    format!("fn main() {{ include!(\"{number}.body\") }}\n"),
                ),
                (format!("{number}.body"), body + end),
            ],
            cells: vec![(format!("{number}.body"), file_name(number, Part::Body))],
            ..Emitted::default()
        };
        match invocation::compile(&self.toolchain, &self.layout, serial, &emitted, Mode::Types) {
            Err(error) => CompileError::Broken(format!("rustc could not be run: {error}")),
            Ok(compiled) => {
                let mut errors: Vec<Message> = compiled.messages;
                errors.retain(is_error);
                syntax_errors::keep_causes(&mut errors);
                for error in &mut errors {
                    syntax_errors::end_with_the_cell(error, &source);
                }
                let reports: Vec<Report> = errors
                    .iter()
                    .map(|e| render::report(e, &self.cells, &[]))
                    .collect();
                if reports.is_empty() && !compiled.rest.is_empty() {
                    CompileError::Broken(broken(&compiled.rest))
                } else if reports.is_empty() {
                    CompileError::Broken(
                        "this cell uses syntax that the kernel does not know yet".into(),
                    )
                } else {
                    CompileError::Errors(reports)
                }
            }
        }
    }
}

fn item_macros(scope: &Scope) -> Names {
    let rules = scope
        .items
        .iter()
        .filter(|live| live.is_macro() && live.item.is_item_macro);
    rules.flat_map(|live| live.item.names.clone()).collect()
}

/// Whether an error only says that a variable, which something borrows for ever, cannot be put back after the cell.
fn is_echo(error: &Message, errors: &[&Message]) -> bool {
    let name = error.message.split('`').nth(1).unwrap_or_default();
    let ends_early = format!("`{name}` does not live long enough");
    error.code() == "E0505"
        && errors
            .iter()
            .any(|other| other.code() == "E0597" && other.message == ends_early)
}

fn is_error(message: &Message) -> bool {
    message.level.starts_with("error") && !message.message.starts_with("aborting due to")
}

fn broken(rest: &str) -> String {
    let lines: Vec<&str> = rest
        .lines()
        .filter(|line| !line.trim().is_empty())
        .take(12)
        .collect();
    format!("rustc ended without a result:\n{}", lines.join("\n"))
}
