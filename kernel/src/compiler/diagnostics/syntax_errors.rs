//! What rustc says of a text that is not Rust, without what it says of what stands around it.

use super::render::report;
use super::report::{Cells, Report};
use crate::compiler::names::cell_of_name;
use crate::compiler::rustc::contract::{code, phrase};
use crate::compiler::rustc::messages::Message;
use crate::compiler::syntax::source::Source;

/// The errors of a text, without those that follow from others.
pub(crate) fn reports(mut errors: Vec<Message>, source: &Source, cells: &Cells) -> Vec<Report> {
    keep_causes(&mut errors);
    for error in &mut errors {
        end_with_the_cell(error, source);
    }
    let reports = errors.iter().map(|error| report(error, cells, &[]));
    reports.collect()
}

/// Keeps the errors of lexer and parser, but for those that follow from others.
fn keep_causes(errors: &mut Vec<Message>) {
    let is_syntax =
        |error: &Message| error.code().is_empty() || error.code().starts_with(code::LEXER);
    if errors.iter().any(is_syntax) {
        errors.retain(is_syntax);
    }
    let is_cause = |error: &Message| {
        ![phrase::STRAY_LET, phrase::STRAY_INCLUDE].contains(&error.message.as_str())
    };
    if errors.iter().any(is_cause) {
        errors.retain(is_cause);
    }
}

/// Where rustc has found the brace that follows the text, it has come to the end of the cell.
fn end_with_the_cell(error: &mut Message, source: &Source) {
    // The lead stands before the text.
    let end = 1 + source.text.trim_end().len();
    let mut beyond = false;
    for span in &mut error.spans {
        if cell_of_name(&span.file_name) == Some(source.cell) && span.byte_start >= end {
            (span.byte_start, span.byte_end) = (end, end);
            beyond |= span.is_primary;
        }
    }
    error.message = error.message.replace(phrase::THIS_FILE, "this cell");
    if beyond {
        for found in phrase::FOUND_BRACE {
            let said = found.replace("`}`", "the end of the cell");
            error.message = error.message.replace(found, &said);
            for label in error
                .spans
                .iter_mut()
                .filter_map(|span| span.label.as_mut())
            {
                *label = label.replace(found, &said);
            }
        }
    }
}
