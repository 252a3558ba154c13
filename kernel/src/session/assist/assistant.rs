//! What the session knows, together with what the analyzer infers.

use serde_json::Map;

use super::candidates::{entry, offers, reply};
use super::cursor::{Cursor, Place};
use super::entry::{Entry, Kind};
use super::notebook::without_commands;
use super::page;
use super::service::Service;
use crate::analyzer::protocol::{self, Completion};
use crate::build::toolchain::Toolchain;
use crate::session::assist::snapshot::Snapshot;
use crate::wire::content::{CompleteReply, CompleteRequest, InspectReply, InspectRequest};

/// Helps to write a cell: knows all types, by the analyzer; and where that has no answer, the
/// names and types of the session, the runtime and the language. Asked on any thread, also while a
/// cell runs.
#[derive(Debug)]
pub(crate) struct Assistant {
    /// `None` without an analyzer.
    service: Option<Service>,
}

impl Assistant {
    pub(crate) fn new(toolchain: &Toolchain) -> Self {
        Self {
            service: Service::new(toolchain),
        }
    }

    /// One that goes by the session alone.
    pub(crate) fn alone() -> Self {
        Self { service: None }
    }

    /// What can stand at the cursor.
    pub(crate) fn complete(&self, session: &Snapshot, request: &CompleteRequest) -> CompleteReply {
        let cursor = Cursor::for_completion(&request.code, request.cursor_pos);
        let known = offers(session, &cursor, &request.code);
        let inferred = match &self.service {
            Some(service) if !cursor.place.is_command() => {
                service.complete(session, place(&request.code, &cursor))
            }
            _ => None,
        };
        let offers = join(&cursor.place, known, inferred.unwrap_or_default());
        reply(request, &cursor, offers)
    }

    /// What is known of the name at the cursor.
    pub(crate) fn inspect(&self, session: &Snapshot, request: &InspectRequest) -> InspectReply {
        let Some(cursor) = Cursor::on_name(&request.code, request.cursor_pos) else {
            return InspectReply::default();
        };
        let whole = request.detail_level > 0;
        let known = entry(session, &cursor, &request.code);
        let is_best = known.as_ref().is_some_and(|known| is_best(known, whole));
        let inferred = match &self.service {
            Some(service) if !is_best => service.inspect(session, place(&request.code, &cursor)),
            _ => None,
        };
        let mut data = match (inferred, known) {
            (Some(page), known) => {
                let facts = known.map(|known| known.facts).unwrap_or_default();
                page::analyzed(&page, &facts)
            }
            (None, Some(known)) => page::page(&known, whole),
            (None, None) => Map::new(),
        };
        if let Some(note) = self.service.as_ref().and_then(Service::note) {
            page::note(&mut data, &note);
        }
        InspectReply {
            found: !data.is_empty(),
            data,
            metadata: Map::new(),
        }
    }
}

/// Whether the session says of a name what nobody knows better.
fn is_best(known: &Entry, whole: bool) -> bool {
    match known.kind {
        // Its own commands, and std's macros as the runtime has them.
        Kind::Command | Kind::Macro | Kind::Keyword => true,
        _ => whole && known.definition.is_some(),
    }
}

fn place(code: &str, cursor: &Cursor) -> protocol::Place {
    protocol::Place {
        code: without_commands(code),
        cursor: cursor.end(),
    }
}

/// One list of two. Of a name that is in both, the session knows better what kind it is.
fn join(place: &Place, known: Vec<Completion>, inferred: Vec<Completion>) -> Vec<Completion> {
    if inferred.is_empty() {
        return known;
    }
    let mut known = known;
    if matches!(place, Place::Member(_)) {
        // The session goes by the name of the receiver's type, and may be wrong.
        known.retain(|offer| inferred.iter().any(|other| other.text == offer.text));
    }
    let is_new = |offer: &Completion| known.iter().all(|other| other.text != offer.text);
    let new: Vec<Completion> = inferred.into_iter().filter(is_new).collect();
    known.extend(new);
    known.sort_by_key(|offer| rank(&offer.kind));
    known
}

/// The order in a list; within it, the session's own come first.
fn rank(kind: &str) -> u8 {
    match kind {
        "variable" | "field" => 0,
        "method" | "enum member" => 1,
        "keyword" => 3,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(text: &str, kind: &str, signature: &str) -> Completion {
        Completion {
            text: text.to_owned(),
            kind: kind.to_owned(),
            signature: signature.to_owned(),
        }
    }

    #[test]
    fn members_are_the_analyzers_and_names_are_both() {
        let known = vec![
            offer("x", "field", "x: i32"),
            offer("wrong", "method", ""),
            offer("while", "keyword", ""),
        ];
        let inferred = vec![
            offer("push", "method", "push(value)"),
            offer("x", "variable", "pub x: i32"),
        ];
        let texts = |place: &Place| {
            let joined = join(place, known.clone(), inferred.clone());
            let texts = joined.into_iter();
            texts
                .map(|offer| (offer.text, offer.signature))
                .collect::<Vec<_>>()
        };
        let pair = |text: &str, signature: &str| (text.to_owned(), signature.to_owned());
        assert_eq!(
            texts(&Place::Member("v".to_owned())),
            [pair("x", "x: i32"), pair("push", "push(value)")]
        );
        assert_eq!(
            texts(&Place::Name),
            [
                pair("x", "x: i32"),
                pair("wrong", ""),
                pair("push", "push(value)"),
                pair("while", "")
            ]
        );
        let place = Place::Member("v".to_owned());
        assert_eq!(join(&place, known.clone(), Vec::new()), known);
    }
}
