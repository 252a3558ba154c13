//! Which statics go on when what holds them is compiled again.

use super::crate_plan::Plan;
use super::meanings::Meanings;
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::syntax::cell::Parsed;
use crate::compiler::syntax::item::{Item, Kind};

impl Plan {
    /// Finds the recompiled statics that go on, since nothing that they are made of is another thing now.
    pub(super) fn keep_statics(&mut self, parsed: &Parsed, scope: &Scope) {
        let has_statics = |n: &&usize| scope.items[**n].item.has_static;
        let holders: Vec<usize> = self
            .recompiled
            .keys()
            .filter(has_statics)
            .copied()
            .collect();
        if holders.is_empty() {
            return;
        }
        let meanings = Meanings::new(self, parsed, scope, &self.revived);
        let (mut kept, mut reset) = (Vec::new(), Vec::new());
        for n in holders {
            let live = &scope.items[n];
            for own in &live.item.statics {
                let mut edges = meanings.edges(&own.refers, n).into_iter();
                // What a function calls may have changed; that is no other thing.
                let is_altered = |t: usize| {
                    self.altered.contains(&t) && scope.items[t].item.kind != Kind::Function
                };
                let is_other =
                    edges.any(|edge| edge.is_rebound || edge.target.is_some_and(is_altered));
                let home = live.statics.get(&own.key);
                match home.filter(|_| !is_other && !self.amendments.reset_statics) {
                    Some(home) => kept.push((own.key.clone(), *home)),
                    None => reset.push(own.name.clone()),
                }
            }
            let item = &live.item;
            let others = item.kind == Kind::Static && item.statics.is_empty();
            if others && (!item.is_guessed || makes_static(item, scope)) {
                reset.extend(item.names.iter().cloned());
            }
        }
        self.kept_statics.extend(kept);
        self.reset.extend(reset);
    }
}

/// Whether a call of a user's macro makes a static, as far as its text or the macro's tells.
pub(super) fn makes_static(call: &Item, scope: &Scope) -> bool {
    let rules = call
        .mentions
        .iter()
        .filter_map(|name| scope.macro_rules(name));
    call.has_static || rules.into_iter().any(|rules| rules.item.has_static)
}
