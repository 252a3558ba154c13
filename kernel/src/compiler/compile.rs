//! Compiling a cell: as often as rustc finds something out that must be done differently.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::diagnostics::{self, Cells, Report};
use super::emit::{self, Emitted, Findings, Glue, KeptAs};
use super::locate::{self, Located};
use super::mir::{self, Kept};
use super::parse::{self, Parsed};
use super::plan::Plan;
use super::rustc::{self, Layout, Message, Mode, ROOT, Toolchain};
use super::scope::Scope;
use super::source::{Edit, Part, Source, cell_of_name, file_name};
use super::tokens::Names;
use super::types;

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
    /// What the user should know, one line each.
    pub notes: Vec<String>,
    /// How long rustc took, all runs together, and how many there were.
    pub rustc: (Duration, u32),
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
    serial: u32,
}

/// rustc is not asked more often than this for one cell.
const MOST_RUNS: u32 = 24;

impl Compiler {
    /// A compiler that keeps its files in a folder.
    pub fn new(toolchain: Toolchain, folder: PathBuf) -> Self {
        Self {
            toolchain,
            layout: Layout { folder },
            cells: Cells::new(),
            located: Located::new(),
            serial: 0,
        }
    }

    /// Spells a variable's type for later cells; `None` if it has no name.
    pub fn spell(
        &mut self,
        cell: &Cell,
        name: &str,
        type_name: &str,
        scope: &Scope,
    ) -> Option<String> {
        let ty = cell.types.get(name)?;
        let serial = self.next_serial();
        locate::locate(
            type_name,
            &self.toolchain,
            &self.layout,
            serial,
            &mut self.located,
        );
        let known = |name: &str| scope.item(name).map(|live| format!("cell_{}", live.home));
        types::spell(ty, cell.serial, type_name, &self.located, &known)
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
    ) -> Result<Cell, CompileError> {
        let Some(parsed) = Parsed::new(text, &item_macros(scope)) else {
            return Err(self.refuse(serial, number, text));
        };
        let source = Arc::new(Source::new(number, text, edits(&parsed)));
        self.cells.insert(number, Arc::clone(&source));
        let plan = Plan::new(&parsed, scope);
        let mut cell = Cell {
            serial,
            source,
            parsed,
            plan,
            findings: Findings::default(),
            library: None,
            entry: None,
            types: BTreeMap::new(),
            notes: Vec::new(),
            rustc: (Duration::ZERO, 0),
        };
        let nothing = cell.parsed.statements.is_empty()
            && !cell.plan.has_items()
            && cell.parsed.uses.is_empty();
        if !nothing {
            self.run(&mut cell, scope)?;
            cell.library = Some(self.layout.library(serial));
        }
        Ok(cell)
    }

    fn run(&self, cell: &mut Cell, scope: &Scope) -> Result<(), CompileError> {
        let full = mode(&cell.plan, &cell.parsed);
        // A variable whose type has no name is sure to need a second run: leave the first early.
        let mut mode = if cell.parsed.expects_unnamed {
            Mode::Types
        } else {
            full
        };
        while cell.rustc.1 < MOST_RUNS {
            let emitted = emit::emit(
                cell.serial,
                &cell.source,
                &cell.parsed,
                &cell.plan,
                scope,
                &cell.findings,
                &self.toolchain.bundles,
            );
            let begin = Instant::now();
            let compiled =
                rustc::compile(&self.toolchain, &self.layout, cell.serial, &emitted, mode)
                    .map_err(|error| {
                        CompileError::Broken(format!("rustc could not be run: {error}"))
                    })?;
            cell.rustc = (cell.rustc.0 + begin.elapsed(), cell.rustc.1 + 1);
            let errors: Vec<&Message> = compiled.messages.iter().filter(|m| is_error(m)).collect();
            if !compiled.success && errors.is_empty() {
                return Err(CompileError::Broken(broken(&compiled.rest)));
            }
            if !errors.is_empty() {
                if self.find_out(cell, &emitted, &errors) {
                    continue;
                }
                return Err(CompileError::Errors(self.reports(&errors, cell, scope)));
            }
            let mir = if emitted.kept.is_empty() {
                String::new()
            } else {
                std::fs::read_to_string(self.layout.mir(cell.serial)).map_err(|error| {
                    CompileError::Broken(format!("rustc's output cannot be read: {error}"))
                })?
            };
            if name_the_unnamed(cell, &emitted, &mir, scope) {
                mode = full;
                continue;
            }
            if mode == Mode::Types {
                mode = full;
                continue;
            }
            cell.entry = emitted.entry;
            return Ok(());
        }
        Err(CompileError::Broken(
            "the cell could not be compiled: its variables cannot be kept".into(),
        ))
    }

    /// Learns from errors in generated code; false if there is an error that is the user's.
    fn find_out(&self, cell: &mut Cell, emitted: &Emitted, errors: &[&Message]) -> bool {
        let before = cell.findings.clone();
        let mut all = true;
        for error in errors {
            all &= self.learn(cell, emitted, error);
        }
        if !all || cell.findings == before {
            cell.findings = before;
            return false;
        }
        true
    }

    fn learn(&self, cell: &mut Cell, emitted: &Emitted, error: &Message) -> bool {
        let glue = |primary: Option<bool>| {
            let mut spans = error
                .spans
                .iter()
                .filter(|span| primary.is_none_or(|p| p == span.is_primary));
            spans.find_map(|span| glue_at(span, emitted, &self.cells))
        };
        let code = error.code.as_ref().map_or("", |code| &code.code);
        match (code, glue(Some(true)).or_else(|| glue(None))) {
            ("E0382" | "E0381", Some(Glue::PutBack(name))) => {
                cell.findings.moved.insert(name);
                true
            }
            ("E0382" | "E0381", Some(Glue::Keep(name))) => cell.findings.not_kept.insert(name),
            // borrows of what ends with the cell
            (
                "E0597" | "E0505" | "E0506" | "E0515" | "E0521" | "E0716" | "E0373" | "E0310"
                | "E0499" | "E0502" | "E0503",
                _,
            ) => {
                // what borrows, rather than what is borrowed from: that one is not at fault
                let kept = |primary: bool| {
                    let mut spans = error.spans.iter().filter(|span| span.is_primary == primary);
                    spans.find_map(|span| match glue_at(span, emitted, &self.cells) {
                        Some(Glue::Keep(name)) => Some(name),
                        _ => None,
                    })
                };
                let kept = kept(false).or_else(|| kept(true));
                let Some(name) = kept else { return false };
                cell.notes.push(format!(
                    "`{name}` borrows from something that ends with this cell, so it ends with it too"
                ));
                cell.findings.not_kept.insert(name)
            }
            (_, Some(Glue::Keep(name))) => self.keep_otherwise(cell, name),
            _ => false,
        }
    }

    /// Another way to keep a variable, after one that rustc refused.
    fn keep_otherwise(&self, cell: &mut Cell, name: String) -> bool {
        let next = match cell.findings.kept_as.get(&name) {
            Some(KeptAs::Boxed(bounds, " + Send + Sync")) => {
                KeptAs::Boxed(bounds.clone(), " + Send")
            }
            Some(KeptAs::Boxed(bounds, " + Send")) => KeptAs::Boxed(bounds.clone(), ""),
            Some(_) => {
                cell.notes.push(format!(
                    "the type of `{name}` has no name, so `{name}` ends with this cell"
                ));
                return cell.findings.not_kept.insert(name);
            }
            None => return false, // the user's error, such as a type that cannot be inferred
        };
        cell.findings.kept_as.insert(name, next);
        true
    }

    fn reports(&self, errors: &[&Message], cell: &Cell, scope: &Scope) -> Vec<Report> {
        let mut reports: Vec<Report> = Vec::new();
        for error in errors {
            let report = diagnostics::report(error, &self.cells, &advice(error, cell, scope));
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
        let (lead, end) = if parse::is_paired(text) {
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
        match rustc::compile(&self.toolchain, &self.layout, serial, &emitted, Mode::Types) {
            Err(error) => CompileError::Broken(format!("rustc could not be run: {error}")),
            Ok(compiled) => {
                let errors = compiled.messages.iter().filter(|message| is_error(message));
                let reports: Vec<Report> = errors
                    .map(|e| diagnostics::report(e, &self.cells, &[]))
                    .collect();
                if reports.is_empty() {
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

fn edits(parsed: &Parsed) -> Vec<Edit> {
    let mut edits: Vec<Edit> = parsed
        .items
        .iter()
        .flat_map(|item| item.edits.clone())
        .collect();
    if let Some(tail) = &parsed.tail {
        edits.push(Edit::before(tail.start, "match &(", Part::Body));
        edits.push(Edit::after(
            tail.end,
            ") { value => ::woozle::show_value!(value) }",
            Part::Body,
        ));
    }
    edits
}

fn mode(plan: &Plan, parsed: &Parsed) -> Mode {
    let carried = plan.carried.iter().map(|live| &*live.item);
    if plan.own.iter().chain(carried).any(|item| item.is_heavy) {
        Mode::Fast
    } else if parsed.may_run_long {
        Mode::Careful
    } else {
        Mode::Quick
    }
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

fn glue_at(span: &rustc::Span, emitted: &Emitted, cells: &Cells) -> Option<Glue> {
    let mut span = span;
    loop {
        let glue = if span.file_name == ROOT {
            &emitted.root_glue
        } else if cell_of_name(&span.file_name).is_some_and(|cell| cells.contains_key(&cell)) {
            &emitted.body_glue
        } else {
            span = &span.expansion.as_ref()?.span;
            continue;
        };
        let beyond_user = |cell: u32| cells[&cell].original(span.byte_start).is_none();
        if cell_of_name(&span.file_name).is_none_or(beyond_user) {
            if let Some((_, found)) = glue
                .iter()
                .find(|(range, _)| range.contains(&span.byte_start))
            {
                return Some(found.clone());
            }
        }
        span = &span.expansion.as_ref()?.span;
    }
}

/// Finds the new variables whose types have no name, and how to keep them; true if another run
/// is needed. Notes the types of the others.
fn name_the_unnamed(cell: &mut Cell, emitted: &Emitted, mir: &str, scope: &Scope) -> bool {
    let before = cell.findings.clone();
    cell.types.clear();
    for kept in mir::kept(mir) {
        let Some(name) = emitted.kept.get(kept.number) else {
            continue;
        };
        let unnamed = types::is_unnamed(&kept.ty);
        if !unnamed || cell.findings.kept_as.contains_key(name) {
            cell.types.insert(
                name.clone(),
                kept_type(&kept, cell.findings.kept_as.get(name)),
            );
            continue;
        }
        match way_to_keep(&kept, mir, cell, scope) {
            Some(way) => {
                cell.findings.kept_as.insert(name.clone(), way);
            }
            None => {
                cell.notes.push(format!(
                    "the type of `{name}` has no name, so `{name}` ends with this cell"
                ));
                cell.findings.not_kept.insert(name.clone());
            }
        }
    }
    cell.findings != before
}

fn kept_type(kept: &Kept, kept_as: Option<&KeptAs>) -> String {
    match kept_as {
        Some(KeptAs::Iterator) => format!(
            "::std::boxed::Box<dyn ::std::iter::Iterator<Item = {}>>",
            kept.ty
        ),
        Some(KeptAs::Future) => {
            format!(
                "::std::pin::Pin<::std::boxed::Box<dyn ::std::future::Future<Output = {}>>>",
                kept.ty
            )
        }
        _ => kept.ty.clone(),
    }
}

fn way_to_keep(kept: &Kept, mir: &str, cell: &Cell, scope: &Scope) -> Option<KeptAs> {
    if kept.ty.starts_with("{closure") {
        let Some(mut signature) = mir::signature(mir, &kept.ty) else {
            return returned_closure(&kept.ty, cell, scope);
        };
        let own: Vec<&String> = cell.plan.own.iter().flat_map(|item| &item.names).collect();
        for ty in signature
            .parameters
            .iter_mut()
            .chain([&mut signature.result])
        {
            *ty = spell_here(ty, &own, cell, scope)?;
        }
        return Some(if kept.captures_nothing && signature.kind == "Fn" {
            KeptAs::Pointer(signature.pointer())
        } else {
            KeptAs::Boxed(signature.bound(), " + Send + Sync")
        });
    }
    // a function's own type: `fn(i32) -> i32 {double}`
    if let Some((pointer, _)) = kept.ty.rsplit_once(" {").filter(|_| kept.ty.ends_with('}')) {
        return spell_here(pointer, &[], cell, scope).map(KeptAs::Pointer);
    }
    if kept.ty.starts_with("{async") || kept.ty.starts_with("impl ") && kept.ty.contains("Future<")
    {
        return Some(KeptAs::Future);
    }
    match kept.ty.strip_prefix("impl ") {
        Some(bounds) if !bounds.contains("Iterator<") => {
            boxed(&format!("dyn {bounds}"), cell, scope)
        }
        _ => Some(KeptAs::Iterator),
    }
}

/// A closure that a function of an earlier cell made: the function says `-> impl Fn(...)`.
fn returned_closure(ty: &str, cell: &Cell, scope: &Scope) -> Option<KeptAs> {
    let path = ty.strip_prefix("{closure@")?.split("::{closure").next()?;
    let live = scope.item(path.rsplit("::").next()?)?;
    let text = &live.source.text[live.item.range.clone()];
    let function = syn::parse_str::<syn::ItemFn>(text).ok()?;
    let syn::ReturnType::Type(_, result) = &function.sig.output else {
        return None;
    };
    let syn::Type::ImplTrait(opaque) = &**result else {
        return None;
    };
    let bounds = &opaque.bounds;
    boxed(&quote::quote!(dyn #bounds).to_string(), cell, scope)
}

/// A box for a trait object of this type.
fn boxed(object: &str, cell: &Cell, scope: &Scope) -> Option<KeptAs> {
    let object = spell_here(object, &[], cell, scope)?;
    let bounds = object.trim_start_matches("dyn ").to_owned();
    Some(KeptAs::Boxed(bounds, ""))
}

/// Spells a type of a closure's signature within its own crate.
fn spell_here(ty: &str, own: &[&String], cell: &Cell, scope: &Scope) -> Option<String> {
    if ty.contains('{') || ty.contains("impl ") {
        return None;
    }
    if ty == "()" {
        return Some(ty.to_owned());
    }
    let known = |name: &str| {
        if own.iter().any(|other| *other == name)
            || cell
                .plan
                .carried
                .iter()
                .any(|live| live.item.names.iter().any(|n| n == name))
        {
            return Some("crate".to_owned());
        }
        scope.item(name).map(|live| format!("cell_{}", live.home))
    };
    types::spell_local(ty, &known)
}

/// Notes of ours on an error.
fn advice(error: &Message, cell: &Cell, scope: &Scope) -> Vec<String> {
    let mut advice = Vec::new();
    let names: Vec<&str> = error.message.split('`').skip(1).step_by(2).collect();
    let code = error.code.as_ref().map_or("", |code| &code.code);
    for name in names {
        if let (Some(variable), "E0425" | "E0434") = (scope.variables.get(name), code) {
            match variable.moved_by {
                Some(by) => advice.push(format!("the value of `{name}` was moved in cell [{by}]")),
                None => advice.push(format!(
                    "`{name}` is a variable of cell [{}]; an item cannot use it: pass it as an argument, or make it a `const` or `static`",
                    variable.cell
                )),
            }
        } else if let (Some(variable), "E0381" | "E0382" | "E0505") =
            (scope.variables.get(name), code)
        {
            if let Some(by) = variable.moved_by {
                advice.push(format!("the value of `{name}` was moved in cell [{by}]"));
            }
        } else if let (Some(reason), "E0425") = (scope.lost.get(name), code) {
            advice.push(reason.clone());
        }
    }
    for name in &cell.plan.changed_types {
        if error.message.contains(name.as_str())
            || error
                .spans
                .iter()
                .any(|s| s.label.as_ref().is_some_and(|l| l.contains(name.as_str())))
        {
            advice.push(format!("`{name}` was defined anew; values made before keep the old type: run the cells that make them again"));
        }
    }
    advice.dedup();
    advice
}
