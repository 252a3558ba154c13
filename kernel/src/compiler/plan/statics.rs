//! Which statics go on when what holds them is compiled again.

use super::crate_plan::Plan;
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::syntax::item::{Item, Kind};
use crate::compiler::syntax::tokens::Names;

impl Plan {
    /// Finds the recompiled statics that go on, since nothing that they are made of is another thing now.
    pub(super) fn keep_statics(&mut self, scope: &Scope) {
        let replaced = self.replaced.iter().map(|&n| &scope.items[n].item.names);
        let mut changed: Names = replaced.flatten().cloned().collect();
        changed.extend(self.changed_types.iter().cloned());
        for earlier in &self.recompiled {
            let item = &earlier.item;
            for own in &item.statics {
                let home = earlier.statics.get(&own.key);
                let is_same = own.mentions.is_disjoint(&changed) && !self.amendments.reset_statics;
                match home.filter(|_| is_same) {
                    Some(home) => {
                        self.kept_statics.insert(own.key.clone(), *home);
                    }
                    None => {
                        self.reset.insert(own.name.clone());
                    }
                }
            }
            let others = item.kind == Kind::Static && item.statics.is_empty();
            if others && (!item.is_guessed || makes_static(item, scope)) {
                self.reset.extend(item.names.iter().cloned());
            }
        }
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
