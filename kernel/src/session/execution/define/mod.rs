//! What a cell has defined goes into the scope.

use std::collections::BTreeMap;
use std::sync::Arc;

use woozle::protocol::{Command, Stored};

use crate::compiler::diagnostics::advice::no_name_elsewhere;
use crate::compiler::driver::Cell;
use crate::compiler::names;
use crate::compiler::resolve::files;
use crate::compiler::resolve::session_scope::{Scope, SessionItem, SessionUse};
use crate::compiler::syntax::cell::Parsed;
use crate::compiler::syntax::item::Item;
use crate::compiler::syntax::tokens::Names;
use crate::session::engine::Engine;

mod variables;

use variables::remember_variables;

impl Engine {
    /// Takes in what a cell has defined; gives notes for the user.
    pub(crate) fn remember(
        &mut self,
        cell: &Cell,
        stored: &[Stored],
        completed: bool,
    ) -> Vec<String> {
        let mut notes = remember_items(&mut self.state.scope, cell);
        for variable in stored {
            self.locate(&variable.type_name);
        }
        let (scope, located) = (&mut self.state.scope, &self.compiler.public_paths);
        let forget = remember_variables(scope, cell, stored, located, completed);
        let without_name = stored.iter().map(|variable| &variable.name);
        let without_name = without_name.filter(|name| !scope.variables.contains_key(*name));
        notes.extend(without_name.map(|name| no_name_elsewhere(name)));
        if !forget.is_empty() {
            self.host.send(Command::Forget { names: forget });
        }
        notes
    }
}

/// Notes what a cell that did not compile would have defined, for those who look for it later.
pub(crate) fn not_defined(scope: &mut Scope, code: &str, number: u32) {
    let Some(parsed) = Parsed::new(code, &Names::new()) else {
        return;
    };
    let names = parsed
        .bindings()
        .map(|binding| binding.name.clone())
        .chain(parsed.items.iter().flat_map(|item| item.names.clone()))
        .chain(
            parsed
                .uses
                .iter()
                .filter_map(|leaf| leaf.name())
                .map(str::to_owned),
        );
    for name in names {
        let reason = format!("`{name}` is in cell [{number}], which did not compile");
        scope.lost.insert(name, reason);
    }
}

/// Takes in the items and `use` declarations of a cell that compiled; gives notes for the user.
pub(crate) fn remember_items(scope: &mut Scope, cell: &Cell) -> Vec<String> {
    let notes = carry_variables(scope, cell);
    for (&n, reason) in &cell.plan.amendments.dormant {
        let reason = format!(
            "{} does not compile with what cell [{}] defined ({reason}); it comes back when that fits again",
            scope.items[n].shown(),
            cell.source.cell
        );
        for name in scope.items[n].item.names.clone() {
            scope.lost.insert(name, reason.clone());
        }
    }
    let revived = cell.plan.revived.iter().map(|&n| &scope.items[n].item);
    let items = cell.plan.own.iter().chain(revived.map(|item| &**item));
    let names = items.flat_map(|item| &item.names).map(String::as_str);
    for name in names.chain(cell.parsed.uses.iter().filter_map(|leaf| leaf.name())) {
        scope.lost.remove(name);
    }
    scope.cells += 1;
    scope.items = items_after(scope, cell);
    let ended = &cell.plan.ended_uses;
    scope.uses.retain(|old| !ended.contains(&old.leaf));
    scope
        .uses
        .extend(cell.parsed.uses.iter().map(|leaf| SessionUse {
            leaf: leaf.clone(),
            since: scope.cells,
        }));
    notes
}

/// The items after a cell.
fn items_after(scope: &mut Scope, cell: &Cell) -> Vec<SessionItem> {
    let plan = &cell.plan;
    let mut items: Vec<SessionItem> = Vec::new();
    let (level, debuggable) = (scope.level, scope.debuggable);
    for (n, mut live) in std::mem::take(&mut scope.items).into_iter().enumerate() {
        if let Some(carried) = plan.recompiled.get(&n) {
            live = SessionItem {
                home: cell.serial,
                compiled: scope.cells,
                statics: statics(&carried.item, cell),
                files: files::states(&carried.item.refers),
                dormant: None,
                level,
                debuggable,
                ..carried.clone()
            };
        } else if plan.replaced.contains(&n) {
            continue;
        } else if let Some(reason) = plan.amendments.dormant.get(&n) {
            live.dormant = Some(reason.clone());
        } else if plan.hidden.contains(&n) {
            live.dormant = Some("another cell's glob has its name".into());
        }
        if plan.refreshed.contains(&n) {
            live.since = scope.cells;
        }
        items.push(live);
    }
    items.extend(plan.own.iter().map(|item| SessionItem {
        item: Arc::new(item.clone()),
        source: Arc::clone(&cell.source),
        home: cell.serial,
        compiled: scope.cells,
        statics: statics(item, cell),
        cut: Vec::new(),
        since: scope.cells,
        dormant: None,
        level,
        debuggable,
        files: files::states(&item.refers),
    }));
    scope.rebuilt.clear();
    items
}

/// The crates that have an item's statics: the cell's own, but for those that go on.
fn statics(item: &Item, cell: &Cell) -> BTreeMap<String, u32> {
    let keys = item.statics.iter().map(|own| &own.key);
    keys.map(|key| {
        let kept = cell.plan.kept_statics.get(key);
        (key.clone(), kept.copied().unwrap_or(cell.serial))
    })
    .collect()
}

/// Variables of types that were compiled again unchanged have the new type from here on: it has
/// the same definition and so, from the same compiler, the same layout. Gives notes on those
/// whose type has changed.
fn carry_variables(scope: &mut Scope, cell: &Cell) -> Vec<String> {
    let mut notes = Vec::new();
    let mut ended = Vec::new();
    let mut variables = std::mem::take(&mut scope.variables);
    for (name, variable) in &mut variables {
        // What the cell makes itself is made of the new type.
        if let Some(old) = cell.plan.outdated_item(&variable.ty, scope)
            && !cell.parsed.binds(name)
        {
            // That cell's text may have the old definition in it.
            let help = if old.source.cell == variable.cell {
                "assign it again".to_owned()
            } else {
                "run that cell again".to_owned()
            };
            notes.push(format!(
                "`{name}` of cell [{}] is of a type that was defined anew, and keeps the old one; {help} to make it anew",
                variable.cell
            ));
        }
        let ty = cell
            .plan
            .respell(&variable.ty, &names::crate_path(cell.serial));
        // What has no name cannot be taken for another type.
        if variable.kind.is_some() && ty != variable.ty && !cell.parsed.binds(name) {
            ended.push(name.clone());
            let reason = format!(
                "`{name}` ended in cell [{}], which defined anew what its type is made of",
                cell.source.cell
            );
            scope.lost.insert(name.clone(), reason.clone());
            notes.push(reason);
        }
        variable.ty = ty;
    }
    variables.retain(|name, _| !ended.contains(name));
    scope.variables = variables;
    notes
}

#[cfg(test)]
mod tests;
