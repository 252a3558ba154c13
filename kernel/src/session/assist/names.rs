//! The names of the session, and those that the cell at hand binds itself.

use syn::{Item, Type};

use super::entry::{Entry, Kind};
use super::items::{self, type_name};
use crate::compiler::resolve::held::OPEN_TYPE;
use crate::session::assist::snapshot::Snapshot;
use crate::session::report::spelling::plain_type;

/// What the cells have made: variables, items, crates.
pub(super) fn of(session: &Snapshot) -> Vec<Entry> {
    let mut found = variables(session);
    found.extend(
        items(session)
            .into_iter()
            .filter(|entry| entry.owner.is_none()),
    );
    let crates = session.crates.keys().map(|name| name.replace('-', "_"));
    found.extend(crates.map(|name| {
        let signature = format!("extern crate {name}");
        Entry::new(Kind::Module, name, signature)
    }));
    found
}

/// The imports; of what is known elsewhere too, that counts.
pub(super) fn imports(session: &Snapshot) -> Vec<Entry> {
    let imports = session.scope.uses.iter().filter_map(|old| old.leaf.name());
    let entries = imports.map(|name| {
        let kind = if name.starts_with(char::is_uppercase) {
            Kind::Type
        } else {
            Kind::Module
        };
        Entry::new(kind, name, format!("use {name}"))
    });
    entries.collect()
}

/// The fields, methods and variants of the session's types.
pub(super) fn members_of(session: &Snapshot) -> Vec<Entry> {
    let mut found = items(session);
    found.retain(|entry| entry.owner.is_some());
    found
}

fn variables(session: &Snapshot) -> Vec<Entry> {
    let variables = session.scope.variables.iter();
    let entries = variables.map(|(name, variable)| {
        let mutable = if variable.mutable { "mut " } else { "" };
        let ty = plain_type(&variable.ty);
        let mut facts = vec![match variable.moved_by {
            Some(cell) => format!("moved away in cell [{cell}]"),
            None => format!("defined in cell [{}]", variable.cell),
        }];
        let value = session.values.get(name);
        facts.extend(value.map(|value| format!("last seen value: {value}")));
        Entry {
            facts,
            ..Entry::new(Kind::Variable, name, format!("let {mutable}{name}: {ty}"))
        }
    });
    let open = session.scope.open().map(|(held, binding)| {
        let mutable = if binding.mutable { "mut " } else { "" };
        let cell = held.source.cell;
        let name = &binding.name;
        Entry {
            facts: vec![
                format!("defined in cell [{cell}]"),
                "a later cell tells its type".to_owned(),
            ],
            ..Entry::new(
                Kind::Variable,
                name,
                format!("let {mutable}{name}: {OPEN_TYPE}"),
            )
        }
    });
    let mut found: Vec<Entry> = entries.collect();
    let is_open = |name: &str| session.scope.open_variable(name).is_some();
    found.retain(|entry| !is_open(&entry.name));
    found.extend(open);
    found
}

fn items(session: &Snapshot) -> Vec<Entry> {
    let mut found = Vec::new();
    for live in &session.scope.items {
        let text = &live.source.text[live.item.range.clone()];
        let cell = live.source.cell;
        let mut entries = match syn::parse_str::<Item>(text) {
            Ok(item) => items::entries(&item, text),
            // Such as `thread_local!`, which makes several.
            Err(_) => Vec::new(),
        };
        for name in &live.item.names {
            if entries.iter().all(|entry| entry.name != *name) {
                entries.push(Entry {
                    definition: Some(text.to_owned()),
                    ..Entry::new(Kind::Static, name, text.lines().next().unwrap_or_default())
                });
            }
        }
        for entry in &mut entries {
            entry.facts.push(format!("defined in cell [{cell}]"));
        }
        found.extend(entries);
    }
    proc_macro2::extra::invalidate_current_thread_spans();
    found
}

/// The name of the type of a variable, of the session or of the cell at hand.
pub(super) fn type_of(session: &Snapshot, variable: &str, code: &str) -> Option<String> {
    if let Some(variable) = session.scope.variables.get(variable) {
        let ty = syn::parse_str::<Type>(&variable.ty).ok();
        proc_macro2::extra::invalidate_current_thread_spans();
        return type_name(&ty?);
    }
    // `let name: Type`, `let name = Type::new(`, `let name = Type {`
    let mut words = words(code);
    while let Some(word) = words.next() {
        if word != variable {
            continue;
        }
        let mut rest = words.clone();
        if !matches!(rest.next(), Some(":" | "=")) {
            continue;
        }
        let is_type = |word: &str| word.starts_with(char::is_uppercase);
        let close = rest.take(5).take_while(|word| *word != ";" && *word != "(");
        if let Some(found) = close.filter(|word| is_type(word)).last() {
            return Some(found.to_owned());
        }
    }
    None
}

/// The names that a cell binds by `let`, `fn` and the like; it may be unfinished.
pub(super) fn bound_in(code: &str) -> Vec<Entry> {
    let mut found = Vec::new();
    let mut kind = None;
    for word in words(code) {
        let is_name = word.starts_with(|c: char| c.is_alphabetic() || c == '_');
        match (word, kind) {
            ("let" | "for", _) => kind = Some((Kind::Variable, word)),
            ("fn", _) => kind = Some((Kind::Function, word)),
            ("struct", _) => kind = Some((Kind::Struct, word)),
            ("enum", _) => kind = Some((Kind::Enum, word)),
            ("trait", _) => kind = Some((Kind::Trait, word)),
            ("const", _) => kind = Some((Kind::Constant, word)),
            ("static", _) => kind = Some((Kind::Static, word)),
            ("mut", Some(_)) => {}
            (name, Some((kind, word))) if is_name => {
                found.push(Entry::new(kind, name, format!("{word} {name}")));
            }
            _ => {}
        }
        let opens = matches!(
            word,
            "(" | "let"
                | "for"
                | "fn"
                | "struct"
                | "enum"
                | "trait"
                | "const"
                | "static"
                | "mut"
                | ","
        );
        if !opens {
            kind = None;
        }
    }
    found
}

/// A text's names, numbers and signs.
fn words(code: &str) -> impl Iterator<Item = &str> + Clone {
    let is_in_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut rest = code;
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        let first = rest.chars().next()?;
        let length = if is_in_word(first) {
            rest.find(|c| !is_in_word(c)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (word, after) = rest.split_at(length);
        rest = after;
        Some(word)
    })
}
