//! What a cell does beside its statements: it tells the runtime which errors have a Display form and which columns are not the
//! user's, and runs its tests.

use std::fmt::Write as _;

use super::emitted::Generated;
use super::writer::Writer;
use crate::compiler::syntax::{error_types, test_functions};

impl Writer<'_> {
    /// The types of errors that are compiled here, but for those that cannot be named.
    pub(super) fn error_types(&self) -> Vec<String> {
        let texts = self.input.plan.texts(self.input.source);
        let mut types: Vec<String> = texts.flat_map(error_types::of).collect();
        types.sort_unstable();
        types.dedup();
        types.retain(|ty| !self.input.findings.untold.contains(ty));
        types
    }

    /// Notes them in the runtime.
    pub(super) fn tell_of_errors(&mut self, types: &[String]) {
        for ty in types {
            let tell = format!("::woozle::cell::tells::<{ty}>();\n");
            self.add_to_root(&tell, Generated::Tell(ty.clone()));
        }
    }

    /// Notes in the runtime which columns are not the user's.
    pub(super) fn tell_of_columns(&mut self) {
        for (file, shifts) in &self.emitted.shifts {
            let _ = writeln!(self.root, "::woozle::cell::columns({file:?}, &{shifts:?});");
        }
    }

    /// The code that runs the cell's tests; nothing if it has none.
    pub(super) fn tests(&self) -> Option<String> {
        let left_out = &self.input.findings.untested;
        let own = self.input.plan.own.iter();
        let own = own.filter(|item| !item.names.iter().any(|name| left_out.contains(name)));
        let texts = own.map(|item| &self.input.source.text[item.range.clone()]);
        let tests: Vec<_> = texts.flat_map(test_functions::of).collect();
        if tests.is_empty() {
            return None;
        }
        let mut code = "::woozle::cell::run_tests(&[".to_owned();
        let option = |text: &Option<String>| match text {
            Some(text) => format!("::core::option::Option::Some({text:?})"),
            None => "::core::option::Option::None".to_owned(),
        };
        for test in tests {
            let _ = write!(
                code,
                "::woozle::cell::Test {{ name: {:?}, ignored: {}, panics: {}, run: || ::woozle::cell::tested(crate::{}()) }}, ",
                test.name,
                option(&test.ignored),
                option(&test.panics),
                test.name
            );
        }
        code.push_str("])?;\n");
        Some(code)
    }
}
