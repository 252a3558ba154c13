//! Variables whose types only a later cell tells: their `let`s are held.
//!
//! rustc's errors of inference say which they are. A statement of the cell itself is set aside, with what depends on it, and the
//! rest is compiled without it. If it is one of an earlier cell, the cell may only seem to use it (a field has its name, say), so
//! it is left out first; when a name is missing then, the cell's own `let`s that mention it wait too, and all else is refused with
//! what rustc said first.

mod defaults;
mod order;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::waiting::{Lesson, Waiting};
use crate::compiler::diagnostics::place::place;
use crate::compiler::diagnostics::report::Cells;
use crate::compiler::resolve::held::{Held, wanted};
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::rustc::contract::code;
use crate::compiler::rustc::messages::Message;
use crate::compiler::syntax::cell::{Parsed, Statement};
use crate::compiler::syntax::construction::Form;
use crate::compiler::syntax::source::Source;
use crate::compiler::syntax::tokens::Names;
use crate::compiler::unit::Cell;
use defaults::plan_anew;
use order::{Step, Variables, both_call};

/// Puts the statements of earlier cells that a cell needs before its own, and sets aside those of its own that are sure to
/// wait.
pub(crate) fn begin(
    parsed: &mut Parsed,
    source: &Arc<Source>,
    scope: &Scope,
    may_wait: bool,
) -> Waiting {
    let mut waiting = Waiting {
        may_wait,
        ..Waiting::default()
    };
    if may_wait {
        let alone = sure_to_wait(parsed, source);
        waiting.after = set_aside(parsed, source, &alone);
    }
    waiting.before = with_earlier(scope, parsed, source);
    parsed.awaits |= waiting.before.iter().any(|held| held.awaits);
    let before = waiting.before.iter().map(|held| held.statement.clone());
    parsed.statements.splice(0..0, before);
    waiting
}

/// The statements of earlier cells that a cell needs, and those which have to come before.
fn with_earlier(scope: &Scope, parsed: &Parsed, source: &Source) -> Vec<Held> {
    if scope.held.is_empty() {
        return Vec::new();
    }
    let variables = Variables::of(scope);
    let own: Vec<Step<'_>> = parsed.statements.iter().map(|s| step(s, source)).collect();
    let held: Vec<Step<'_>> = scope.held.iter().map(Step::of).collect();
    let named = wanted(&scope.held, &parsed.statements);
    let mut runs: Vec<bool> = scope
        .held
        .iter()
        .map(|held| named.iter().any(|other| other.is(held)))
        .collect();
    for n in (0..held.len()).rev() {
        let precedes = |step: &Step<'_>| variables.order(&held[n], step);
        let mut later = (n + 1..held.len()).filter(|&m| runs[m]);
        runs[n] = runs[n] || later.any(|m| precedes(&held[m])) || own.iter().any(precedes);
    }
    let chosen = scope.held.iter().zip(runs).filter(|(_, runs)| *runs);
    chosen.map(|(held, _)| held.clone()).collect()
}

fn step<'a>(statement: &'a Statement, source: &Source) -> Step<'a> {
    Step::new(statement, &source.text[statement.range.clone()])
}

/// What the ends of texts look like that are sure to be open; it saves a look at all others.
const ENDS: [&str; 4] = ["new();", "None;", "vec![];", "default();"];

/// The `let`s whose types nothing in the cell tells, as nothing else mentions their names.
fn sure_to_wait(parsed: &Parsed, source: &Source) -> BTreeSet<usize> {
    let statements = &parsed.statements;
    let is_sure = |n: &usize| {
        let statement = &statements[*n];
        let text = &source.text[statement.range.clone()];
        let may_be = !statement.binds.is_empty()
            && (statement.declares || ENDS.iter().any(|end| text.ends_with(end)));
        let form = || Form::of(text);
        let is_open = |form: Form| form.is_surely_open || statement.declares && form.may_be_open;
        may_be && is_open(form()) && is_alone(statements, *n)
    };
    (0..statements.len()).filter(is_sure).collect()
}

/// Whether no other statement mentions what one binds.
fn is_alone(statements: &[Statement], n: usize) -> bool {
    let others = (0..statements.len()).filter(|m| *m != n);
    let mut others = others.map(|m| &statements[m].names);
    others.all(|names| {
        let mut bound = statements[n].binds.iter();
        bound.all(|binding| !names.contains(&binding.name))
    })
}

/// Holds the `let`s without a value that say their type, which rustc has looked at by now; false if there are none.
pub(crate) fn hold_declared(cell: &mut Cell, scope: &Scope, errors: &[&Message]) -> bool {
    let statements = &cell.parsed.statements;
    let has_no_value = |name: &str| {
        let mut errors = errors.iter().filter(|e| e.code() == code::UNINITIALISED);
        errors.any(|error| error.named() == Some(name))
    };
    let own = (cell.waiting.before.len()..statements.len()).filter(|n| {
        let mut bound = statements[*n].binds.iter();
        let is_declared = statements[*n].declares && bound.any(|b| has_no_value(&b.name));
        is_declared && is_alone(statements, *n)
    });
    let own = own.collect();
    cell.waiting.may_wait && matches!(hold(cell, scope, own), Lesson::Again)
}

/// Learns from errors of inference.
pub(crate) fn learn(cell: &mut Cell, scope: &Scope, errors: &[&Message], cells: &Cells) -> Lesson {
    if !cell.waiting.may_wait {
        return Lesson::Nothing;
    }
    if !cell.waiting.left.is_empty() && errors.iter().any(|error| misses_open(cell, error)) {
        return hold_mentions(cell, scope);
    }
    let is_inference = |error: &&Message| code::INFERENCE.contains(&error.code());
    if !errors.iter().all(is_inference) {
        return defaults::learn(cell, scope, errors);
    }
    let origins = errors.iter().map(|error| origin(cell, error, cells));
    let Some(open) = origins.collect::<Option<BTreeSet<usize>>>() else {
        return Lesson::Nothing;
    };
    let first_own = cell.waiting.before.len();
    let earlier: BTreeSet<usize> = open.range(..first_own).copied().collect();
    if earlier.is_empty() {
        let own = with_dependents(cell, scope, &open, &Names::new());
        return hold(cell, scope, own);
    }
    cell.waiting
        .refusal
        .extend(errors.iter().map(|error| (*error).clone()));
    leave_out(cell, scope, earlier)
}

/// The statement whose type an error is about.
fn origin(cell: &Cell, error: &Message, cells: &Cells) -> Option<usize> {
    let statements = &cell.parsed.statements;
    let places: Vec<_> = error
        .spans
        .iter()
        .filter_map(|span| Some((span.is_primary, place(span, cells)?)))
        .collect();
    let primary = places.iter().find(|(is_primary, _)| *is_primary);
    let (_, (number, range)) = primary?;
    let at = (0..statements.len()).find(|&n| {
        source_of(cell, n).cell == *number && statements[n].range.contains(&range.start)
    })?;
    let start = statements[at].range.start;
    let form = form(cell, at);
    let mut inner = form.inner_lets.iter();
    let is_inner = inner.any(|pattern| pattern.contains(&(range.start - start)));
    if form.is_let && form.may_be_open && !is_inner {
        return Some(at);
    }
    // Where it is used, rustc may point to what is done with it.
    let named = places.iter().filter_map(|(_, (number, range))| {
        let text = cells.get(number)?.text.get(range.clone())?;
        binder(statements, at, text).filter(|&n| form_is_open(cell, n))
    });
    let used = || {
        let first_own = cell.waiting.before.len();
        let names = statements[at].names.iter();
        let binders = names.filter_map(|name| binder(statements, at, name));
        binders.filter(|n| *n < first_own).min()
    };
    named.min().or_else(used)
}

/// The last statement before one that binds a name.
fn binder(statements: &[Statement], before: usize, name: &str) -> Option<usize> {
    let is_bound = |n: &usize| statements[*n].binds.iter().any(|b| b.name == name);
    (0..before).rev().find(is_bound)
}

fn form_is_open(cell: &Cell, n: usize) -> bool {
    let form = form(cell, n);
    form.is_let && form.may_be_open
}

/// The cell that a statement stands in.
fn source_of(cell: &Cell, n: usize) -> &Arc<Source> {
    let held = cell.waiting.before.get(n);
    held.map_or(&cell.source, |held| &held.source)
}

fn form(cell: &Cell, n: usize) -> Form {
    Form::of(&source_of(cell, n).text[cell.parsed.statements[n].range.clone()])
}

/// Statements, and the later ones that mention their names or these, or have to come after them.
fn with_dependents(
    cell: &Cell,
    scope: &Scope,
    seeds: &BTreeSet<usize>,
    names: &Names,
) -> BTreeSet<usize> {
    let statements = &cell.parsed.statements;
    let mut variables = Variables::of(scope);
    let mut open = names.clone();
    let mut found = seeds.clone();
    let left: Vec<Step<'_>> = cell.waiting.left.iter().map(Step::of).collect();
    let mut waiting: Vec<Step<'_>> = Vec::new();
    let steps = statements.iter().enumerate();
    for (n, step) in steps.map(|(n, statement)| (n, step(statement, source_of(cell, n)))) {
        let depends = open.iter().any(|name| step.statement.reads(name));
        let is_own = n >= cell.waiting.before.len();
        let is_after = waiting
            .iter()
            .any(|first| variables.order(first, &step) || is_own && both_call(first, &step))
            || is_own && left.iter().any(|first| variables.order(first, &step));
        let bound = step.statement.binds.iter();
        let bound = bound.map(|binding| binding.name.clone());
        variables.bind(&step);
        if depends || is_after || seeds.contains(&n) {
            found.insert(n);
            open.extend(bound);
            waiting.push(step);
        } else {
            bound.for_each(|name| {
                open.remove(&name);
            });
        }
    }
    found
}

/// Leaves out statements of earlier cells, and sets aside those of its own that have to come after them.
fn leave_out(cell: &mut Cell, scope: &Scope, open: BTreeSet<usize>) -> Lesson {
    let before = cell.waiting.before.len();
    let all = with_dependents(cell, scope, &open, &Names::new());
    for &n in all.range(..before).rev() {
        cell.parsed.statements.remove(n);
        cell.waiting.left.push(cell.waiting.before.remove(n));
    }
    plan_anew(cell, scope);
    let after = with_dependents(cell, scope, &BTreeSet::new(), &Names::new());
    // No name will be missing where there is an older variable of that name.
    let hides = |name: &&String| scope.variables.contains_key(*name);
    let left = cell.waiting.left.iter().flat_map(Held::bindings);
    let hidden = left.map(|binding| &binding.name).filter(hides);
    let mut own = cell.parsed.statements[cell.waiting.before.len()..].iter();
    if hidden
        .collect::<Vec<_>>()
        .iter()
        .any(|name| own.any(|statement| statement.reads(name)))
    {
        return hold_mentions(cell, scope);
    }
    if after.is_empty() {
        return Lesson::Again;
    }
    match hold(cell, scope, after) {
        Lesson::Nothing => Lesson::Refused(std::mem::take(&mut cell.waiting.refusal)),
        lesson => lesson,
    }
}

/// Whether an error says that an open variable is missing which was left out.
fn misses_open(cell: &Cell, error: &Message) -> bool {
    let name = error.named();
    error.code() == code::UNKNOWN_VALUE
        && name.is_some_and(|name| {
            let mut left = cell.waiting.left.iter().flat_map(Held::bindings);
            left.any(|binding| binding.name == name)
        })
}

/// Holds the statements that mention what was left out, if they are all `let`s.
fn hold_mentions(cell: &mut Cell, scope: &Scope) -> Lesson {
    let left = cell.waiting.left.iter().flat_map(Held::bindings);
    let names: Names = left.map(|binding| binding.name.clone()).collect();
    let first_own = cell.waiting.before.len();
    let found = with_dependents(cell, scope, &BTreeSet::new(), &names);
    let are_lets = found
        .iter()
        .all(|&n| n >= first_own && form(cell, n).is_let);
    let refusal = std::mem::take(&mut cell.waiting.refusal);
    if found.is_empty() || !are_lets {
        return Lesson::Refused(refusal);
    }
    cell.waiting.left.clear();
    hold(cell, scope, found)
}

/// Holds statements of the cell, unless there is one among them whose value is to be shown.
fn hold(cell: &mut Cell, scope: &Scope, own: BTreeSet<usize>) -> Lesson {
    let is_shown = |n: &usize| {
        let is_tail = cell.parsed.tail.as_ref() == Some(&cell.parsed.statements[*n].range);
        is_tail && form(cell, *n).has_value
    };
    if own.is_empty() || own.iter().any(is_shown) {
        return Lesson::Nothing;
    }
    let source = Arc::clone(&cell.source);
    let held = set_aside(&mut cell.parsed, &source, &own);
    cell.notes.extend(note(&held));
    cell.waiting.after.extend(held);
    cell.waiting
        .after
        .sort_by_key(|held| held.statement.range.start);
    plan_anew(cell, scope);
    Lesson::Again
}

/// Takes statements out of a cell.
fn set_aside(parsed: &mut Parsed, source: &Arc<Source>, which: &BTreeSet<usize>) -> Vec<Held> {
    let mut held = Vec::new();
    for &n in which.iter().rev() {
        let statement = parsed.statements.remove(n);
        if parsed.tail.as_ref() == Some(&statement.range) {
            parsed.tail = None;
        }
        parsed.not_body.push(statement.range.clone());
        let form = Form::of(&source.text[statement.range.clone()]);
        held.push(Held {
            source: Arc::clone(source),
            awaits: parsed.awaits,
            acts: !(form.is_let && form.constructs),
            statement,
        });
    }
    held.reverse();
    held
}

/// What the user should know of statements that wait, if it matters when they run.
fn note(held: &[Held]) -> Option<String> {
    let acting: Vec<&Held> = held.iter().filter(|held| held.acts).collect();
    let names = acting.iter().flat_map(|held| held.bindings());
    let names: Vec<String> = names.map(|b| format!("`{}`", b.name)).collect();
    let opening = held.first()?.bindings().next();
    Some(match (&names[..], opening) {
        _ if acting.is_empty() => return None,
        ([], Some(open)) => {
            let open = &open.name;
            format!("what mentions `{open}` runs when a later cell tells the type of `{open}`")
        }
        ([], None) => {
            let lines = acting.iter().map(|held| held.line().to_string());
            let lines: Vec<String> = lines.collect();
            format!(
                "line {} has not run yet: what has to run before it waits for a type",
                lines.join(", ")
            )
        }
        ([name], _) => format!(
            "{name} has not been computed yet: nothing here tells its type, so that happens at the beginning of the first later cell which does"
        ),
        (names, _) => format!(
            "{} have not been computed yet: nothing here tells their types, so that happens at the beginning of the first later cell which does",
            names.join(", ")
        ),
    })
}
