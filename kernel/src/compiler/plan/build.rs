//! Making the plan, step by step.

use std::collections::BTreeSet;

use super::crate_plan::{Amendments, Plan};
use super::stale;
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
        let none = BTreeSet::new();
        let plan = Self::once(parsed, scope, is_measured, amendments.clone(), &none);
        // What is run again as it is and means something else now is the cell's own, with its errors.
        let is_rebound =
            |n: &&usize| plan.outdated.contains(n) && !scope.items[**n].item.has_static;
        let rebound: BTreeSet<usize> = plan.refreshed.iter().filter(is_rebound).copied().collect();
        if rebound.is_empty() {
            return plan;
        }
        Self::once(parsed, scope, is_measured, amendments, &rebound)
    }

    fn once(
        parsed: &Parsed,
        scope: &Scope,
        is_measured: bool,
        amendments: Amendments,
        rebound: &BTreeSet<usize>,
    ) -> Self {
        let mut cuts = amendments.cut.clone();
        let mut plan = Self {
            replaced: amendments.ended.clone(),
            amendments,
            ..Self::default()
        };
        for item in &parsed.items {
            if let Some(n) = plan.unchanged(item, scope)
                && !rebound.contains(&n)
            {
                plan.refreshed.insert(n);
            } else {
                let mut item = item.clone();
                let uses = || scope.uses.iter().map(|old| &old.leaf).chain(&parsed.uses);
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
        plan.take_names(parsed, scope);
        plan.revived = plan.revivable(parsed, scope);
        let stale = stale::find(&plan, parsed, scope, &cuts, &plan.revived);
        plan.compare(&stale, scope);
        plan.recompiled = stale
            .recompiled
            .iter()
            .map(|&n| {
                let mut earlier = scope.items[n].clone();
                earlier.cut.extend(cuts.remove(&n).unwrap_or_default());
                (n, earlier)
            })
            .collect();
        plan.outdated = stale.outdated;
        plan.hidden = stale.hidden;
        plan.keep_statics(parsed, scope);
        if is_measured {
            plan.copy_functions(parsed, scope);
        }
        plan.read(parsed, scope);
        plan.note_old_types(scope);
        plan.import(parsed, scope);
        plan
    }
}

#[cfg(test)]
mod tests;
