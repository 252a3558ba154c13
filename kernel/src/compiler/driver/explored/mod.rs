//! The program that a cell becomes in order to be explored: its own statements and items with all items of earlier cells that
//! those mention, compiled against what stands in std's place.

#![expect(
    clippy::disallowed_methods,
    reason = "rustc, which ends with the kernel"
)]

mod content;
mod refused;

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use content::Content;
pub use content::Value;

use super::Compiler;
use crate::compiler::diagnostics::compile_error::CompileError;
use crate::compiler::diagnostics::report::Cells;
use crate::compiler::diagnostics::select;
use crate::compiler::plan::Plan;
use crate::compiler::refine::questions;
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::rustc::contract::code;
use crate::compiler::rustc::layout::ROOT;
use crate::compiler::rustc::messages::{Compiled, Message};
use crate::compiler::syntax::cell::{self, Parsed};
use crate::compiler::syntax::macro_bindings;
use crate::compiler::syntax::source::Source;
use crate::compiler::unit::Cell;
use crate::system::lease;

/// What it is compiled against.
#[derive(Debug, Clone, Copy)]
pub struct Against<'a> {
    /// The library in std's place.
    pub library: &'a Path,
    /// The runtime's primitives.
    pub runtime: &'a Path,
    /// What stands in parking_lot's place.
    pub parking_lot: &'a Path,
    /// The folder of the crates that it uses.
    pub folder: &'a Path,
    /// The folder of rustc's own libraries.
    pub libraries: &'a Path,
}

/// The program.
#[derive(Debug)]
pub struct Explored {
    pub program: PathBuf,
    /// The texts of the cells that it consists of, as they stand in it.
    pub cells: Cells,
    /// Tells programs apart.
    pub key: String,
}

/// Why there is none.
#[derive(Debug)]
pub enum NotExplored {
    /// It does not compile.
    Compile(CompileError),
    /// It uses what cannot be explored, with the reason.
    Refused(String),
    /// It uses this variable of an earlier cell, which it did not get.
    Misses(String),
}

/// A cell that is about to become a program.
#[derive(Debug)]
pub struct Draft {
    cell: Cell,
    content: Content,
}

impl Draft {
    /// The variables of earlier cells that it uses.
    pub fn reads(&self) -> impl Iterator<Item = &String> {
        self.cell.plan.reads.iter()
    }
}

impl Compiler {
    /// Begins the program of a cell. The session stays as it is.
    ///
    /// # Errors
    /// When the cell is no Rust, or uses what cannot be explored.
    pub fn draft_explored(
        &mut self,
        number: u32,
        text: &str,
        scope: &Scope,
    ) -> Result<Draft, NotExplored> {
        let text = text.strip_prefix(cell::BYTE_ORDER_MARK).unwrap_or(text);
        let Some(mut parsed) = Parsed::new(text, &scope.item_macros()) else {
            return Err(NotExplored::Compile(self.refuse(number, text)));
        };
        macro_bindings::add(text, &mut parsed, scope.macros(), |name| {
            scope.variables.contains_key(name)
        });
        let edits = content::edits(&parsed);
        let source = Arc::new(Source::new(number, text, edits.clone()));
        self.cells.insert(number, Arc::clone(&source));
        let plan = Plan::new(&parsed, scope);
        let mut cell = Cell::new(0, source, parsed, plan);
        cell.edits = edits;
        let content = Content::of(&cell, scope);
        content.refuse(&cell, scope).map_err(NotExplored::Refused)?;
        Ok(Draft { cell, content })
    }

    /// Compiles the program, which begins with these values of earlier variables.
    ///
    /// # Errors
    /// When it does not compile.
    pub fn compile_explored(
        &mut self,
        draft: Draft,
        values: &[Value],
        scope: &Scope,
        against: Against<'_>,
    ) -> Result<Explored, NotExplored> {
        let Draft { mut cell, content } = draft;
        let number = cell.source.cell;
        let folder = self.layout.folder.join("src").join("explored");
        let not_started = |error| NotExplored::Compile(CompileError::not_started(&error));
        std::fs::create_dir_all(&folder).map_err(not_started)?;
        let files = loop {
            let files = content.files(&cell, values);
            for (name, text) in &files {
                std::fs::write(folder.join(name), text).map_err(not_started)?;
            }
            let compiled = compile(
                &self.toolchain.rustc,
                &folder,
                against,
                content.uses_runtime(&cell),
            )
            .map_err(not_started)?;
            let errors: Vec<&Message> = compiled.errors().collect();
            if errors.is_empty() && compiled.success {
                break files;
            }
            // `?` on an `Option`: once more, as in a cell that is run.
            if questions::learn(&mut cell, &errors) {
                content::lead_to_program(&mut cell.edits);
                let source = Source::new(number, &cell.source.text, cell.edits.clone());
                cell.source = Arc::new(source);
                self.cells.insert(number, Arc::clone(&cell.source));
                continue;
            }
            let is_missing = |name: &&String| errors.iter().any(|error| misses(error, name));
            if let Some(name) = scope.variables.keys().find(is_missing) {
                return Err(NotExplored::Misses(name.clone()));
            }
            let cells = self.cells_with(&content);
            let error = match errors.is_empty() {
                true => CompileError::no_result(&compiled.rest),
                false => CompileError::Errors(select::errors(&errors, &cells, &cell.known(scope))),
            };
            return Err(NotExplored::Compile(error));
        };
        let texts = files.iter().flat_map(|(name, text)| [&**name, &**text]);
        let mut key = crate::build::cache::key(texts);
        key.truncate(6);
        Ok(Explored {
            program: folder.join(PROGRAM),
            cells: self.cells_with(&content),
            key,
        })
    }

    /// The texts of all cells, as they stand in the program.
    fn cells_with(&self, content: &Content) -> Cells {
        let mut cells = self.cells.clone();
        cells.extend(content.sources());
        cells
    }
}

/// The name of the program.
const PROGRAM: &str = "explored";

/// Whether an error says that there is no variable of a name.
fn misses(error: &Message, name: &str) -> bool {
    error.code() == code::UNKNOWN_VALUE && error.message.contains(&format!("`{name}`"))
}

/// How rustc is told of a library. With newer versions of cargo, its metadata is in a file beside it.
fn externs(name: &str, library: &Path) -> impl Iterator<Item = String> {
    let metadata = library.with_extension("rmeta");
    let files = [library.to_owned(), metadata].into_iter();
    let name = name.to_owned();
    files
        .filter(|file| file.exists())
        .map(move |file| format!("--extern={name}={}", file.display()))
}

fn compile(
    rustc: &Path,
    folder: &Path,
    against: Against<'_>,
    uses_runtime: bool,
) -> std::io::Result<Compiled> {
    let Against {
        library,
        runtime,
        parking_lot,
        folder: crates,
        libraries,
    } = against;
    let mut command = Command::new(rustc);
    command
        .current_dir(folder)
        .arg(ROOT)
        .args([
            "--edition=2024",
            "--crate-type=bin",
            "--crate-name=explored",
        ])
        .args(["--error-format=json", "--cap-lints=allow"])
        .args([
            "-Cprefer-dynamic",
            "-Ccodegen-units=1",
            "-Cdebuginfo=line-tables-only",
        ])
        .args(externs("std", library))
        .args(externs("core", library))
        .args(externs("parking_lot", parking_lot))
        .arg(format!("-Ldependency={}", crates.display()))
        .arg(format!("-Clink-arg=-Wl,-rpath,{}", crates.display()))
        .arg(format!("-Clink-arg=-Wl,-rpath,{}", libraries.display()))
        .arg(format!("-o{PROGRAM}"))
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    if uses_runtime {
        command.args(externs("woozle", runtime));
    }
    let mut leased = lease::spawn(&mut command, Command::stdin)?;
    let mut compiled = Compiled::default();
    let stderr = leased.child.stderr.take().expect("it is piped");
    for line in BufReader::new(stderr).lines() {
        compiled.read_line(&line?);
    }
    compiled.success = leased.child.wait()?.success();
    Ok(compiled)
}
