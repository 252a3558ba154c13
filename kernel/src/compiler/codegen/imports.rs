//! What a crate imports: from the crates of earlier cells, and by their `use` declarations.

use std::collections::BTreeSet;
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
        let texts = plan.texts(self.input.source);
        let shown: BTreeSet<&str> = texts.flat_map(named_by_crate).collect();
        let visibility = |name: &str| {
            let is_shown = shown.contains(name);
            // Not where rustc looks for the path that it calls a type by.
            if is_shown { "#[doc(hidden)] pub " } else { "" }
        };
        for (name, home) in &plan.imports {
            let (path, visibility) = (names::crate_path(*home), visibility(name));
            self.import(format!("{visibility}use {path}::{name};"), Some(*home));
        }
        for (name, homes) in &plan.layered {
            self.import_in_layers(name, homes);
        }
        for (name, home) in &plan.traits {
            let path = names::crate_path(*home);
            self.import(format!("use {path}::{name} as _;"), Some(*home));
        }
        for leaf in &plan.uses {
            let visibility = leaf.name().map_or("", visibility);
            self.import(format!("{visibility}{}", leaf.declaration()), None);
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

/// The names behind `$crate::` in an item: where a macro is used, in another crate, they are those of its own.
fn named_by_crate(item: &str) -> impl Iterator<Item = &str> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '#';
    let after = item.split("$crate").skip(1);
    let paths = after.filter_map(|rest| rest.trim_start().strip_prefix("::"));
    paths.flat_map(move |path| {
        let path = path.trim_start();
        let (listed, most) = match path.strip_prefix('{') {
            Some(list) => (list.split('}').next().unwrap_or(list), usize::MAX),
            None => (path, 1),
        };
        let words = listed.split(move |c| !is_word(c));
        words.filter(|word| !word.is_empty()).take(most)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_macro_names_by_its_crate() {
        let item =
            "macro_rules! m { () => { $crate::a::b($crate :: c!()); use $crate::{d, e::f}; } }";
        let names: Vec<&str> = named_by_crate(item).collect();
        assert_eq!(names, ["a", "c", "d", "e", "f"]);
        assert_eq!(named_by_crate("fn f() { crate::a() }").count(), 0);
    }
}
