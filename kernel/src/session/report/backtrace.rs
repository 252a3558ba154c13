//! The functions of cells that a panic went through, in words.

use std::collections::HashMap;
use std::path::PathBuf;

use addr2line::Loader;
use woozle::protocol::{Frame, Place};

use crate::backtrace::{Lines, demangled};
use crate::compiler::diagnostics::plain;
use crate::compiler::names;
use crate::compiler::syntax::source::{cell_name, cell_of_name};

/// Tells which crate belongs to which cell.
pub(crate) trait CellIndex {
    /// The number for the user of the cell whose text has this item, which is compiled into the
    /// crate that has this number in symbols; without an item, that of the crate's own cell.
    fn cell(&self, serial: u32, item: Option<&str>) -> Option<u32>;

    /// The cell whose statements run around this crate's own, which are in a closure then.
    fn around(&self, serial: u32) -> Option<u32>;

    /// The library of the crate that has this number in its library's name.
    fn library(&self, serial: u32) -> Option<PathBuf>;
}

/// What a closure is called.
const A_CLOSURE: &str = "a closure";

/// A call of a user's function, or of a cell's own statements.
#[derive(Clone, PartialEq, Eq)]
struct CellCall {
    function: Option<String>,
    /// Its number for the user.
    cell: u32,
    line: Option<u32>,
}

/// What is shown of the calls, the innermost first.
pub(crate) fn shown(frames: &[Frame], index: &dyn CellIndex) -> Vec<String> {
    joined(users_calls(frames, index).map(|(_, call)| call))
}

/// The same with the lines that they are in, which takes a run of rustc for each cell among them. Functions that are
/// inlined have calls of their own.
pub(crate) fn with_lines(
    frames: &[Frame],
    index: &dyn CellIndex,
    lines: &mut Lines<'_>,
) -> Vec<String> {
    joined(users_calls(frames, index).flat_map(|(frame, mut call)| {
        let Some(table) = lines.of_cell(frame.cell) else {
            return vec![call];
        };
        let mut found = Vec::new();
        table.explain(frame.address, &mut found);
        let place = found.pop().and_then(|found| found.place);
        let place = place.filter(|place| cell_of_name(&place.file) == Some(call.cell));
        call.line = place.map(|place| place.line);
        let inlined = found.into_iter().filter_map(|found| {
            let place = found.place?;
            let is_closure = found.function.starts_with("{closure");
            Some(CellCall {
                function: Some(if is_closure {
                    A_CLOSURE.to_owned()
                } else {
                    plain(&found.function)
                }),
                cell: cell_of_name(&place.file)?,
                line: Some(place.line),
            })
        });
        let mut calls: Vec<CellCall> = inlined.collect();
        if call.function.is_some() || call.line.is_some() {
            calls.push(call);
        } else if let Some(statements) = calls.last_mut() {
            // A cell's own statements, within a generated function.
            statements.function = None;
        }
        calls
    }))
}

/// Where in the cells the innermost of the calls is, which takes a run of rustc for its cell.
pub(crate) fn place(frames: &[Frame], lines: &mut Lines<'_>) -> Option<Place> {
    frames.iter().find_map(|frame| {
        let mut found = Vec::new();
        lines
            .of_cell(frame.cell)?
            .explain(frame.address, &mut found);
        found.into_iter().find_map(|call| call.place)
    })
}

/// The frames of functions that the user knows.
fn users_calls<'a>(
    frames: &'a [Frame],
    index: &'a dyn CellIndex,
) -> impl Iterator<Item = (&'a Frame, CellCall)> {
    let mut libraries: HashMap<u32, Option<Loader>> = HashMap::new();
    let mut inner = None;
    frames.iter().filter_map(move |frame| {
        let library = libraries
            .entry(frame.cell)
            .or_insert_with(|| Loader::new(index.library(frame.cell)?).ok());
        let symbol = library.as_ref()?.find_symbol(frame.address)?;
        let call = call_of(&demangled(symbol), index)?;
        let is_around = call.function.is_none() && index.around(frame.cell) == Some(call.cell);
        // It only runs the cell's own statements, in generated code.
        let runs_others = is_around && inner == Some(frame.cell);
        inner = Some(frame.cell).filter(|_| call.function.is_none());
        (!runs_others).then_some((frame, call))
    })
}

/// The calls in words; those that repeat, such as a recursion's, are one.
fn joined(calls: impl Iterator<Item = CellCall>) -> Vec<String> {
    let mut joined: Vec<(CellCall, usize)> = Vec::new();
    for call in calls {
        match joined.last_mut() {
            Some((last, times)) if *last == call => *times += 1,
            _ => joined.push((call, 1)),
        }
    }
    let lines = joined.into_iter().map(|(call, times)| {
        let function = call.function.iter().map(|function| format!("{function}, "));
        let line = call.line.iter().map(|line| format!(":{line}"));
        let times = match times {
            2.. if call.function.is_some() => format!(", {times} times"),
            _ => String::new(),
        };
        let cell = cell_name(call.cell);
        format!(
            "{}{cell}{}{times}",
            function.collect::<String>(),
            line.collect::<String>()
        )
    });
    lines.collect()
}

/// `cell_3::honey::taste` is `honey::taste` of cell 2; a cell's own statements have no function's name.
fn call_of(function: &str, index: &dyn CellIndex) -> Option<CellCall> {
    // What lies between a function and its caller in generated code.
    if function.contains("core::ops::function::Fn") || function.contains("FnOnce::call_once") {
        return None;
    }
    let function = function.replace(names::ITEMS_MARK, "");
    let (serial, path) = own_path(&function)?;
    let entry = names::entry(serial);
    let (function, item) = if let Some(rest) = path.strip_prefix(&entry) {
        let closures = rest.matches("{{closure}}").count() + rest.matches("{closure#").count();
        match (closures, index.around(serial)) {
            (0, _) => return None, // generated
            (1, Some(cell)) => {
                return Some(CellCall {
                    function: None,
                    cell,
                    line: None,
                });
            }
            (1, None) | (2, Some(_)) => (None, None),
            _ => (Some(A_CLOSURE.to_owned()), None),
        }
    } else {
        let mut words = path.split(|c: char| !c.is_alphanumeric() && c != '_');
        // A closure is named by the function around it, and so is the body of an async function.
        let named = function.replace("::{{closure}}", "");
        (Some(plain(&named)), words.next())
    };
    Some(CellCall {
        function,
        cell: index.cell(serial, item)?,
        line: None,
    })
}

/// The crate of a cell that a function belongs to, and its path there.
fn own_path(function: &str) -> Option<(u32, &str)> {
    let start = function.trim_start_matches(|c: char| !c.is_alphanumeric());
    let rest = start.strip_prefix(names::CRATE)?;
    let digits = rest.find(|c: char| !c.is_ascii_digit())?;
    let path = rest[digits..].strip_prefix("::")?;
    Some((rest[..digits].parse().ok()?, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct KnownCells;

    impl CellIndex for KnownCells {
        fn cell(&self, serial: u32, item: Option<&str>) -> Option<u32> {
            match (serial, item) {
                (12, Some("taste")) => Some(2),
                (12, _) => Some(5),
                _ => None,
            }
        }

        fn around(&self, _: u32) -> Option<u32> {
            None
        }

        fn library(&self, _: u32) -> Option<PathBuf> {
            None
        }
    }

    #[test]
    fn functions_are_named_with_the_cells_that_they_stand_in() {
        for (function, expected) in [
            ("cell_12::taste", Some("taste, cell [2]")),
            (
                "cell_12::jar::open::{{closure}}",
                Some("jar::open, cell [5]"),
            ),
            (
                "<cell_12::Bear as core::fmt::Debug>::fmt",
                Some("<Bear as core::fmt::Debug>::fmt, cell [5]"),
            ),
            ("cell_12::woozle_cell_12::{{closure}}", Some("cell [5]")),
            (
                "cell_12::woozle_cell_12::{{closure}}::{{closure}}",
                Some("a closure, cell [5]"),
            ),
            ("cell_12::woozle_cell_12", None),
            (
                "<cell_12::f as core::ops::function::FnOnce<()>>::call_once",
                None,
            ),
            ("cell_99::f", None),
            ("core::result::unwrap_failed", None),
        ] {
            let found = joined(call_of(function, &KnownCells).into_iter());
            assert_eq!(found.first().map(String::as_str), expected, "{function}");
        }
    }

    #[test]
    fn a_library_that_cannot_be_read_explains_nothing() {
        let frame = Frame {
            cell: 12,
            address: 5,
        };
        assert!(shown(&[frame], &KnownCells).is_empty());
    }
}
