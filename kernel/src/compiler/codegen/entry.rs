//! The function that runs a cell's statements: it takes the earlier variables that they name, and puts them back.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::borrowing::places::lifetime;
use super::emitted::Generated;
use super::owners::kind_of;
use super::parts::{drop_rest, refill};
use super::writer::Writer;
use crate::compiler::names;
use crate::compiler::resolve::session_scope::Variable;

impl<'a> Writer<'a> {
    pub(super) fn entry(&mut self, errors: &[String]) {
        self.covariance();
        let kinds = self.entry_head();
        let input = self.input;
        let standing = self.in_place();
        let reads = input.plan.reads.iter();
        let reads: Vec<(&String, &Variable)> = reads
            .filter(|name| !input.findings.unusable.contains(*name))
            .filter(|name| !input.findings.borrowing.ended.contains(*name))
            .filter(|name| !input.findings.borrowing.rigid.contains(*name))
            .filter(|name| !standing.contains_key(name))
            .filter_map(|name| input.scope.variables.get_key_value(name))
            .collect();
        self.tell_of_errors(errors);
        self.tell_of_columns();
        let moved_before = self.take(&reads);
        for name in &input.findings.borrowing.rigid {
            let _ = writeln!(self.root, "::woozle::borrows::leak({name:?});");
        }
        self.run(&moved_before);
        self.put_back(&reads);
        self.entry_end(&kinds);
        self.emitted.entry = Some(names::entry(self.input.serial));
    }

    /// Takes the variables; gives the declarations of those that have no value.
    fn take(&mut self, reads: &[(&'a String, &'a Variable)]) -> String {
        let input = self.input;
        let mut moved_before = String::new();
        for (name, variable) in reads {
            let binding = if variable.mutable { "mut " } else { "" };
            let ty = self.type_for(name, variable, &lifetime(name));
            let (take, moved) = if self.borrows(name, variable) {
                (
                    "::woozle::borrows::take",
                    format!("::woozle::borrows::take({name:?})"),
                )
            } else {
                ("::woozle::cell::take", "::woozle::cell::moved()".to_owned())
            };
            let kind = kind_of(variable, &lifetime(name));
            let is_tied = variable.kind.is_some_and(|kind| kind.lifetimes > 0);
            let of_kind = if is_tied { "borrows" } else { "cell" };
            if let (Some(kind), Some(_)) = (&kind, variable.moved_by) {
                let _ = writeln!(
                    moved_before,
                    "let {binding}{name}; if false {{ {name} = ::woozle::{of_kind}::moved_kind({kind}); ::core::mem::drop({name}); }}"
                );
                continue;
            }
            if variable.moved_by.is_some() {
                let _ = writeln!(
                    moved_before,
                    "let {binding}{name}: {ty}; if false {{ {name} = {moved}; ::core::mem::drop({name}); }}"
                );
                continue;
            }
            let parts = self.forget_parts(name, variable);
            let binding = if parts.is_empty() { binding } else { "mut " };
            let take = match kind {
                Some(kind) => format!(
                    "let {binding}{name} = ::woozle::{of_kind}::take_kind({name:?}, {kind});{parts}\n"
                ),
                None => format!("let {binding}{name}: {ty} = {take}({name:?});{parts}\n"),
            };
            if input.findings.in_body.contains(*name) {
                moved_before.push_str(&take);
                continue;
            }
            self.add_to_root(&take, Generated::Take((*name).clone()));
        }
        moved_before
    }

    /// Runs the statements, in a closure of their own.
    fn run(&mut self, moved_before: &str) {
        let input = self.input;
        let owners = self.owners();
        let begin: String = owners.iter().map(|(piece, _)| piece.as_str()).collect();
        let moved_before = format!("{moved_before}{begin}");
        let before = self.root.len();
        let body = format!("{moved_before}include!({:?})", self.body);
        let run = if input.before.is_empty() {
            self.within_async(body)
        } else {
            self.held(body, !moved_before.is_empty())
        };
        let run = match input.executor {
            Some(bundle) => format!(
                "::{bundle}::within(::woozle::cell::works_for_the_current_cell, || -> ::woozle::cell::Result {{ {run} }})"
            ),
            None => run,
        };
        let _ = writeln!(
            self.root,
            "let woozle_completed = {{ let mut woozle_body = ::core::option::Option::Some(|| -> ::woozle::cell::Result {{ {run} }});\n\
             ::woozle::cell::run(&mut || (woozle_body.take().unwrap())()) }};"
        );
        let mut at = self.root[before..].find(&begin).unwrap_or(0) + before;
        for (piece, meaning) in owners {
            self.emitted
                .root_generated
                .push((at..at + piece.len(), meaning));
            at += piece.len();
        }
    }

    /// An expression in an async block, if the statements await something.
    pub(super) fn within_async(&self, body: String) -> String {
        if self.input.parsed.awaits || self.input.findings.awaits {
            format!("::woozle::cell::block_on(async {{ {body} }})")
        } else {
            body
        }
    }

    /// Puts back what the cell has not moved away.
    fn put_back(&mut self, reads: &[(&'a String, &'a Variable)]) {
        let input = self.input;
        let bound: BTreeSet<&String> = input.bound().collect();
        for (name, variable) in reads {
            let is_in_body = input.findings.in_body.contains(*name);
            if input.findings.moved.contains(*name) || variable.moved_by.is_some() || is_in_body {
                continue;
            }
            // A variable whose name the cell binds anew lives on only if the cell did not get there.
            let unless = if bound.contains(name) {
                "if !woozle_completed "
            } else {
                ""
            };
            let put = if self.borrows(name, variable) {
                let owners = self.names_of_owners(name);
                format!("::woozle::borrows::put_back({name:?}, {name}, {owners});")
            } else if let Some(parts) = input.findings.parts.get(*name) {
                format!(
                    "{}::woozle::cell::put_back_in_part({name:?}, {name}, {});",
                    refill(name, parts),
                    drop_rest(name, parts)
                )
            } else {
                format!("::woozle::cell::put_back({name:?}, {name});")
            };
            let put = format!("{unless}{{ {put} }}\n");
            self.add_to_root(&put, Generated::PutBack((*name).clone()));
        }
        let borrowing = &input.findings.borrowing;
        for name in &borrowing.rebound {
            let _ = writeln!(
                self.root,
                "if !woozle_completed {{ ::woozle::borrows::unshadow({name:?}); }}"
            );
        }
        let mut standing = self.in_place().into_keys();
        let is_owner_moved = standing.any(|name| input.findings.moved.contains(name));
        if borrowing.places() || is_owner_moved {
            self.root.push_str("::woozle::borrows::end_cell();\n");
        }
    }

    /// Whether an earlier variable borrows from others, or has come to.
    fn borrows(&self, name: &str, variable: &Variable) -> bool {
        variable.borrows.is_some() || self.input.findings.borrowing.ties.contains_key(name)
    }

    pub(super) fn add_to_root(&mut self, piece: &str, meaning: Generated) {
        let start = self.root.len();
        self.root.push_str(piece);
        let generated = (start..self.root.len(), meaning);
        self.emitted.root_generated.push(generated);
    }
}
