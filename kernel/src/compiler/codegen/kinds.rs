//! New variables whose type has a part without a name: it is the result of the function that runs the statements.

use std::fmt::Write as _;

use super::emitted::Generated;
use super::findings::Erasure;
use super::writer::Writer;
use crate::compiler::names;
use crate::compiler::refine::kinds::MORE;
use crate::compiler::resolve::session_scope::Variable;

impl Writer<'_> {
    /// The head of the function that runs the statements; gives the variables in its result, with their numbers.
    pub(super) fn entry_head(&mut self) -> Vec<(usize, String)> {
        let serial = self.input.serial;
        let entry = names::entry(serial);
        let (generics, bounds) = self.generics();
        let findings = self.input.findings;
        let kept = self.emitted.kept.iter().cloned().enumerate();
        let kinds: Vec<(usize, String)> = kept
            .filter(|(_, name)| matches!(findings.erased.get(name), Some(Erasure::Kind(..))))
            .filter(|(_, name)| !findings.borrowing.ties.contains_key(name))
            .filter(|(_, name)| !findings.borrowing.owners.contains(name))
            .collect();
        self.root
            .push_str("#[allow(unreachable_code)] // ours, where a last expression panics\n");
        if kinds.is_empty() {
            let _ = writeln!(
                self.root,
                "#[unsafe(no_mangle)]\npub fn {entry}{generics}(){bounds} {{"
            );
            return kinds;
        }
        let function = names::kinds(serial);
        let _ = write!(
            self.root,
            "#[unsafe(no_mangle)]\npub fn {entry}() {{ {function}(); }}\npub fn {function}{generics}() -> ("
        );
        for (_, name) in &kinds {
            if let Some(Erasure::Kind(ty, more)) = findings.erased.get(name) {
                let kind = format!(
                    "::woozle::cell::Kind<{}>, ",
                    ty.replace(MORE, &format!("{more} + use<>"))
                );
                self.add_to_root(&kind, Generated::Kind(name.clone()));
            }
        }
        let _ = writeln!(self.root, "){bounds} {{");
        for (number, _) in &kinds {
            let variable = names::kind_variable(*number);
            let _ = writeln!(self.root, "let {variable} = ::woozle::cell::kind();");
        }
        self.emitted.kinds = kinds.iter().map(|(_, name)| name.clone()).collect();
        kinds
    }

    /// The result of that function.
    pub(super) fn entry_end(&mut self, kinds: &[(usize, String)]) {
        if !kinds.is_empty() {
            self.root.push('(');
            for (number, name) in kinds {
                let value = format!("{}, ", names::kind_variable(*number));
                self.add_to_root(&value, Generated::Kind(name.clone()));
            }
            self.root.push(')');
        }
        self.root.push_str("}\n");
    }
}

/// What has the type of an earlier variable, if nothing can be written for it: a function that is not called.
pub(super) fn kind_of(variable: &Variable) -> Option<String> {
    let kind = variable.kind?;
    let krate = names::crate_path(kind.serial);
    let function = names::kinds(kind.serial);
    Some(format!("|| {krate}::{function}().{}", kind.index))
}
