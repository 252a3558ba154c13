//! Making the plan, step by step.

use super::crate_plan::{Amendments, Plan};
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::syntax::cell::Parsed;

impl Plan {
    /// Plans the crate of a cell.
    pub fn new(parsed: &Parsed, scope: &Scope) -> Self {
        Self::with(parsed, scope, false, Amendments::default())
    }

    /// Plans it once more.
    pub fn amended(amendments: Amendments, parsed: &Parsed, scope: &Scope) -> Self {
        Self::with(parsed, scope, false, amendments)
    }

    /// Plans the crate of a cell whose statements are measured.
    pub fn for_bench(parsed: &Parsed, scope: &Scope) -> Self {
        Self::with(parsed, scope, true, Amendments::default())
    }

    fn with(parsed: &Parsed, scope: &Scope, is_measured: bool, amendments: Amendments) -> Self {
        let mut cuts = amendments.cut.clone();
        let mut plan = Self {
            replaced: amendments.ended.clone(),
            amendments,
            ..Self::default()
        };
        for item in &parsed.items {
            if !plan.is_unchanged(item, scope) {
                let mut item = item.clone();
                let uses = || scope.uses.iter().chain(&parsed.uses);
                item.mention(|name| {
                    scope
                        .item(name)
                        .is_some_and(|earlier| !earlier.item.is_guessed)
                        || uses().any(|leaf| leaf.name() == Some(name))
                });
                plan.replace(&item, scope, &mut cuts);
                plan.own.push(item);
            }
        }
        let recompiled = plan.recompile(scope, &cuts);
        plan.compare_types(&recompiled, scope);
        plan.recompiled = recompiled
            .iter()
            .map(|&n| {
                let mut earlier = scope.items[n].clone();
                earlier.cut.extend(cuts.remove(&n).unwrap_or_default());
                earlier
            })
            .collect();
        plan.keep_statics(scope);
        if is_measured {
            plan.copy_functions(parsed, scope, &recompiled);
        }
        plan.read(parsed, scope);
        plan.import(parsed, scope, &recompiled);
        plan
    }
}

#[cfg(test)]
mod tests;
