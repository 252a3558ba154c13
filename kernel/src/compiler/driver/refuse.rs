//! A cell that is not Rust: what rustc says of it.

use std::sync::Arc;

use super::Compiler;
use crate::compiler::codegen::Emitted;
use crate::compiler::diagnostics::compile_error::CompileError;
use crate::compiler::diagnostics::syntax_errors;
use crate::compiler::rustc::layout::ROOT;
use crate::compiler::rustc::messages::Message;
use crate::compiler::syntax::cell;
use crate::compiler::syntax::source::{Part, Source, file_name};

impl Compiler {
    /// What rustc says of a text that is not Rust.
    pub(super) fn refuse(&mut self, number: u32, text: &str) -> CompileError {
        let source = Arc::new(Source::new(number, text, Vec::new()));
        self.cells.insert(number, Arc::clone(&source));
        // With braces round it, an unpaired brace of the user's would be paired with one of ours.
        let (lead, end) = if cell::is_paired(text) {
            ('{', "\n}\n")
        } else {
            (' ', "\n")
        };
        let body = source.render(Part::Body, std::slice::from_ref(&(0..text.len())), lead);
        let mut emitted = Emitted::default();
        let file = emitted.add_file(file_name(number, Part::Body), body + end);
        let root = format!("fn main() {{ include!({file:?}) }}\n");
        emitted.files.push((ROOT.into(), root));
        let compiled = match self.check(&emitted) {
            Ok(compiled) => compiled,
            Err(error) => return CompileError::not_started(&error),
        };
        let errors: Vec<Message> = compiled.errors().cloned().collect();
        let reports = syntax_errors::reports(errors, &source, &self.cells);
        if !reports.is_empty() {
            CompileError::Errors(reports)
        } else if !compiled.rest.is_empty() {
            CompileError::no_result(&compiled.rest)
        } else {
            CompileError::Broken("this cell uses syntax that the kernel does not know yet".into())
        }
    }
}
