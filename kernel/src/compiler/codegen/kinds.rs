//! New variables whose type has a part without a name: it is the result of the function that runs the statements.

use std::fmt::Write as _;

use super::borrowing::places::lifetime;
use super::emitted::Generated;
use super::findings::Erasure;
use super::writer::Writer;
use crate::compiler::names;
use crate::compiler::refine::kinds::MORE;
use crate::compiler::types::lifetimes::living_for;

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
            // What borrows and is borrowed from has two lifetimes, where a kind has one.
            .filter(|(_, name)| !findings.borrowing.owners.contains(name) || !self.is_tied(name))
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
                let own = lifetime(name);
                let kind = if self.is_tied(name) {
                    let ty = ty.replace(MORE, &format!("{more} + use<{own}>"));
                    let ty = living_for(&ty, &own).unwrap_or(ty);
                    format!("::woozle::borrows::Tied<{own}, {ty}>, ")
                } else {
                    let ty = ty.replace(MORE, &format!("{more} + use<>"));
                    format!("::woozle::cell::Kind<{ty}>, ")
                };
                self.add_to_root(&kind, Generated::Kind(name.clone()));
            }
        }
        let _ = writeln!(self.root, "){bounds} {{");
        for (number, name) in &kinds {
            let variable = names::kind_variable(*number);
            let kind = if self.is_tied(name) {
                "borrows::tied"
            } else {
                "cell::kind"
            };
            let _ = writeln!(self.root, "let {variable} = ::woozle::{kind}();");
        }
        let lifetimes = self.lifetimes().len();
        let of_kind = |name: &String| if self.is_tied(name) { lifetimes } else { 0 };
        let kinds_of = kinds.iter().map(|(_, name)| (name.clone(), of_kind(name)));
        self.emitted.kinds = kinds_of.collect();
        kinds
    }

    /// Whether a new variable borrows.
    fn is_tied(&self, name: &str) -> bool {
        self.input.findings.borrowing.ties.contains_key(name)
    }

    /// The result of that function.
    pub(super) fn entry_end(&mut self, kinds: &[(usize, String)]) {
        if let Some((_, last)) = kinds.last() {
            // rustc may show all of it for one.
            self.add_to_root("(", Generated::Kind(last.clone()));
            for (number, name) in kinds {
                let value = format!("{}, ", names::kind_variable(*number));
                self.add_to_root(&value, Generated::Kind(name.clone()));
            }
            self.root.push(')');
        }
        self.root.push_str("}\n");
    }
}
