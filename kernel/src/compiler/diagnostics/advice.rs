//! Notes of ours on rustc's errors: what only the session knows.

use std::collections::BTreeSet;

use crate::compiler::codegen::Findings;
use crate::compiler::refine::waiting::Waiting;
use crate::compiler::resolve::session_scope::{Scope, variable_of};
use crate::compiler::resolve::similar_names::nearest;
use crate::compiler::rustc::contract::code::{
    CAPTURED_BY_ITEM, CONFLICTS, MOVED, MOVED_WHILE_BORROWED, NO_CRATE, NO_VALUE, NOT_FOUND,
    OUTLIVES, UNKNOWN_VALUE,
};
use crate::compiler::rustc::contract::phrase;
use crate::compiler::rustc::messages::Message;
use crate::compiler::syntax::cell::Parsed;
use crate::compiler::syntax::item::Kind;
use crate::compiler::syntax::tokens::Names;

/// What is known of a cell and of those before it, by which its errors are explained.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// What earlier cells have defined.
    pub scope: &'a Scope,
    /// The cell's parts.
    pub parsed: &'a Parsed,
    /// What compiling it has found out.
    pub findings: &'a Findings,
    /// Which statements wait for a type.
    pub waiting: &'a Waiting,
    /// The variables that stand in place, as others borrow from them.
    pub in_place: &'a Names,
    /// Types of the variables that it mentions, that it defines anew, directly or not.
    pub changed_types: &'a Names,
}

/// What is said of a variable that no later cell can use.
pub fn no_name_elsewhere(name: &str) -> String {
    format!("`{name}` has a type that no other cell can name, so it ended with its cell")
}

/// What is said of a variable that borrows in a way that cannot be carried over to another cell.
pub fn too_rigid(name: &str) -> String {
    format!(
        "`{name}` gives access to references that can be replaced (by a `&mut` or a `Cell`, say), so it ended with its cell"
    )
}

/// What an earlier cell has defined under nearly this name, as rustc suggests it for names of one crate.
fn similar(name: &str, error: &Message, scope: &Scope) -> Option<String> {
    let (_, rest) = error.message.split_once(phrase::CANNOT_FIND)?;
    let kind = rest.split(' ').next()?;
    let variables = scope.variables.keys().map(String::as_str);
    let items = scope.items.iter().filter(|earlier| match kind {
        "function" => earlier.item.kind == Kind::Function,
        "type" | "struct" => matches!(earlier.item.kind, Kind::Type | Kind::Trait | Kind::Other),
        "trait" => earlier.item.kind == Kind::Trait,
        "macro" => earlier.is_macro(),
        _ => !earlier.is_macro(),
    });
    let items = items.flat_map(|earlier| earlier.item.names.iter().map(String::as_str));
    let is_value = kind == "value" || kind == "function";
    let names = variables.filter(|_| is_value).chain(items);
    let near = nearest(name, names)?;
    let cell = match (scope.variables.get(near), scope.item(near)) {
        (Some(variable), _) if is_value => variable.cell,
        (_, Some(earlier)) => earlier.source.cell,
        _ => return None,
    };
    Some(format!(
        "cell [{cell}] has something of a similar name: `{near}`"
    ))
}

/// What is said of an earlier cell's `use` of what has gone since.
fn leads_nowhere(name: &str, known: &Known<'_>) -> Option<String> {
    let mut uses = known
        .scope
        .uses
        .iter()
        .map(|old| &old.leaf)
        .filter(|leaf| leaf.name() == Some(name));
    let gone = uses.find(|leaf| known.findings.absent.contains(&leaf.declaration()))?;
    Some(format!(
        "`{}` of an earlier cell leads nowhere now",
        gone.declaration()
    ))
}

/// How the crate is added that rustc misses, unless there is something to import instead.
fn missing_crate(error: &Message) -> Option<String> {
    let children = error.children.iter().map(|child| &*child.message);
    let (_, rest) = match error.code() {
        NO_CRATE => error.message.split_once(phrase::NO_CRATE)?,
        _ => children
            .clone()
            .find_map(|text| text.split_once(phrase::MISSING_CRATE))?,
    };
    let (name, _) = rest.split_once('`')?;
    let may_be_imported = children
        .into_iter()
        .any(|text| text.contains(phrase::IMPORTING));
    (!may_be_imported && error.code() != UNKNOWN_VALUE).then(|| how_to_add(name))
}

/// Rust has underscores for the hyphens of a crate's name, and only the registry knows which of them it has.
fn how_to_add(name: &str) -> String {
    let line = |name: &str| format!("`:dep {name} = \"*\"`");
    if name.contains('_') {
        let hyphens = name.replace('_', "-");
        return format!(
            "if it is on crates.io, a line {} adds it, or {} where its name there has underscores",
            line(&hyphens),
            line(name)
        );
    }
    format!("if it is on crates.io, a line {} adds it", line(name))
}

/// What is said of a variable that an earlier one borrows from, or of one that borrows.
fn borrowed(name: &str, error: &Message, known: &Known<'_>) -> Option<String> {
    let scope = known.scope;
    if let Some(borrower) = name.strip_prefix('\'')
        && let Some(variable) = scope.variables.get(borrower)
        && error.message == phrase::LIFETIME
    {
        let loans = variable
            .borrows
            .as_ref()
            .filter(|loans| !loans.is_empty())?;
        let owners: BTreeSet<&str> = loans.keys().map(|place| variable_of(place)).collect();
        let owners: Vec<String> = owners.iter().map(|owner| format!("`{owner}`")).collect();
        return Some(format!(
            "`{borrower}` borrows from {}, so what may outlive this cell cannot have it; `std::thread::scope` ends its threads before",
            owners.join(" and ")
        ));
    }
    if !CONFLICTS.contains(&error.code()) || !known.in_place.contains(name) {
        return None;
    }
    // That which rustc names, since it would be dropped with what it borrows, or any.
    let dropped = error.dropped().next();
    let mut borrowers: Vec<&String> = scope.borrowers(name).map(|(own, ..)| own).collect();
    borrowers.sort_by_key(|own| Some(own.as_str()) != dropped);
    let borrower = *borrowers.first()?;
    let cell = scope.variables[borrower].cell;
    Some(format!(
        "`{borrower}` of cell [{cell}] borrows from `{name}`; `drop({borrower})` before would end that"
    ))
}

/// Notes of ours on an error.
pub(super) fn advice(error: &Message, known: &Known<'_>) -> Vec<String> {
    let scope = known.scope;
    let mut advice = Vec::new();
    let labels = error.spans.iter().filter_map(|span| span.label.as_deref());
    let lifetimes = labels.filter(|_| error.message == phrase::LIFETIME);
    let texts = std::iter::once(error.message.as_str()).chain(lifetimes);
    let names = texts.flat_map(|text| text.split('`').skip(1).step_by(2));
    let names: Vec<&str> = names.collect();
    let code = error.code();
    let is_moved = code == MOVED_WHILE_BORROWED || MOVED.contains(&code);
    for name in names {
        if known.findings.borrowing.rigid.contains(name) && code == UNKNOWN_VALUE {
            advice.push(too_rigid(name));
        } else if known.findings.unusable.contains(name) && code == UNKNOWN_VALUE {
            advice.push(no_name_elsewhere(name));
        } else if let (Some(variable), UNKNOWN_VALUE | CAPTURED_BY_ITEM) =
            (scope.variables.get(name), code)
        {
            match variable.moved_by {
                Some(by) => advice.push(format!("the value of `{name}` was moved in cell [{by}]")),
                None => advice.push(format!(
                    "`{name}` is a variable of cell [{}]; an item cannot use it: pass it as an argument, or make it a `const` or `static`",
                    variable.cell
                )),
            }
        } else if let Some(note) = borrowed(name, error, known) {
            advice.push(note);
        } else if let (Some(variable), OUTLIVES) = (scope.variables.get(name), code) {
            advice.push(format!(
                "`{name}` is a variable of cell [{}], and what borrows it here may outlive this cell: a `move` closure takes \
                 the variable itself (or a clone, or an `Arc` of it), and `std::thread::scope` ends its threads before",
                variable.cell
            ));
        } else if let Some(variable) = scope.variables.get(name).filter(|_| is_moved) {
            if let Some(by) = variable.moved_by {
                advice.push(format!("the value of `{name}` was moved in cell [{by}]"));
            }
        } else if NOT_FOUND.contains(&code) || code == NO_VALUE {
            let lost = scope.lost.get(name).cloned();
            let lost = lost.or_else(|| leads_nowhere(name, known));
            advice.extend(lost.or_else(|| similar(name, error, scope)));
        }
    }
    advice.extend(missing_crate(error));
    // What is not found is not of an old type.
    let is_found = !NOT_FOUND.contains(&code);
    for name in known.changed_types.iter().filter(|_| is_found) {
        if error.message.contains(name.as_str())
            || error
                .spans
                .iter()
                .any(|s| s.label.as_ref().is_some_and(|l| l.contains(name.as_str())))
        {
            advice.push(format!("`{name}` was defined anew; values made before keep the old type: run the cells that make them again"));
        }
    }
    advice.dedup();
    advice
}
