//! Completion and documentation: what a front end shows while code is being written.
//!
//! | part | module |
//! |---|---|
//! | where the cursor stands: after a dot, in a path, in a command | [`cursor`] |
//! | a name with what is known of it | [`entry`], read from items by [`items`] |
//! | the names of the session | [`names`] |
//! | the names of the runtime, by its sources | [`library`] |
//! | keywords, std's prelude | [`language`] |
//! | an entry as text and Markdown | [`page`] |
//!
//! It knows names and types, but does not infer any. What does can stand behind [`Assist`] instead.

mod cursor;
mod entry;
mod items;
mod language;
mod library;
mod names;
mod page;

use serde_json::{Map, Value, json};

use self::cursor::{Cursor, Place, characters};
use self::entry::{Entry, Kind};
use super::commands;
use super::shared::Snapshot;
use crate::wire::content::{CompleteReply, CompleteRequest, InspectReply, InspectRequest};

/// Helps to write a cell; asked on any thread, also while a cell runs.
pub(super) trait Assist: Send + Sync {
    /// What can stand at the cursor.
    fn complete(&self, session: &Snapshot, request: &CompleteRequest) -> CompleteReply;

    /// What is known of the name at the cursor.
    fn inspect(&self, session: &Snapshot, request: &InspectRequest) -> InspectReply;
}

/// Knows the session's names and types, the runtime's and the language's.
#[derive(Debug)]
pub(super) struct BySession;

impl Assist for BySession {
    fn complete(&self, session: &Snapshot, request: &CompleteRequest) -> CompleteReply {
        let cursor = Cursor::for_completion(&request.code, request.cursor_pos);
        let mut found = candidates(session, &cursor.place, &request.code);
        found.retain(|entry| entry.name.starts_with(&cursor.prefix));
        found.sort_by(|a, b| (a.kind.rank(), &a.name).cmp(&(b.kind.rank(), &b.name)));
        let mut seen = std::collections::HashSet::new();
        found.retain(|entry| seen.insert(entry.name.clone()));
        let start = characters(&request.code, cursor.start);
        let end = request.cursor_pos.min(request.code.chars().count());
        let types = found.iter().map(|entry| {
            json!({
                "start": start,
                "end": end,
                "text": entry.inserted(),
                "type": entry.kind.word(),
                "signature": entry.signature,
            })
        });
        let types: Vec<Value> = types.collect();
        CompleteReply {
            matches: found.iter().map(Entry::inserted).collect(),
            cursor_start: start,
            cursor_end: end,
            metadata: Map::from_iter([("_jupyter_types_experimental".to_owned(), types.into())]),
        }
    }

    fn inspect(&self, session: &Snapshot, request: &InspectRequest) -> InspectReply {
        let Some(cursor) = Cursor::on_name(&request.code, request.cursor_pos) else {
            return InspectReply::default();
        };
        let found = candidates(session, &cursor.place, &request.code);
        let mut found = found
            .into_iter()
            .filter(|entry| entry.name == cursor.prefix);
        found
            .next()
            .map_or_else(InspectReply::default, |entry| InspectReply {
                found: true,
                data: page::page(&entry, request.detail_level > 0),
                metadata: Map::new(),
            })
    }
}

/// All that can stand at such a place.
fn candidates(session: &Snapshot, place: &Place, code: &str) -> Vec<Entry> {
    match place {
        Place::Command => commands::all()
            .map(|command| Entry::new(Kind::Command, format!(":{}", command.name), command.what))
            .collect(),
        Place::Member(receiver) => names::type_of(session, receiver, code)
            .map(|owner| members(session, &owner, true))
            .unwrap_or_default(),
        Place::Path(path) => {
            let Some(last) = path.last() else {
                return Vec::new();
            };
            let mut found = members(session, last, false);
            found.extend(library::module(path));
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

/// The members of a type: fields and methods for a value of it, or what its path leads to.
fn members(session: &Snapshot, owner: &str, of_value: bool) -> Vec<Entry> {
    let mut found = names::members_of(session);
    found.extend(library::members());
    found.retain(|entry| {
        entry.owner.as_deref() == Some(owner)
            && match entry.kind {
                Kind::Field => of_value,
                Kind::Method => true,
                _ => !of_value,
            }
    });
    found
}

#[cfg(test)]
mod tests;
