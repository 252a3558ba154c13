//! Which statements have to wait since one before them does: what they do would else come before what that one does.

use crate::compiler::resolve::held::Held;
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::syntax::cell::Statement;
use crate::compiler::syntax::construction::Form;
use crate::compiler::syntax::tokens::Names;

/// A statement with what is known of it.
#[derive(Debug)]
pub(super) struct Step<'a> {
    pub(super) statement: &'a Statement,
    form: Form,
}

impl<'a> Step<'a> {
    pub(super) fn new(statement: &'a Statement, text: &str) -> Self {
        Self {
            statement,
            form: Form::of(text),
        }
    }

    pub(super) fn of(held: &'a Held) -> Self {
        Self::new(&held.statement, held.text())
    }

    fn binds(&self, name: &str) -> bool {
        let mut binds = self.statement.binds.iter();
        binds.any(|binding| binding.name == name)
    }

    /// Whether it may change what it mentions.
    fn acts(&self) -> bool {
        let makes_a_value = self.form.is_let && self.form.constructs;
        !self.form.shows && !makes_a_value
    }
}

/// The variables that statements share, as far as that matters.
#[derive(Debug, Default)]
pub(super) struct Variables {
    mutable: Names,
    /// What nobody can change, as it is not `mut` and has nothing in it that changes by itself.
    fixed: Names,
    others: Names,
}

/// What a type is made of whose values do not change by themselves.
const FIXED: [&str; 24] = [
    "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize", "f32",
    "f64", "bool", "char", "str", "String", "Vec", "Option", "static", "woozle", "names", "std",
];

impl Variables {
    /// Those of a session.
    pub(super) fn of(scope: &Scope) -> Self {
        let mut variables = Self::default();
        for (name, variable) in &scope.variables {
            let mut words = variable
                .ty
                .split(|c: char| !(c.is_alphanumeric() || c == '_'))
                .filter(|word| !word.is_empty());
            let is_fixed = words.all(|word| FIXED.contains(&word) || word.parse::<u64>().is_ok());
            variables.add(name, variable.mutable, is_fixed);
        }
        for (_, binding) in scope.open() {
            variables.add(&binding.name, binding.mutable, false);
        }
        variables
    }

    /// Those that a statement binds, too.
    pub(super) fn bind(&mut self, step: &Step<'_>) {
        for binding in &step.statement.binds {
            self.add(&binding.name, binding.mutable, step.form.is_literal);
        }
    }

    fn add(&mut self, name: &str, is_mutable: bool, is_fixed: bool) {
        for kind in [&mut self.mutable, &mut self.fixed, &mut self.others] {
            kind.remove(name);
        }
        let kind = if is_mutable {
            &mut self.mutable
        } else if is_fixed {
            &mut self.fixed
        } else {
            &mut self.others
        };
        kind.insert(name.to_owned());
    }

    /// Whether the second of two statements has to come after the first.
    pub(super) fn order(&self, first: &Step<'_>, second: &Step<'_>) -> bool {
        let names = || first.statement.names.iter();
        // The first would take the second's variable for the one that it means.
        if names().any(|name| second.binds(name) && !first.binds(name)) {
            return true;
        }
        let shared = || names().filter(|name| second.statement.names.contains(*name));
        match (first.acts(), second.acts()) {
            (false, false) => false,
            (true, true) => {
                shared().any(|name| self.mutable.contains(name) || self.others.contains(name))
            }
            _ => shared().any(|name| self.mutable.contains(name)),
        }
    }
}

/// Whether both call functions whose effects are not known.
pub(super) fn both_call(first: &Step<'_>, second: &Step<'_>) -> bool {
    first.form.calls && second.form.calls
}
