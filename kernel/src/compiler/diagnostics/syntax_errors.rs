//! What rustc says of a text that is not Rust, without what it says of what stands around it.

use crate::compiler::rustc::invocation::Message;
use crate::compiler::syntax::source::{Source, cell_of_name};

/// What a lexer's error leads to: the text is then compiled without the braces of a function.
const LET: &str = "expected expression, found `let` statement";

/// What any error at an expression's end leads to, in the text that is included.
const INCLUDE: &str = "non-expression macro in expression position: include";

/// Keeps the errors of lexer and parser, but for those that follow from others.
pub(crate) fn keep_causes(errors: &mut Vec<Message>) {
    // Those of the lexer are E0758 to E0768.
    let is_syntax = |error: &Message| error.code().is_empty() || error.code().starts_with("E07");
    if errors.iter().any(is_syntax) {
        errors.retain(is_syntax);
    }
    let is_cause = |error: &Message| ![LET, INCLUDE].contains(&error.message.as_str());
    if errors.iter().any(is_cause) {
        errors.retain(is_cause);
    }
}

/// Where rustc has found the brace that follows the text, it has come to the end of the cell.
pub(crate) fn end_with_the_cell(error: &mut Message, source: &Source) {
    // The lead stands before the text.
    let end = 1 + source.text.trim_end().len();
    let mut beyond = false;
    for span in &mut error.spans {
        if cell_of_name(&span.file_name) == Some(source.cell) && span.byte_start >= end {
            (span.byte_start, span.byte_end) = (end, end);
            beyond |= span.is_primary;
        }
    }
    error.message = error.message.replace("this file", "this cell");
    if beyond {
        for found in ["found `}`", "unexpected token: `}`"] {
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
