//! Numbers that got the default type, as nothing in their cell said otherwise: `let mut total = 0;`.
//!
//! A later cell may say otherwise: `total += size as u64`. As long as nothing has used the variable, nobody can have seen its type,
//! and its `let`, which only makes a value, is run again as the beginning of that cell, with what has put numbers into a collection. If that is of no use either, the errors
//! are shown as they were.

use crate::compiler::plan::Plan;
use crate::compiler::refine::waiting::{Lesson, Waiting};
use crate::compiler::resolve::held::Held;
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::rustc::contract::code;
use crate::compiler::rustc::messages::Message;
use crate::compiler::syntax::construction::Form;
use crate::compiler::unit::Cell;

/// The types that numbers get by default.
const DEFAULTS: [&str; 2] = ["i32", "f64"];

/// Makes variables anew whose types are defaults, if errors may be about those.
pub(super) fn learn(cell: &mut Cell, scope: &Scope, errors: &[&Message]) -> Lesson {
    if !cell.waiting.made_anew.is_empty() {
        return give_up(cell, scope);
    }
    if !errors.iter().any(|error| is_about_a_default(error)) {
        return Lesson::Nothing;
    }
    let forms = scope
        .untouched
        .iter()
        .map(|held| (held, Form::of(held.text())));
    let forms: Vec<(&Held, Form)> = forms.collect();
    let makes_default = |(held, form): &(&Held, Form), name: &str| {
        let is_of_it = form.calls_on.as_deref() == Some(name) || binds(held, name);
        is_of_it && form.gets_a_default
    };
    let may_differ = |name: &str| {
        cell.plan.reads.contains(name) && forms.iter().any(|one| makes_default(one, name))
    };
    let is_used = |(held, form): &&(&Held, Form)| {
        let mut bound = held.bindings().map(|binding| &binding.name);
        bound.any(|name| may_differ(name)) || form.calls_on.as_deref().is_some_and(may_differ)
    };
    let anew = forms.iter().filter(is_used);
    let anew: Vec<Held> = anew.map(|(held, _)| (*held).clone()).collect();
    if anew.is_empty() {
        return Lesson::Nothing;
    }
    cell.waiting.refusal = errors.iter().map(|error| (*error).clone()).collect();
    let statements = anew.iter().map(|held| held.statement.clone());
    cell.parsed.statements.splice(0..0, statements);
    cell.waiting.before.splice(0..0, anew.iter().cloned());
    cell.waiting.made_anew = anew;
    plan_anew(cell, scope);
    Lesson::Again
}

fn binds(held: &Held, name: &str) -> bool {
    held.bindings().any(|binding| binding.name == name)
}

/// Whether an error is about types of which one is a default.
fn is_about_a_default(error: &Message) -> bool {
    let labels = error.spans.iter().filter_map(|span| span.label.as_deref());
    let mut texts = labels.chain([error.message.as_str()]);
    code::MISMATCHES.contains(&error.code())
        && texts.any(|text| DEFAULTS.iter().any(|ty| text.contains(ty)))
}

/// Leaves the variables as they are.
fn give_up(cell: &mut Cell, scope: &Scope) -> Lesson {
    let Waiting {
        before,
        made_anew,
        refusal,
        ..
    } = &mut cell.waiting;
    let count = std::mem::take(made_anew).len();
    before.drain(..count);
    let refusal = std::mem::take(refusal);
    cell.parsed.statements.drain(..count);
    plan_anew(cell, scope);
    Lesson::Refused(refusal)
}

pub(super) fn plan_anew(cell: &mut Cell, scope: &Scope) {
    let amendments = cell.plan.amendments.clone();
    cell.plan = Plan::amended(amendments, &cell.parsed, scope);
}
