//! The root of a cell's crate, and the items in it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

use super::emitted::Emitted;
use super::writer::{Input, Writer};
use crate::compiler::names;
use crate::compiler::rewrite::statics;
use crate::compiler::rustc::layout::ROOT;
use crate::compiler::rustc::toolchain::Bundle;
use crate::compiler::syntax::source::{Part, Source, file_name, without};

/// The head of a crate without attributes of its own.
pub const HEAD: &str = "#[macro_use(print, println, eprint, eprintln, dbg)] extern crate woozle;\n";

/// Writes a crate.
pub fn emit(input: Input<'_>) -> Emitted {
    let mut writer = Writer {
        input,
        emitted: Emitted::default(),
        root: String::new(),
        body: String::new(),
    };
    writer.emitted.tells_callers = tells_callers(&input);
    writer.head();
    writer.statics();
    writer.items();
    writer.imports();
    let errors = writer.error_types();
    let tests = writer.tests();
    let announces = !errors.is_empty() || !writer.emitted.shifts.is_empty();
    if !input.parsed.statements.is_empty() || announces || tests.is_some() {
        writer.body = writer.body(tests.as_deref());
        writer.entry(&errors);
    }
    writer.bundles();
    let Writer {
        mut emitted, root, ..
    } = writer;
    emitted.note_crates_in(&root);
    emitted.files.push((ROOT.into(), root));
    emitted
}

/// Whether a function of the session may ask from where it is called.
fn tells_callers(input: &Input<'_>) -> bool {
    const LOCATION: &str = "Location";
    let mut items = input.scope.items.iter();
    input.source.text.contains(LOCATION)
        || items.any(|live| live.source.text[live.item.range.clone()].contains(LOCATION))
}

impl Writer<'_> {
    /// The crate's attributes, and the crates that it is linked to.
    fn head(&mut self) {
        let (source, head) = (self.input.source, &mut self.emitted.head);
        for range in &self.input.parsed.attributes {
            let attribute = &source.text[range.clone()];
            if attribute.starts_with("#!") && !is_of_a_whole_program(attribute) {
                head.push_str(&attribute.replace(['\n', '\r'], " "));
                head.push('\n');
            }
        }
        head.push_str(HEAD);
    }

    /// The libraries of crates that the cell names: what else is linked costs time, and what it implements could change
    /// what the cell's types are.
    fn bundles(&mut self) {
        let files = self.emitted.files.iter().map(|(_, text)| text);
        let texts: Vec<&String> = files.chain([&self.root]).collect();
        let is_named = |bundle: &&Bundle| {
            let mut own = bundle.crates.iter().chain([&bundle.name]);
            own.any(|name| texts.iter().any(|text| names::mentions(text, name)))
        };
        let named: String = self
            .input
            .bundles
            .iter()
            .filter(is_named)
            .map(|bundle| format!("extern crate {} as _;\n", bundle.name))
            .collect();
        self.root.push_str(&named);
    }

    /// The symbols of the statics.
    fn statics(&mut self) {
        let plan = self.input.plan;
        let items = plan
            .compiled_again()
            .map(|earlier| &*earlier.item)
            .chain(&plan.own);
        let keys: Vec<&String> = items
            .flat_map(|item| item.statics.iter().map(|own| &own.key))
            .collect();
        let shared = || plan.kept_statics.iter().map(|(key, home)| (key, *home));
        let macros = statics::macros(self.input.serial, !keys.is_empty(), shared());
        self.root.push_str(&macros);
        self.emitted.crates.extend(shared().map(|(_, home)| home));
        self.emitted.statics = keys
            .into_iter()
            .map(|key| (key.clone(), plan.kept_statics.contains_key(key)))
            .collect();
    }

    /// The files of the items: one for each cell whose items are compiled here.
    fn items(&mut self) {
        let Input {
            source,
            parsed,
            plan,
            ..
        } = self.input;
        let mut by_source = BTreeMap::new();
        let mut add = |source: &Arc<Source>, range: Range<usize>, cut: &[Range<usize>]| {
            let entry = by_source.entry((source.cell, Arc::as_ptr(source)));
            let (_, ranges) =
                entry.or_insert_with(|| (Arc::clone(source), Vec::<Range<usize>>::new()));
            ranges.extend(without(range, cut));
        };
        for earlier in plan.compiled_again() {
            add(&earlier.source, earlier.item.range.clone(), &earlier.cut);
        }
        for item in &plan.own {
            add(source, item.range.clone(), &[]);
        }
        for range in &parsed.use_ranges {
            add(source, range.clone(), &[]);
        }
        for (source, ranges) in by_source.into_values() {
            let text = source.render(Part::Items, &ranges, ' ');
            // rustc tells files apart by their names.
            let is_beside_body =
                source.cell == self.input.source.cell && !parsed.statements.is_empty();
            let part = if is_beside_body {
                Part::Items
            } else {
                Part::Body
            };
            let shown = file_name(source.cell, part);
            self.emitted.note_shifts(&shown, &source);
            let file = self.emitted.add_file(shown, text);
            let _ = writeln!(self.root, "include!({file:?});");
        }
    }
}

/// Whether an inner attribute is about a program or a library as a whole, which a cell's crate is not: a book's example
/// that begins so is none the worse without it.
fn is_of_a_whole_program(attribute: &str) -> bool {
    let name = attribute.trim_start_matches(['#', '!', '[', ' ']);
    let name = name
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .next();
    name.is_some_and(|name| ["crate_name", "crate_type", "no_main", "no_std"].contains(&name))
}

#[cfg(test)]
mod tests;
