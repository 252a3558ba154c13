//! What an answer says of the state that the session is in now.

use crate::support::Cell;

/// Where a session went back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Back {
    /// It did not.
    No,
    /// To the beginning of the cell.
    Here,
    /// To the end of an earlier cell.
    After(u32),
    /// To the beginning of an earlier cell.
    Before(u32),
    /// Variables are lost.
    Anew,
}

/// Reads it from an answer without colours.
pub(super) fn back(text: &str) -> Back {
    let number = |phrase: &str| {
        let (_, rest) = text.split_once(phrase)?;
        rest.split_once(']')?.0.parse().ok()
    };
    if text.contains("as they were before the cell")
        || text.contains("as they were after the last cell")
        || text.contains("interrupted before it ran")
    {
        Back::Here
    } else if let Some(number) = number("session is as it was after cell [") {
        Back::After(number)
    } else if let Some(number) = number("session is as it was before cell [") {
        Back::Before(number)
    } else if text.contains("a new process was started") {
        Back::Anew
    } else {
        Back::No
    }
}

/// All that a cell's answer says: errors, notes and output.
pub(super) fn text(cell: &Cell) -> String {
    let error = cell.error.as_ref().map_or_else(String::new, |error| {
        format!(
            "{}: {}\n{}\n",
            error.ename,
            error.evalue,
            error.traceback.join("\n")
        )
    });
    console::strip_ansi_codes(&format!("{error}{}{}", cell.stderr, cell.stdout)).into_owned()
}
