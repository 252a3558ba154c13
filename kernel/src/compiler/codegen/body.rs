//! The file of a cell's statements, and what keeps the variables that they bind.

use std::ops::Range;

use super::borrowing::places::lifetime;
use super::emitted::Generated;
use super::findings::{Erasure, Sent};
use super::parts::{drop_rest, refill};
use super::writer::{Writer, add};
use crate::compiler::names;
use crate::compiler::rewrite::returns::block_end;
use crate::compiler::syntax::source::{Part, file_name, without};
use crate::compiler::types::lifetimes::living_for;

impl Writer<'_> {
    /// Writes the file; gives its name.
    pub(super) fn body(&mut self, tests: Option<&str>) -> String {
        let (source, parsed) = (self.input.source, self.input.parsed);
        let mut hidden = parsed.not_body.clone();
        hidden.sort_by_key(|range| range.start);
        let visible = without(0..source.text.len(), &hidden);
        let mut text = source.render(Part::Body, &visible, '{');
        let user = text.len();
        text.push_str("\n;\n");
        let reassigned = self.input.reassigned();
        let first = self.input.first_own();
        let mut pieces = Vec::new();
        let placed = placings(&text);
        // They have the first numbers, in whichever block they are kept.
        self.emitted.kept = self.placed();
        // The innermost of the blocks ends first.
        let mut end = parsed.statements.len();
        let mut inner: Vec<&String> = Vec::new();
        for block in parsed.blocks.iter().rev() {
            let start = self.input.before.len() + block;
            let bound: Vec<&String> = self.input.bound_by(start..end).collect();
            self.keep_all(&mut text, &mut pieces, &bound, &|name| {
                bound.contains(&name)
            });
            text.push_str(block_end());
            inner.extend(bound);
            end = start;
        }
        let bound = self.input.bound_by(first..end).chain(reassigned);
        let bound: Vec<&String> = bound.collect();
        self.keep_all(&mut text, &mut pieces, &bound, &|name| {
            !inner.contains(&name)
        });
        self.emitted.body_generated = pieces;
        text.extend(tests);
        text.push_str("::core::result::Result::<(), ::woozle::cell::Failure>::Ok(())}\n");
        self.emitted.note_crates_in(&text[user..]);
        let part = if parsed.statements.is_empty() {
            Part::Items
        } else {
            Part::Body
        };
        let shown = file_name(source.cell, part);
        self.emitted.note_shifts(&shown, source);
        self.emitted.placed = (shown.clone(), placed);
        self.emitted.add_file(shown, text)
    }

    /// Keeps variables, and ends before those that cannot be kept.
    fn keep_all(
        &mut self,
        text: &mut String,
        pieces: &mut Vec<(Range<usize>, Generated)>,
        names: &[&String],
        is_here: &dyn Fn(&String) -> bool,
    ) {
        let findings = self.input.findings;
        // A guard, say, whose end would touch what is kept by then.
        for name in names.iter().rev() {
            if findings.borrowers.contains(*name) && !findings.gone.contains(*name) {
                let end = format!("{{ let _ended = {name}; }}\n");
                add(text, pieces, &end, Generated::End((*name).clone()));
            }
        }
        self.owners_end(text, pieces, is_here);
        for &name in names {
            if self.emitted.kept.contains(name) || findings.not_kept.contains(name) {
                continue;
            }
            if let Some(exactly) = self.exactly(name) {
                add(text, pieces, &exactly, Generated::Exact(name.clone()));
            }
            let keep = self.keep(name);
            add(text, pieces, &keep, Generated::Keep(name.clone()));
            text.push('\n');
        }
    }

    /// What keeps a variable, as the next one.
    pub(super) fn keep(&mut self, name: &str) -> String {
        let number = self.emitted.kept.len();
        self.emitted.kept.push(name.to_owned());
        let is_new = self.input.bound().any(|bound| bound == name);
        let findings = self.input.findings;
        if !is_new && self.in_place().keys().any(|other| *other == name) {
            // In the box that the cell took it has a value again, or what is left of it.
            let Some(parts) = findings.parts.get(name) else {
                return format!(
                    "::woozle::cell::again::keep_variable::<_, {number}>({name:?}, *{name});"
                );
            };
            return format!(
                "{}::woozle::cell::again::in_part::keep_variable::<_, {number}>({name:?}, *{name}, {});",
                refill(name, parts),
                drop_rest(name, parts)
            );
        }
        let erased = findings.erased.get(name);
        let borrows = findings.borrowing.ties.contains_key(name);
        let again = if is_new { "" } else { "again::" };
        if let Some(parts) = findings.parts.get(name).filter(|_| !borrows) {
            return format!(
                "{}::woozle::cell::{again}in_part::keep_variable::<_, {number}>({name:?}, {name}, {});",
                refill(name, parts),
                drop_rest(name, parts)
            );
        }
        if !is_new && !borrows && erased.is_none() {
            return format!(
                "::woozle::cell::again::keep_variable::<_, {number}>({name:?}, {name});"
            );
        }
        let owners = borrows.then(|| self.names_of_owners(name));
        keep(name, number, erased, owners.as_deref())
    }
}

/// The calls within the statements that put new variables where they stay, or lend fields.
fn placings(text: &str) -> Vec<(Range<usize>, Generated)> {
    let calls = text.match_indices("::woozle::borrows::placed::");
    let calls = calls.filter_map(|(start, _)| {
        let length = text[start..].find(';')?;
        let name = text[start..start + length].split('"').nth(1)?;
        let range = start..start + length;
        Some((range, Generated::Keep(name.to_owned())))
    });
    let lent = text
        .match_indices("::woozle::borrows::lend")
        .filter_map(|(start, _)| {
            let length = text[start..].find(';')?;
            let (_, rest) = text[start..start + length].split_once("(*")?;
            let (variable, _) = rest.split_once(')')?;
            Some((start..start + length, Generated::Lend(variable.to_owned())))
        });
    calls.chain(lent).collect()
}

/// The call that keeps a variable; its number tells it apart in the MIR. One that borrows has `owners`: before it is kept, rustc
/// is asked whether it may live so long.
fn keep(name: &str, number: usize, erased: Option<&Erasure>, owners: Option<&str>) -> String {
    let lifetime = lifetime(name);
    let (function, types, value) = match erased {
        None => ("keep_variable", "_".to_owned(), name.to_owned()),
        Some(Erasure::Pointer(ty)) => ("keep_variable", ty.clone(), name.to_owned()),
        Some(erased @ (Erasure::Boxed(..) | Erasure::Copied(..) | Erasure::Curried(..))) => {
            let (ty, value) = erased.in_box(name).unwrap_or_default();
            let tied = owners.and_then(|_| living_for(&ty, &lifetime));
            ("keep_variable", tied.unwrap_or(ty), value)
        }
        Some(Erasure::Kind(..)) => {
            let kind = names::kind_variable(number);
            return match owners {
                None => {
                    format!("::woozle::cell::keep_kind::<_, {number}>({name:?}, {name}, {kind});")
                }
                Some(owners) => format!(
                    "{{ let woozle_end = ::woozle::borrows::outlives::<{lifetime}, _>(&{name}); \
                     ::woozle::borrows::keep_kind::<_, {number}>({name:?}, {name}, {kind}, {owners}, woozle_end); }}"
                ),
            };
        }
        Some(Erasure::Iterator(Sent::Yes)) => {
            ("sent::keep_iterator", "_, _".to_owned(), name.to_owned())
        }
        Some(Erasure::Iterator(Sent::No)) => ("keep_iterator", "_, _".to_owned(), name.to_owned()),
        Some(Erasure::Future(Sent::Yes)) => {
            ("sent::keep_future", "_, _".to_owned(), name.to_owned())
        }
        Some(Erasure::Future(Sent::No)) => ("keep_future", "_, _".to_owned(), name.to_owned()),
        // Its parameters may not borrow.
        Some(Erasure::Callable(kind, arity, more)) => {
            return keep_callable(name, number, kind, *arity, more);
        }
    };
    match owners {
        None => format!("::woozle::cell::{function}::<{types}, {number}>({name:?}, {value});"),
        Some(owners) => format!(
            "{{ let woozle_end = ::woozle::borrows::outlives::<{lifetime}, _>(&{name}); \
             ::woozle::borrows::{function}::<{types}, {number}>({name:?}, {value}, {owners}, woozle_end); }}"
        ),
    }
}

/// What keeps a value that can be called. It is generic over the parameters' types, so that rustc infers
/// them and they appear in the MIR.
fn keep_callable(name: &str, number: usize, kind: &str, arity: usize, more: &str) -> String {
    let parameters: Vec<String> = (0..arity).map(|i| format!("A{i}")).collect();
    let object = format!("{kind}({}) -> R{more}", parameters.join(", "));
    let declared: String = parameters
        .iter()
        .map(|p| format!("{p}: 'static, "))
        .collect();
    let inferred = "_, ".repeat(arity + 2);
    format!(
        "{{ fn keep_callable<F: {object} + 'static, {declared}R: 'static, const N: usize>(name: &str, value: F) \
         {{ ::woozle::cell::keep_boxed::<::std::boxed::Box<dyn {object}>>(name, ::std::boxed::Box::new(value)); }} \
         keep_callable::<{inferred}{number}>({name:?}, {name}); }}"
    )
}
