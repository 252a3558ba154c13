//! What the kernel itself says in a cell.

use crate::server::CellContext;
use crate::wire::content::StreamName;

/// Prints a note for the user.
pub(crate) fn note_on(context: &CellContext, note: &str) {
    say(context, StreamName::Stderr, &format!("note: {note}\n"));
}

/// Prints what a command was asked for.
pub(crate) fn print_on(context: &CellContext, text: &str) {
    say(context, StreamName::Stdout, text);
}

/// Prints what is to be noticed, but is no part of the cell's own output.
pub(crate) fn warn_on(context: &CellContext, text: &str) {
    say(context, StreamName::Stderr, text);
}

fn say(context: &CellContext, stream: StreamName, text: &str) {
    if !context.silent {
        let iopub = &context.iopub;
        iopub.stream(&context.parent, stream, text.as_bytes());
    }
}
