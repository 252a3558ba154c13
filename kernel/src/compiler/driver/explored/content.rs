//! What a program consists of: the cell's own statements and items, and all of earlier cells that those mention.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use super::refused;
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::rewrite::returns::block_end;
use crate::compiler::rustc::layout::ROOT;
use crate::compiler::syntax::cell::Parsed;
use crate::compiler::syntax::cell::tail::TailKind;
use crate::compiler::syntax::imports::Use;
use crate::compiler::syntax::item::Kind;
use crate::compiler::syntax::source::{Edit, Part, Source, file_name, without};
use crate::compiler::syntax::tokens::Names;
use crate::compiler::unit::Cell;

/// The crates that a program can name.
const KNOWN: [&str; 7] = [
    "std",
    "core",
    "alloc",
    "parking_lot",
    "crate",
    "self",
    "super",
];

/// The runtime's crate.
const RUNTIME: &str = "woozle";

/// Where the calls of a cell's code lead in the session, and where in the program.
const OF_SESSION: &str = "::woozle::cell::";
const OF_PROGRAM: &str = "::std::engine::cell::";

/// Changes what the session inserts so that the program can call it.
pub(super) fn lead_to_program(edits: &mut [Edit]) {
    for edit in edits {
        edit.text = edit.text.replace(OF_SESSION, OF_PROGRAM);
    }
}

/// What is inserted into the text of a cell: what `return` becomes, and what shows the last expression.
pub(super) fn edits(parsed: &Parsed) -> Vec<Edit> {
    let mut edits = parsed.returns.clone();
    lead_to_program(&mut edits);
    let Some(tail) = &parsed.tail else {
        return edits;
    };
    let shown = " { value => { use ::std::engine::cell::{ByDebug as _, Hidden as _}; (&::std::engine::cell::Shown(value)).show() } }";
    let (before, after) = match parsed.tail_kind {
        TailKind::Value => ("match &(", format!("){shown}")),
        TailKind::Attributed => ("match &({ ", format!(" }}){shown}")),
        TailKind::Ok => (
            "match &(",
            format!(".map_err(::core::convert::identity::<::core::convert::Infallible>)){shown}"),
        ),
        TailKind::Done => (
            "::core::mem::drop::<::std::engine::cell::Result>(",
            ");".to_owned(),
        ),
        TailKind::Err => (
            "::core::convert::identity::<::core::result::Result<(), _>>(",
            ")?;".to_owned(),
        ),
    };
    edits.push(Edit::before(tail.start, before, Part::Body));
    edits.push(Edit::after(tail.end, after, Part::Body));
    edits
}

/// The value of a variable of an earlier cell, with which the program begins.
#[derive(Debug)]
pub struct Value {
    pub name: String,
    pub is_mutable: bool,
    pub ty: String,
    pub value: String,
}

/// What a program consists of beside the cell itself.
#[derive(Debug)]
pub(super) struct Content {
    /// The earlier items: their texts, by cell, and the places in them.
    items: BTreeMap<u32, (Arc<Source>, Vec<std::ops::Range<usize>>)>,
    /// The earlier `use` declarations.
    uses: Vec<Use>,
    /// All names that are mentioned.
    wanted: Names,
}

impl Content {
    /// Finds all that a cell mentions, directly or not.
    pub(super) fn of(cell: &Cell, scope: &Scope) -> Self {
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
                let is_known = KNOWN.contains(&leaf.root()) || refused::is_of_runtime(leaf);
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
    pub(super) fn refuse(&self, cell: &Cell, scope: &Scope) -> Result<(), String> {
        let leaves = || cell.parsed.uses.iter().chain(&self.uses);
        let foreign = leaves().map(Use::root).find(|root| {
            let is_item = || {
                let mut own = cell.parsed.items.iter();
                scope.item(root).is_some()
                    || own.any(|item| item.names.iter().any(|name| name == root))
            };
            !KNOWN.contains(root) && *root != RUNTIME && !is_item()
        });
        if let Some(name) = foreign {
            return Err(refused::of_crate(name));
        }
        let statements = cell.parsed.statements.iter();
        let own = statements.map(|own| &cell.source.text[own.range.clone()]);
        let items = cell.parsed.items.iter();
        let own = own.chain(items.map(|item| &cell.source.text[item.range.clone()]));
        let earlier = self.items.values().flat_map(|(source, ranges)| {
            let ranges = ranges.iter();
            ranges.map(|range| &source.text[range.clone()])
        });
        let mut code = own.chain(earlier);
        // What earlier cells have brought in counts if it is named.
        let is_named = |leaf: &&Use| leaf.name().is_some_and(|name| self.wanted.contains(name));
        let mut used = cell
            .parsed
            .uses
            .iter()
            .chain(self.uses.iter().filter(is_named));
        let reason = used.find_map(refused::of_use);
        match reason.or_else(|| code.find_map(refused::of_code)) {
            Some(reason) => Err(reason),
            None => Ok(()),
        }
    }

    /// Whether the runtime's primitives are needed.
    pub(super) fn uses_runtime(&self, cell: &Cell) -> bool {
        let mut leaves = cell.parsed.uses.iter().chain(&self.uses);
        self.wanted.contains(RUNTIME) || leaves.any(|leaf| leaf.root() == RUNTIME)
    }

    /// The texts of the earlier cells.
    pub(super) fn sources(&self) -> impl Iterator<Item = (u32, Arc<Source>)> {
        let sources = self.items.values();
        sources.map(|(source, _)| (source.cell, Arc::clone(source)))
    }

    /// The program's files.
    pub(super) fn files(&self, cell: &Cell, values: &[Value]) -> Vec<(String, String)> {
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
        let (before, after) = match parsed.awaits {
            true => ("::std::engine::cell::block_on(async { ", " })"),
            false => ("", ""),
        };
        root.push_str("fn woozle_explored() -> ::std::engine::cell::Result {\n");
        for Value {
            name,
            is_mutable,
            ty,
            value,
        } in values
        {
            let binding = if *is_mutable { "mut " } else { "" };
            let _ = writeln!(
                root,
                "#[allow(unused)] let {binding}{name}: {ty} = {value};"
            );
        }
        root.push_str(before);
        let visible = without(0..source.text.len(), &parsed.not_body);
        let mut body = source.render(Part::Body, &visible, '{');
        body.push_str("\n;\n");
        for _ in &parsed.blocks {
            body.push_str(block_end());
        }
        let _ = writeln!(
            body,
            "::core::result::Result::<(), {OF_PROGRAM}Failure>::Ok(())}}"
        );
        include(&mut root, file_name(source.cell, Part::Body), body, after);
        root.push_str("\n}\n");
        // A `main` of the cell's is a function like others.
        root.push_str(
            "#[unsafe(export_name = \"main\")] extern \"C\" fn woozle_main() -> i32 { ::std::engine::main(woozle_explored); 0 }\n",
        );
        files.push((ROOT.to_owned(), root));
        files
    }
}
