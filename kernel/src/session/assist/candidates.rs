//! What can stand at the cursor, as far as the session knows.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::cursor::{Cursor, Place, characters};
use super::entry::{Entry, Kind};
use super::snapshot::Snapshot;
use super::{language, library, names};
use crate::analyzer::protocol::Completion;
use crate::session::commands::catalog;
use crate::session::magics::explore::options::NAMES;
use crate::wire::content::{CompleteReply, CompleteRequest};

/// What the session offers at the cursor, in the order of a list.
pub(super) fn offers(session: &Snapshot, cursor: &Cursor, code: &str) -> Vec<Completion> {
    let mut found = candidates(session, &cursor.place, code);
    found.retain(|entry| entry.name.starts_with(&cursor.prefix));
    found.sort_by(|a, b| (a.kind.rank(), &a.name).cmp(&(b.kind.rank(), &b.name)));
    let mut seen = HashSet::new();
    found.retain(|entry| seen.insert(entry.name.clone()));
    let offers = found.into_iter().map(|entry| Completion {
        text: entry.inserted(),
        kind: entry.kind.word().to_owned(),
        signature: entry.signature,
    });
    offers.collect()
}

/// The answer with these offers.
pub(super) fn reply(
    request: &CompleteRequest,
    cursor: &Cursor,
    offers: Vec<Completion>,
) -> CompleteReply {
    let start = characters(&request.code, cursor.start);
    let end = request.cursor_pos.min(request.code.chars().count());
    let types = offers.iter().map(|offer| {
        json!({
            "start": start,
            "end": end,
            "text": offer.text,
            "type": offer.kind,
            "signature": offer.signature,
        })
    });
    let types: Vec<Value> = types.collect();
    CompleteReply {
        matches: offers.into_iter().map(|offer| offer.text).collect(),
        cursor_start: start,
        cursor_end: end,
        metadata: Map::from_iter([("_jupyter_types_experimental".to_owned(), types.into())]),
    }
}

/// What the session knows of the name at the cursor.
pub(super) fn entry(session: &Snapshot, cursor: &Cursor, code: &str) -> Option<Entry> {
    let mut found = candidates(session, &cursor.place, code).into_iter();
    found.find(|entry| entry.name == cursor.prefix)
}

/// All that can stand at such a place.
fn candidates(session: &Snapshot, place: &Place, code: &str) -> Vec<Entry> {
    match place {
        Place::Command => catalog::all()
            .map(|command| Entry::new(Kind::Command, format!(":{}", command.name), command.summary))
            .collect(),
        Place::Magic => catalog::MAGICS
            .iter()
            .map(|(name, _, what)| Entry::new(Kind::Command, format!("%%{name}"), *what))
            .collect(),
        Place::Option(None) => NAMES
            .iter()
            .map(|(name, _)| Entry::new(Kind::Command, format!("{name}="), ""))
            .collect(),
        Place::Option(Some(option)) => NAMES
            .iter()
            .filter(|(name, _)| name == option)
            .flat_map(|(_, values)| *values)
            .map(|value| Entry::new(Kind::Command, (*value).to_owned(), ""))
            .collect(),
        Place::Member(receiver) => names::type_of(session, receiver, code)
            .map(|owner| members(session, &[owner], true))
            .unwrap_or_default(),
        Place::Path(path) => {
            let mut found = members(session, path, false);
            found.extend(library::module(session, path));
            found
        }
        Place::Name => {
            let mut found = names::bound_in(code);
            found.extend(names::of(session));
            found.extend(library::in_scope(session));
            found.extend(language::names());
            found.extend(names::imports(session));
            found
        }
    }
}

/// The members of the type that a path names: fields and methods for a value of it, or what its path leads to.
fn members(session: &Snapshot, path: &[String], of_value: bool) -> Vec<Entry> {
    let mut found = names::members_of(session);
    found.retain(|entry| entry.owner.as_ref() == path.last());
    found.extend(library::members(session, path));
    found.retain(|entry| match entry.kind {
        Kind::Field => of_value,
        Kind::Method => true,
        _ => !of_value,
    });
    found
}
