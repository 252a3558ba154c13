//! What has become of the statements that wait for a type, after a cell.

use std::sync::Arc;

use woozle::protocol::{Command, Stored};

use crate::compiler::driver::Cell;
use crate::compiler::resolve::held::Held;
use crate::compiler::resolve::session_scope::{Scope, SessionItem};
use crate::compiler::syntax::cell::Statement;
use crate::compiler::syntax::construction::Form;
use crate::compiler::syntax::construction::neutral::uses_are_neutral;
use crate::compiler::syntax::item::Kind;
use crate::compiler::syntax::tokens::Names;
use crate::session::engine::Engine;
use crate::session::execution::containers::Containers;

impl Engine {
    /// Takes in which statements a cell has run of those that waited, and which it has added; gives notes for the user.
    pub(crate) fn settle_held(
        &mut self,
        cell: &Cell,
        stored: &[Stored],
        completed: bool,
    ) -> Vec<String> {
        let scope = &mut self.state.scope;
        take_those_that_ran(scope, cell, stored, completed);
        note_untouched(scope, cell, completed);
        let notes = drop_the_shadowed(scope, cell, completed);
        let forget = add_those_that_wait(scope, cell, completed);
        if !forget.is_empty() {
            self.host.send(Command::Forget { names: forget });
        }
        notes
    }

    /// Nothing of a cell has run.
    pub(crate) fn keep_held(&mut self) {
        still_open(&mut self.state.scope);
    }
}

/// Those that ran wait no more, unless the cell failed and they can run again as if they never had.
fn take_those_that_ran(scope: &mut Scope, cell: &Cell, stored: &[Stored], completed: bool) {
    let before = &cell.waiting.before;
    let is_kept = |name: &str| {
        let moved = cell.findings.not_kept.contains(name);
        moved || stored.iter().any(|variable| variable.name == name)
    };
    let is_gone = |held: &Held| held.acts || held.bindings().any(|b| is_kept(&b.name));
    // What depends on one of them goes with it.
    let ends = completed || before.iter().any(is_gone);
    for held in before.iter().filter(|_| ends) {
        scope.held.retain(|other| !other.is(held));
        for binding in held.bindings().filter(|b| !is_kept(&b.name) && !completed) {
            let reason = format!(
                "cell [{}] ended before it could keep `{}`; run cell [{}] again, which makes it",
                cell.source.cell, binding.name, held.source.cell
            );
            scope.lost.insert(binding.name.clone(), reason);
        }
    }
    still_open(scope);
}

/// Notes the cell's `let`s with numbers in them that nothing has used, with what has put more numbers into their variables, and
/// those that it has used.
fn note_untouched(scope: &mut Scope, cell: &Cell, completed: bool) {
    let first_own = cell.waiting.before.len();
    let (before, own) = cell.parsed.statements.split_at(first_own);
    let text = |statement: &Statement| &cell.source.text[statement.range.clone()];
    let bound = own.iter().flat_map(|statement| &statement.binds);
    let bound: Names = bound.map(|binding| binding.name.clone()).collect();
    let made_anew = |name: &String| {
        before
            .iter()
            .any(|s| s.binds.iter().any(|b| b.name == *name))
    };
    let containers = Containers::of(scope, cell);
    let is_used = |name: &String| {
        let mut uses = own
            .iter()
            .filter(|s| s.names.contains(name) && !binds(s, name));
        uses.any(|s| !uses_are_neutral(text(s), name) && !containers.fill(text(s), name))
    };
    if !scope.untouched.is_empty() {
        let items = cell.plan.own.iter().flat_map(|item| &item.names);
        let mut gone: Names = items.chain(&cell.findings.moved).cloned().collect();
        gone.extend(bound.iter().cloned());
        let names = scope.untouched.iter().filter_map(variable_of);
        let used = names.filter(|name| is_used(name) || made_anew(name));
        gone.extend(used.collect::<Vec<_>>());
        let is_gone = |held: &Held| variable_of(held).is_none_or(|name| gone.contains(&name));
        scope.untouched.retain(|held| !is_gone(held));
    }
    if !completed {
        return;
    }
    // Made once more, it has to be the same; and nobody is to see that the first one ends.
    let depends = |scope: &Scope, statement: &Statement, name: &String| {
        statement.names.iter().any(|other| {
            let is_variable = bound.contains(other) || scope.variables.contains_key(other);
            let item = scope.item(other);
            let has_type = |item: &SessionItem| matches!(item.item.kind, Kind::Type | Kind::Other);
            *other != *name && is_variable || item.is_some_and(|item| !has_type(item))
        })
    };
    let held = before.iter().zip(&cell.waiting.before);
    let held = held.map(|(statement, held)| (statement, Arc::clone(&held.source)));
    let own = own
        .iter()
        .map(|statement| (statement, Arc::clone(&cell.source)));
    for (statement, source) in held.chain(own) {
        let text = &source.text[statement.range.clone()];
        let untouched = |name: &String| {
            let mut untouched = scope.untouched.iter();
            untouched.any(|held| held.bindings().any(|binding| binding.name == *name))
        };
        let is_kept = match &statement.binds[..] {
            [binding] => {
                let name = &binding.name;
                let has_number = text.bytes().any(|byte| byte.is_ascii_digit());
                let may_grow = containers.is_one(name) && {
                    let form = Form::of(text);
                    form.constructs && form.may_be_open
                };
                let is_plain =
                    !statement.declares && !is_used(name) && containers.may_be_made(text, name);
                is_plain && (has_number || may_grow) && !depends(scope, statement, name)
            }
            [] if !scope.untouched.is_empty() => called_on(text).is_some_and(|name| {
                let fills = untouched(&name) && containers.fill(text, &name);
                fills && !depends(scope, statement, &name)
            }),
            _ => false,
        };
        if is_kept {
            scope.untouched.push(Held {
                source,
                statement: statement.clone(),
                awaits: false,
                acts: false,
            });
        }
    }
}

fn binds(statement: &Statement, name: &str) -> bool {
    statement.binds.iter().any(|binding| binding.name == name)
}

/// The variable that a statement makes, or calls a method of.
fn variable_of(held: &Held) -> Option<String> {
    let bound = held.bindings().next().map(|binding| binding.name.clone());
    bound.or_else(|| called_on(held.text()))
}

fn called_on(text: &str) -> Option<String> {
    Form::of(text).calls_on
}

fn still_open(scope: &mut Scope) {
    let open: Vec<String> = scope.open().map(|(_, b)| b.name.clone()).collect();
    for name in open {
        scope.lost.remove(&name);
    }
}

/// Those whose names the cell has given to something else will never run; gives notes on those where that matters.
fn drop_the_shadowed(scope: &mut Scope, cell: &Cell, completed: bool) -> Vec<String> {
    let items = cell.plan.own.iter().filter(|item| item.kind != Kind::Macro);
    let mut names: Names = items.flat_map(|item| item.names.clone()).collect();
    if completed {
        let own = &cell.parsed.statements[cell.waiting.before.len()..];
        let after = cell.waiting.after.iter().map(|held| &held.statement);
        let bound = own.iter().chain(after).flat_map(|s| &s.binds);
        names.extend(bound.map(|binding| binding.name.clone()));
    }
    if names.is_empty() || scope.held.is_empty() {
        return Vec::new();
    }
    // One that the cell has added may be made of the earlier one.
    let is_needed = |held: &Held| cell.waiting.after.iter().any(|new| new.needs(held));
    let mut gone: Vec<Held> = Vec::new();
    for held in &scope.held {
        let needs_one = gone.iter().any(|other| held.needs(other));
        if needs_one || held.binds_any(&names) && !is_needed(held) {
            gone.push(held.clone());
        }
    }
    let mut notes = Vec::new();
    for held in gone {
        scope.held.retain(|other| !other.is(&held));
        let others = held.bindings().filter(|b| !names.contains(&b.name));
        let others: Vec<String> = others.map(|binding| binding.name.clone()).collect();
        for name in &others {
            let reason = format!(
                "nothing told the type of `{name}` of cell [{}], and cell [{}] has bound its name, or one that it depends on, anew",
                held.source.cell, cell.source.cell
            );
            scope.lost.insert(name.clone(), reason);
        }
        if held.acts || !others.is_empty() {
            notes.push(format!(
                "line {} of cell [{}] never ran, since nothing told its type: `{}`",
                held.line(),
                held.source.cell,
                first_line(&held)
            ));
        }
    }
    notes
}

/// The line that it begins on, from there.
fn first_line(held: &Held) -> &str {
    let text = &held.source.text[held.statement.range.start..];
    text.lines().next().unwrap_or_default().trim_end()
}

/// Those that the cell has added wait from here on; gives the variables that the host is to forget, as theirs have those names.
fn add_those_that_wait(scope: &mut Scope, cell: &Cell, completed: bool) -> Vec<String> {
    let mut forget = Vec::new();
    for held in &cell.waiting.after {
        for binding in held.bindings() {
            let name = &binding.name;
            if !completed {
                let reason = format!(
                    "cell [{}] ended before it could keep `{name}`",
                    cell.source.cell
                );
                scope.lost.insert(name.clone(), reason);
                continue;
            }
            scope.lost.remove(name);
            // It may be made of the earlier one.
            let mut waiting = cell.waiting.after.iter().chain(&scope.held);
            let is_read = waiting.any(|held| held.statement.reads(name));
            if !is_read && scope.variables.remove(name).is_some() {
                forget.push(name.clone());
            }
        }
        if completed {
            scope.held.push(held.clone());
        }
    }
    forget
}

#[cfg(test)]
mod tests;
