//! Closures that rustc's words name by their place, `{closure@cell [3]:1:9: 1:12}`: the place in the user's text.

use super::report::Cells;
use crate::compiler::names::{cell_name, cell_of_name};
use crate::compiler::rustc::contract::unnamed;
use crate::compiler::syntax::source::Source;

/// A closure's place, as rustc writes it.
pub(super) struct ClosureAt<'a> {
    pub(super) source: &'a Source,
    /// Line and column of its beginning and of its end, as rustc counts.
    pub(super) ends: [(u32, u32); 2],
}

/// Reads what follows `{closure@`, up to the bracket.
pub(super) fn read<'a>(place: &str, cells: &'a Cells) -> Option<ClosureAt<'a>> {
    let (start, end) = place.rsplit_once(": ")?;
    let (start, column) = start.rsplit_once(':')?;
    let (file, line) = start.rsplit_once(':')?;
    let source = cells.get(&cell_of_name(file)?)?;
    let (end_line, end_column) = end.split_once(':')?;
    let start = (line.parse().ok()?, column.parse().ok()?);
    let end = (end_line.parse().ok()?, end_column.parse().ok()?);
    Some(ClosureAt {
        source,
        ends: [start, end],
    })
}

/// The text with the places of closures as they are in the cells.
pub(super) fn with_users_places(text: &str, cells: &Cells) -> String {
    let mut pieces = text.split(unnamed::CLOSURE_AT);
    let mut shown = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        shown.push_str(unnamed::CLOSURE_AT);
        let closure = piece.split_once('}');
        let found = closure.and_then(|(place, rest)| Some((read(place, cells)?, rest)));
        match found {
            Some((closure, rest)) => {
                let [start, end] = closure
                    .ends
                    .map(|(line, column)| (line, closure.source.original_column(line, column)));
                let file = cell_name(closure.source.cell);
                shown.push_str(&format!(
                    "{file}:{}:{}: {}:{}}}{rest}",
                    start.0, start.1, end.0, end.1
                ));
            }
            None => shown.push_str(piece),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::compiler::syntax::source::{Edit, Part};

    #[test]
    fn a_closure_is_where_the_user_wrote_it() {
        let text = "fn f() { g(|| 1) }";
        let edits = vec![Edit::before(0, "pub ", Part::Items)];
        let source = Source::new(2, text, edits);
        let cells = Cells::from([(2, Arc::new(source))]);
        let said = "found closure `{closure@cell [2]\u{200b}:1:17: 1:19}`, and `{closure@other.rs:1:2: 1:3}`";
        assert_eq!(
            with_users_places(said, &cells),
            "found closure `{closure@cell [2]:1:12: 1:14}`, and `{closure@other.rs:1:2: 1:3}`"
        );
    }
}
