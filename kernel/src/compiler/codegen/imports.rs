//! What a crate imports: from the crates of earlier cells, and by their `use` declarations.

use std::fmt::Write as _;

use super::emitted::Generated;
use super::writer::Writer;
use crate::compiler::names;

impl Writer<'_> {
    pub(super) fn imports(&mut self) {
        let (plan, scope) = (self.input.plan, self.input.scope);
        let layered = plan.layered.iter();
        let layered = layered.flat_map(|(name, homes)| homes.iter().map(move |home| (name, home)));
        // For the modules within the crate, which do not see what its root imports.
        for (name, home) in plan.imports.iter().chain(layered) {
            let rules = scope.macro_rules(name);
            if rules.is_some_and(|rules| rules.home == *home) {
                let home = names::crate_name(*home);
                let _ = writeln!(self.root, "#[macro_use({name})] extern crate {home} as _;");
            }
        }
        for (name, home) in &plan.imports {
            let path = names::crate_path(*home);
            self.import(format!("use {path}::{name};"), Some(*home));
        }
        for (name, homes) in &plan.layered {
            self.import_in_layers(name, homes);
        }
        for (name, home) in &plan.traits {
            let path = names::crate_path(*home);
            self.import(format!("use {path}::{name} as _;"), Some(*home));
        }
        for leaf in &plan.uses {
            self.import(leaf.declaration(), None);
        }
    }

    /// Imports a name that several crates have. What a module itself names takes the place of what a glob brings it, for each
    /// namespace alone: so each crate has a module that takes the rest from the one of the crate before.
    fn import_in_layers(&mut self, name: &str, homes: &[u32]) {
        let mut before = String::new();
        for home in homes {
            let layer = names::layer(name, *home);
            let _ = writeln!(self.root, "mod {layer} {{ {before}");
            let path = names::crate_path(*home);
            self.import(format!("pub use {path}::{name};"), Some(*home));
            self.root.push_str("}\n");
            before = format!("pub use super::{layer}::*;");
        }
        let _ = writeln!(self.root, "{}", before.replace("pub use super", "use self"));
    }

    fn import(&mut self, declaration: String, home: Option<u32>) {
        if self.input.findings.absent.contains(&declaration) {
            return;
        }
        let start = self.root.len();
        let _ = writeln!(self.root, "{declaration}");
        self.emitted.crates.extend(home);
        let generated = (start..self.root.len(), Generated::Import(declaration));
        self.emitted.root_generated.push(generated);
    }
}
