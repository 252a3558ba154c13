//! Places in the cells, as they are shown.

use std::fmt::Write as _;

use woozle::protocol::Place;

use crate::compiler::diagnostics::Cells;
use crate::compiler::syntax::source::{cell_name, cell_of_name};

pub(super) const RED: &str = "\u{1b}[1;31m";
pub(super) const BLUE: &str = "\u{1b}[1;34m";
pub(super) const BOLD: &str = "\u{1b}[1m";
pub(super) const OFF: &str = "\u{1b}[0m";

/// A place in short: `cell [3]:1:5`.
pub(crate) fn shown(place: &Place, cells: &Cells) -> String {
    let source = cell_of_name(&place.file).and_then(|cell| cells.get(&cell));
    let column = source.map_or(place.column, |source| {
        source.original_column(place.line, place.column)
    });
    format!("{}:{}:{column}", file_shown(&place.file), place.line)
}

/// A file's name as the user knows it; one of std's begins with `library`.
fn file_shown(file: &str) -> String {
    let of_std = || {
        file.strip_prefix("/rustc/")
            .and_then(|rest| rest.split_once('/'))
    };
    let other = || of_std().map_or(file, |(_, path)| path).to_owned();
    cell_of_name(file).map_or_else(other, cell_name)
}

/// A place, with the user's line if it is in a cell.
pub(crate) fn excerpt(place: &Place, cells: &Cells) -> String {
    let Some(source) = cell_of_name(&place.file).and_then(|cell| cells.get(&cell)) else {
        return format!(
            "{BLUE} -->{OFF} {}:{}:{}",
            file_shown(&place.file),
            place.line,
            place.column
        );
    };
    let column = source.original_column(place.line, place.column);
    let line = source
        .text
        .lines()
        .nth(place.line.saturating_sub(1) as usize)
        .unwrap_or_default();
    let number = place.line.to_string();
    let indent = " ".repeat(number.len());
    let before: String = line
        .chars()
        .take(column.saturating_sub(1) as usize)
        .map(|c| if c == '\t' { '\t' } else { ' ' })
        .collect();
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{BLUE}{indent}-->{OFF} {}:{}:{column}",
        source.name(),
        place.line
    );
    let _ = writeln!(text, "{BLUE}{indent} |{OFF}");
    let _ = writeln!(text, "{BLUE}{number} |{OFF} {line}");
    let _ = write!(text, "{BLUE}{indent} |{OFF} {before}{RED}^{OFF}");
    text
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::compiler::syntax::source::{Edit, Part, Source};

    #[test]
    fn the_mark_stands_below_the_users_column() {
        let text = "fn bad() { panic!() }";
        let source = Source::new(2, text, vec![Edit::before(0, "pub ", Part::Items)]);
        let cells = Cells::from([(2, Arc::new(source))]);
        let place = Place {
            file: "cell [2]".into(),
            line: 1,
            column: 17,
        }; // lead, `pub `, then col 12
        let shown = excerpt(&place, &cells);
        assert!(shown.contains("cell [2]:1:12"), "{shown}");
    }
}
