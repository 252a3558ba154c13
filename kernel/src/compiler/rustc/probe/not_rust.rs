//! Texts that are not Rust.

use super::clause::Clause::{Form, Phrase};
use super::clause::{CHECK, Evidence, LIBRARY, Source};
use crate::compiler::rustc::contract::{code, phrase};

/// Texts that are not Rust are compiled as the statements of a cell are: by `include!`.
const INCLUDE: (&str, &str) = ("lib.rs", "pub fn f() { include!(\"1.body\") }");

pub(super) const STRAY_LET: Source = Source {
    files: &[INCLUDE, ("1.body", " let x = 'honey';\n")],
    emit: CHECK,
    crate_type: LIBRARY,
    clauses: &[Form("an error that follows a lexer's", |evidence| {
        is_exactly(evidence, phrase::STRAY_LET)
    })],
};

pub(super) const EMPTY: Source = Source {
    files: &[INCLUDE, ("1.body", "\n")],
    emit: CHECK,
    crate_type: LIBRARY,
    clauses: &[Form(
        "an error that follows one in an included file",
        |evidence| is_exactly(evidence, phrase::STRAY_INCLUDE),
    )],
};

fn is_exactly(evidence: &Evidence, text: &str) -> bool {
    let mut errors = evidence.compiled.errors();
    errors.any(|error| error.message == text)
}

pub(super) const BRACE: Source = Source {
    files: &[INCLUDE, ("1.body", "{1 +\n}\n")],
    emit: CHECK,
    crate_type: LIBRARY,
    clauses: &[Phrase(phrase::FOUND_BRACE[0])],
};

pub(super) const DOT: Source = Source {
    files: &[INCLUDE, ("1.body", "{x.\n}\n")],
    emit: CHECK,
    crate_type: LIBRARY,
    clauses: &[Phrase(phrase::FOUND_BRACE[1])],
};

pub(super) const UNCLOSED: Source = Source {
    files: &[INCLUDE, ("1.body", " (\n")],
    emit: CHECK,
    crate_type: LIBRARY,
    clauses: &[Phrase(phrase::THIS_FILE)],
};

pub(super) const STRING: Source = Source {
    files: &[INCLUDE, ("1.body", " \"honey\n")],
    emit: CHECK,
    crate_type: LIBRARY,
    clauses: &[Form("the codes of the lexer's errors", |evidence| {
        let mut errors = evidence.compiled.errors();
        errors.any(|error| error.code().starts_with(code::LEXER))
    })],
};
