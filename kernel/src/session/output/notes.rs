//! What the kernel itself says in a cell.

use crate::server::CellContext;
use crate::wire::content::StreamName;

/// Prints a note for the user.
pub(crate) fn print_note(context: &CellContext, note: &str) {
    print(context, StreamName::Stderr, &format!("note: {note}\n"));
}

/// Prints what a command was asked for.
pub(crate) fn print_text(context: &CellContext, text: &str) {
    print(context, StreamName::Stdout, text);
}

/// Prints what is to be noticed, but is no part of the cell's own output.
pub(crate) fn print_warning(context: &CellContext, text: &str) {
    print(context, StreamName::Stderr, text);
}

fn print(context: &CellContext, stream: StreamName, text: &str) {
    if !context.silent {
        let iopub = &context.iopub;
        iopub.stream(&context.parent, stream, text.as_bytes());
    }
}
