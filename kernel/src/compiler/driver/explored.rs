//! The program that a cell becomes in order to be explored: its own statements and items with all items of earlier cells that
//! those mention, compiled against what stands in std's place.

#![expect(
    clippy::disallowed_methods,
    reason = "rustc, which ends with the kernel"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use super::Compiler;
use crate::compiler::diagnostics::compile_error::CompileError;
use crate::compiler::diagnostics::report::Cells;
use crate::compiler::diagnostics::select;
use crate::compiler::names;
use crate::compiler::plan::Plan;
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::rustc::messages::{Compiled, Message};
use crate::compiler::syntax::cell::{self, Parsed};
use crate::compiler::syntax::imports::Use;
use crate::compiler::syntax::item::Kind;
use crate::compiler::syntax::source::{Part, Source, file_name, without};
use crate::compiler::syntax::tokens::Names;
use crate::compiler::unit::Cell;
use crate::system::lease;

/// What it is compiled against.
#[derive(Debug, Clone, Copy)]
pub struct Against<'a> {
    /// The library in std's place.
    pub library: &'a Path,
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
}

/// The name of the program's source.
const ROOT: &str = "explored.rs";

/// The crates that a program can name.
const KNOWN: [&str; 6] = ["std", "core", "alloc", "crate", "self", "super"];

impl Compiler {
    /// Compiles the program of a cell. The session stays as it is.
    ///
    /// # Errors
    /// When the cell does not compile, or uses what cannot be explored.
    pub fn compile_explored(
        &mut self,
        number: u32,
        text: &str,
        scope: &Scope,
        against: Against<'_>,
    ) -> Result<Explored, NotExplored> {
        let text = text.strip_prefix(cell::BYTE_ORDER_MARK).unwrap_or(text);
        let Some(parsed) = Parsed::new(text, &scope.item_macros()) else {
            return Err(NotExplored::Compile(self.refuse(number, text)));
        };
        let source = Arc::new(Source::new(number, text, Vec::new()));
        self.cells.insert(number, Arc::clone(&source));
        let plan = Plan::new(&parsed, scope);
        let cell = Cell::new(0, source, parsed, plan);
        let content = Content::of(&cell, scope);
        content.refuse(&cell, scope).map_err(NotExplored::Refused)?;
        let files = content.files(&cell);
        let folder = self.layout.folder.join("src").join("explored");
        let not_started = |error| NotExplored::Compile(CompileError::not_started(&error));
        std::fs::create_dir_all(&folder).map_err(not_started)?;
        for (name, text) in &files {
            std::fs::write(folder.join(name), text).map_err(not_started)?;
        }
        let compiled = compile(&self.toolchain.rustc, &folder, against).map_err(not_started)?;
        let errors: Vec<&Message> = compiled.errors().collect();
        let mut cells = self.cells.clone();
        cells.extend(content.sources());
        if !errors.is_empty() {
            let reports = select::errors(&errors, &cells, &cell.known(scope));
            return Err(NotExplored::Compile(CompileError::Errors(reports)));
        }
        if !compiled.success {
            let error = CompileError::no_result(&compiled.rest);
            return Err(NotExplored::Compile(error));
        }
        let texts = files.iter().flat_map(|(name, text)| [&**name, &**text]);
        let mut key = crate::build::cache::key(texts);
        key.truncate(6);
        Ok(Explored {
            program: folder.join(PROGRAM),
            cells,
            key,
        })
    }
}

/// The name of the program.
const PROGRAM: &str = "explored";

/// What a program consists of beside the cell itself.
struct Content {
    /// The earlier items: their texts, by cell, and the places in them.
    items: BTreeMap<u32, (Arc<Source>, Vec<std::ops::Range<usize>>)>,
    /// The earlier `use` declarations.
    uses: Vec<Use>,
    /// All names that are mentioned.
    wanted: Names,
}

impl Content {
    /// Finds all that a cell mentions, directly or not.
    fn of(cell: &Cell, scope: &Scope) -> Self {
        let parsed = &cell.parsed;
        let statements = parsed.statements.iter().flat_map(|own| own.names.clone());
        let mut wanted: Names = statements.collect();
        wanted.extend(parsed.items.iter().flat_map(|item| item.mentions.clone()));
        wanted.extend(parsed.uses.iter().map(|own| own.root().to_owned()));
        let own: BTreeSet<_> = parsed.items.iter().flat_map(|item| &item.defines).collect();
        let mut taken: BTreeSet<usize> = BTreeSet::new();
        let mut types = Names::new();
        loop {
            let before = taken.len();
            for (n, earlier) in scope.items.iter().enumerate() {
                let item = &earlier.item;
                let is_ended = earlier.dormant.is_some()
                    || item.defines.iter().any(|name| own.contains(name))
                    || cell.plan.replaced.contains(&n);
                let is_wanted = match &item.kind {
                    Kind::Impl(head) => head.names.iter().any(|name| types.contains(name)),
                    _ => item.names.iter().any(|name| wanted.contains(name)),
                };
                if is_wanted && !is_ended && taken.insert(n) {
                    wanted.extend(item.mentions.iter().cloned());
                    types.extend(item.names.iter().cloned());
                }
            }
            if taken.len() == before {
                break;
            }
        }
        let mut items = BTreeMap::new();
        for n in taken {
            let earlier = &scope.items[n];
            let number = earlier.source.cell;
            let (_, ranges) = items.entry(number).or_insert_with(|| {
                let plain = Source::new(number, &earlier.source.text, Vec::new());
                (Arc::new(plain), Vec::new())
            });
            ranges.extend(without(earlier.item.range.clone(), &earlier.cut));
        }
        let is_own = |leaf: &Use| parsed.uses.iter().any(|own| own.name() == leaf.name());
        let uses = scope
            .uses
            .iter()
            .map(|earlier| &earlier.leaf)
            .filter(|leaf| {
                let is_known = KNOWN.contains(&leaf.root());
                let is_named = leaf.name().is_some_and(|name| wanted.contains(name));
                (is_known || is_named) && (leaf.name().is_none() || !is_own(leaf))
            });
        let uses = uses.cloned().collect();
        Self {
            items,
            uses,
            wanted,
        }
    }

    /// Says what cannot be explored, if it uses such a thing.
    fn refuse(&self, cell: &Cell, scope: &Scope) -> Result<(), String> {
        if let Some(name) = cell.plan.reads.first() {
            let of = scope.variables.get(name);
            let of = of.map_or(String::new(), |v| {
                format!(" of {}", names::cell_name(v.cell))
            });
            return Err(format!(
                "`%%explore` runs a cell many times, each time from its beginning, and apart from the session: it cannot use the variable `{name}`{of}. Make what it needs within the cell"
            ));
        }
        let own = cell.parsed.uses.iter();
        let foreign = own.chain(&self.uses).map(Use::root).find(|root| {
            let is_item = || {
                let mut own = cell.parsed.items.iter();
                scope.item(root).is_some()
                    || own.any(|item| item.names.iter().any(|name| name == root))
            };
            !KNOWN.contains(root) && !is_item()
        });
        let named = || {
            self.wanted
                .iter()
                .find(|name| *name == "woozle")
                .map(String::as_str)
        };
        match foreign.or_else(named) {
            Some(name) => Err(format!(
                "`%%explore` decides at each call of std's locks, atomics, channels and threads which thread goes on. It cannot do so within the crate `{name}`: use std's for this"
            )),
            None => Ok(()),
        }
    }

    /// The texts of the earlier cells.
    fn sources(&self) -> impl Iterator<Item = (u32, Arc<Source>)> {
        let sources = self.items.values();
        sources.map(|(source, _)| (source.cell, Arc::clone(source)))
    }

    /// The program's files.
    fn files(&self, cell: &Cell) -> Vec<(String, String)> {
        let (parsed, source) = (&cell.parsed, &cell.source);
        let mut root = String::from("#![no_main]\n");
        let mut files = Vec::new();
        let mut include = |root: &mut String, name: String, text: String, end: &str| {
            let _ = write!(root, "include!({name:?}){end}"); // a string takes all
            files.push((name, text));
        };
        for (source, ranges) in self.items.values() {
            let text = source.render(Part::Items, ranges, ' ');
            include(&mut root, file_name(source.cell, Part::Body), text, ";\n");
        }
        let own = parsed.items.iter().map(|item| item.range.clone());
        let own: Vec<_> = own.chain(parsed.use_ranges.iter().cloned()).collect();
        let text = source.render(Part::Items, &own, ' ');
        include(&mut root, file_name(source.cell, Part::Items), text, ";\n");
        for leaf in &self.uses {
            let _ = writeln!(root, "#[allow(unused_imports)] {}", leaf.declaration());
        }
        root.push_str("fn woozle_explored() { let _ = ");
        let visible = without(0..source.text.len(), &parsed.not_body);
        let mut body = source.render(Part::Body, &visible, '{');
        body.push_str("\n}\n");
        include(&mut root, file_name(source.cell, Part::Body), body, "; }\n");
        // A `main` of the cell's is a function like others.
        root.push_str(
            "#[unsafe(export_name = \"main\")] extern \"C\" fn woozle_main() -> i32 { ::std::engine::main(woozle_explored); 0 }\n",
        );
        files.push((ROOT.to_owned(), root));
        files
    }
}

fn compile(rustc: &Path, folder: &Path, against: Against<'_>) -> std::io::Result<Compiled> {
    let Against {
        library,
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
        .args(["-Cprefer-dynamic", "-Ccodegen-units=1", "-Cdebuginfo=0"])
        .arg(format!("--extern=std={}", library.display()))
        .arg(format!("--extern=core={}", library.display()))
        .arg(format!("-Ldependency={}", crates.display()))
        .arg(format!("-Clink-arg=-Wl,-rpath,{}", crates.display()))
        .arg(format!("-Clink-arg=-Wl,-rpath,{}", libraries.display()))
        .arg(format!("-o{PROGRAM}"))
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let mut leased = lease::spawn(&mut command, Command::stdin)?;
    let mut compiled = Compiled::default();
    let stderr = leased.child.stderr.take().expect("it is piped");
    for line in BufReader::new(stderr).lines() {
        compiled.read_line(&line?);
    }
    compiled.success = leased.child.wait()?.success();
    Ok(compiled)
}
