//! What has become of the variables of a cell that has run.

use std::collections::{BTreeMap, BTreeSet};

use woozle::protocol::Stored;

use crate::compiler::diagnostics::advice::{no_name_elsewhere, too_rigid};
use crate::compiler::driver::Cell;
use crate::compiler::names;
use crate::compiler::resolve::session_scope::{
    Kind as VariableKind, Loans, Scope, Variable, variable_of,
};
use crate::compiler::syntax::refers::namespace::Namespace;
use crate::compiler::syntax::tokens::Names;
use crate::compiler::types::aliases::Modules;
use crate::compiler::types::lifetimes::Own;
use crate::compiler::types::public_paths::{PublicPaths, paths_in};
use crate::compiler::types::{self, Aliases, lifetimes};

/// Takes in the variables of a cell that has run; gives those that the host is to forget.
pub(super) fn remember_variables(
    scope: &mut Scope,
    cell: &Cell,
    stored: &[Stored],
    located: &PublicPaths,
    completed: bool,
) -> Vec<String> {
    note_parts(scope, cell);
    for name in &cell.findings.moved {
        if let Some(variable) = scope.variables.get_mut(name) {
            variable.moved_by = Some(cell.source.cell);
        }
    }
    scope.closures.extend(cell.closures.clone());
    let mut forget = lose_borrowers(scope, cell, stored);
    let unusable = cell.findings.unusable.iter();
    for name in unusable {
        scope.lost.insert(name.clone(), no_name_elsewhere(name));
        forget.push(name.clone());
    }
    for (name, namespace) in cell.plan.own.iter().flat_map(|item| &item.defines) {
        let is_variable = scope.variables.contains_key(name);
        let is_bound = cell.parsed.binds(name);
        if *namespace == Namespace::Values && is_variable && !is_bound {
            forget.push(name.clone());
        }
    }
    let borrowing = &cell.findings.borrowing;
    let loans: BTreeMap<&String, Loans> = borrowing
        .ties
        .keys()
        .filter_map(|name| Some((name, borrowing.loans(name, scope)?)))
        .collect();
    for variable in stored {
        let revived = scope.variables.get(&variable.name).map(|old| old.mutable);
        let bound = cell
            .parsed
            .bindings()
            .rfind(|b| b.name == variable.name)
            .map(|b| b.mutable);
        let ty = cell.types.get(&variable.name).and_then(|ty| {
            let aliases = aliases(&variable.type_name, scope);
            let places = (located, &aliases);
            types::spell(ty, cell.serial, &variable.type_name, places, &|name| {
                crate_of(scope, name)
            })
        });
        let kind = kind_of(cell, &variable.name);
        let exact = borrowing.exact.get(&variable.name);
        let ty = match exact {
            Some((_, own)) => ty.and_then(|ty| own.among(&ty)),
            None => ty,
        };
        let ty = kind.as_ref().map(|(ty, _)| ty.clone()).or(ty);
        let Some(ty) = ty else {
            let reason = no_name_elsewhere(&variable.name);
            scope.lost.insert(variable.name.clone(), reason);
            forget.push(variable.name.clone());
            continue;
        };
        scope.lost.remove(&variable.name);
        let kind = kind.map(|(_, kind)| kind);
        let is_tied = kind.is_some_and(|kind| kind.lifetimes > 0);
        let may_borrow = is_tied || lifetimes::may_borrow(&ty);
        let mutable = bound.or(revived).unwrap_or_default();
        let home = cell.waiting.home(&variable.name);
        let variable_now = Variable {
            ty,
            kind,
            mutable,
            cell: home.unwrap_or(cell.source.cell),
            moved_by: None,
            parts: parts(cell, &variable.name),
            is_exact: is_tied || exact.is_some_and(|(_, own)| *own != Own::AllButObjects),
            is_erased: cell.findings.erased.contains_key(&variable.name) && !variable.has_end,
            borrows: loans.get(&variable.name).filter(|_| may_borrow).cloned(),
        };
        scope.variables.insert(variable.name.clone(), variable_now);
    }
    forget.extend(lose_variables(scope, cell, stored, completed));
    for name in &forget {
        scope.variables.remove(name);
    }
    note_loans(scope, cell, stored, &loans);
    forget
}

/// The parts of a variable that the cell has moved away.
fn parts(cell: &Cell, name: &str) -> Names {
    cell.findings.parts.get(name).cloned().unwrap_or_default()
}

/// Notes which parts of earlier variables are missing.
fn note_parts(scope: &mut Scope, cell: &Cell) {
    for name in &cell.plan.reads {
        let Some(variable) = scope.variables.get_mut(name) else {
            continue;
        };
        // The cell has taken it for good, and what is left of it is among what it has stored.
        if !variable.parts.is_empty() && cell.parsed.assigned.contains(name) {
            variable.moved_by.get_or_insert(cell.source.cell);
        }
        variable.parts = parts(cell, name);
    }
}

/// Takes out the variables that have ended, as what they borrow from was changed or moved; gives those whose name has not become
/// another one's.
fn lose_borrowers(scope: &mut Scope, cell: &Cell, stored: &[Stored]) -> Vec<String> {
    let ended = &cell.findings.borrowing.ended;
    for name in ended {
        let loans = scope.variables.remove(name).and_then(|ended| ended.borrows);
        let places = loans.iter().flat_map(|loans| loans.keys());
        let owners: BTreeSet<&str> = places.map(|place| variable_of(place)).collect();
        let owners = owners.into_iter();
        let owners = owners.filter(|owner| cell.plan.reads.contains(*owner));
        let owners: Vec<String> = owners.map(|owner| format!("`{owner}`")).collect();
        let reason = format!(
            "`{name}` borrowed from {}, which cell [{}] changed or moved, so it ended there",
            owners.join(" and "),
            cell.source.cell
        );
        scope.lost.insert(name.clone(), reason);
    }
    for name in &cell.findings.borrowing.rigid {
        scope.variables.remove(name);
        scope.lost.insert(name.clone(), too_rigid(name));
    }
    let is_new = |name: &String| stored.iter().any(|variable| variable.name == *name);
    let gone = ended.union(&cell.findings.borrowing.rigid);
    gone.filter(|name| !is_new(name)).cloned().collect()
}

/// Notes what earlier variables have come to borrow from, and that names stand for other variables now.
fn note_loans(scope: &mut Scope, cell: &Cell, stored: &[Stored], loans: &BTreeMap<&String, Loans>) {
    let is_new = |name: &str| stored.iter().any(|variable| variable.name == name);
    let there: Names = scope.variables.keys().cloned().collect();
    for (name, variable) in &mut scope.variables {
        let more = loans.get(name).filter(|_| !is_new(name));
        if let Some(more) = more.filter(|_| lifetimes::may_borrow(&variable.ty)) {
            let own = variable.borrows.get_or_insert_default();
            for (owner, loan) in more {
                let known = own.entry(owner.clone()).or_insert(*loan);
                *known = (*known).max(*loan);
            }
        }
        let placed = &cell.findings.borrowing.owners;
        let placed = loans.get(name).map(|_| placed);
        if let Some(own) = &mut variable.borrows {
            own.retain(|place, _| {
                let owner = variable_of(place);
                let is_tied = placed.is_some_and(|placed| placed.contains(owner));
                there.contains(owner) && (!is_new(owner) || is_tied)
            });
        }
    }
}

/// The public paths of those types of cells in a type whose modules are private.
fn aliases(type_name: &str, scope: &Scope) -> Aliases {
    let mut aliases = Aliases::new();
    let is_defined = |name: &str| {
        let mut last = paths_in(type_name).filter_map(|path| path.rsplit("::").next());
        last.any(|last| last == name)
    };
    for path in paths_in(type_name) {
        let names: Vec<String> = path.split("::").map(str::to_owned).collect();
        // The crate, a module at least, and the type's own name.
        let [krate, inner @ ..] = &names[..] else {
            continue;
        };
        let Some(serial) = names::serial_of_crate(krate).filter(|_| inner.len() > 1) else {
            continue;
        };
        let mut modules = Modules::default();
        for earlier in scope.items.iter().filter(|earlier| earlier.home == serial) {
            modules.add(&earlier.source.text[earlier.item.range.clone()]);
        }
        if let Some(public) = modules.public(inner) {
            aliases.insert(path.to_owned(), format!("{krate}::{}", public.join("::")));
        }
        for renamed in modules.renamed(inner) {
            // rustc may write that name, alone or with the way to it.
            let whole = renamed.join("::");
            let public = format!("{krate}::{whole}");
            let name = renamed.last().filter(|name| !is_defined(name)).cloned();
            aliases.extend(
                name.into_iter()
                    .chain([whole])
                    .map(|key| (key, public.clone())),
            );
        }
    }
    aliases
}

/// The type of a new variable that has a part without a name, for people, and where rustc gets it from.
fn kind_of(cell: &Cell, name: &str) -> Option<(String, VariableKind)> {
    let index = cell.kinds.iter().position(|(kind, _)| kind == name)?;
    let (_, lifetimes) = cell.kinds[index];
    let krate = names::crate_path(cell.serial);
    let ty = cell
        .types
        .get(name)?
        .replace("crate::", &format!("{krate}::"));
    let serial = cell.serial;
    let kind = VariableKind {
        serial,
        index,
        lifetimes,
    };
    Some((ty, kind))
}

/// Notes what has become of variables that the cell has made and not kept; gives those that the host is to forget.
fn lose_variables(
    scope: &mut Scope,
    cell: &Cell,
    stored: &[Stored],
    completed: bool,
) -> Vec<String> {
    let mut forget = Vec::new();
    for binding in cell.parsed.bindings() {
        let kept = stored.iter().any(|variable| variable.name == binding.name);
        if !completed && !kept && !scope.variables.contains_key(&binding.name) {
            let reason = format!(
                "cell [{}] ended before it could keep `{}`",
                cell.source.cell, binding.name
            );
            scope.lost.insert(binding.name.clone(), reason);
        }
        if completed && !kept {
            let reason = format!(
                "`{}` was moved, or ended, in cell [{}]",
                binding.name, cell.source.cell
            );
            scope.lost.insert(binding.name.clone(), reason);
            if scope.variables.contains_key(&binding.name) {
                forget.push(binding.name.clone());
            }
        }
    }
    forget
}

fn crate_of(scope: &Scope, name: &str) -> Option<String> {
    scope.item(name).map(|live| names::crate_name(live.home))
}
