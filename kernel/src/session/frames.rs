//! The functions of cells that a panic went through, in words.

use std::collections::HashMap;
use std::path::PathBuf;

use addr2line::{Loader, demangle_auto};
use woozle::protocol::Frame;

use crate::compiler::diagnostics::plain;
use crate::compiler::source::cell_name;

/// Knows the crates of the cells.
pub(super) trait Homes {
    /// The number for the user of the cell whose text has this item, which is compiled into this
    /// crate; without an item, that of the crate's own cell.
    fn cell(&self, serial: u32, item: Option<&str>) -> Option<u32>;

    /// The crate's library.
    fn library(&self, serial: u32) -> Option<PathBuf>;
}

/// What is shown of the calls, the innermost first.
pub(super) fn shown(frames: &[Frame], homes: &dyn Homes) -> Vec<String> {
    let mut libraries: HashMap<u32, Option<Loader>> = HashMap::new();
    let mut calls: Vec<(String, usize)> = Vec::new();
    for frame in frames {
        let library = libraries
            .entry(frame.cell)
            .or_insert_with(|| Loader::new(homes.library(frame.cell)?).ok());
        let symbol = library.as_ref().and_then(|l| l.find_symbol(frame.address));
        let name = symbol.map(|name| demangle_auto(name.into(), None));
        let Some(call) = name.and_then(|name| one(&name, homes)) else {
            continue;
        };
        match calls.last_mut() {
            Some((last, times)) if *last == call => *times += 1,
            _ => calls.push((call, 1)),
        }
    }
    let lines = calls.into_iter().map(|(call, times)| match times {
        // Of a cell's own statements, too, there is a generated function around them.
        2.. if !call.starts_with("cell [") => format!("{call}, {times} times"),
        _ => call,
    });
    lines.collect()
}

/// `cell_3::honey::taste` is `honey::taste, cell [2]`; a cell's own statements are that cell.
fn one(function: &str, homes: &dyn Homes) -> Option<String> {
    // What lies between a function and its caller in generated code.
    if function.contains("core::ops::function::Fn") || function.contains("FnOnce::call_once") {
        return None;
    }
    let function = function.replace('\u{200b}', "");
    let (serial, path) = own_path(&function)?;
    let entry = format!("woozle_cell_{serial}");
    if let Some(rest) = path.strip_prefix(&entry) {
        let closures = rest.matches("{{closure}}").count() + rest.matches("{closure#").count();
        let cell = cell_name(homes.cell(serial, None)?);
        return match closures {
            0 => None, // generated
            1 => Some(cell),
            _ => Some(format!("a closure, {cell}")),
        };
    }
    let item = path
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .next();
    let cell = homes.cell(serial, item)?;
    Some(format!("{}, {}", plain(&function), cell_name(cell)))
}

/// The crate of a cell that a function belongs to, and its path there.
fn own_path(function: &str) -> Option<(u32, &str)> {
    let start = function.trim_start_matches(|c: char| !c.is_alphanumeric());
    let rest = start.strip_prefix("cell_")?;
    let digits = rest.find(|c: char| !c.is_ascii_digit())?;
    let path = rest[digits..].strip_prefix("::")?;
    Some((rest[..digits].parse().ok()?, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Known;

    impl Homes for Known {
        fn cell(&self, serial: u32, item: Option<&str>) -> Option<u32> {
            match (serial, item) {
                (12, Some("taste")) => Some(2),
                (12, _) => Some(5),
                _ => None,
            }
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
                Some("jar::open::{{closure}}, cell [5]"),
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
            assert_eq!(one(function, &Known).as_deref(), expected, "{function}");
        }
    }

    #[test]
    fn a_library_that_cannot_be_read_explains_nothing() {
        let frame = Frame {
            cell: 12,
            address: 5,
        };
        assert!(shown(&[frame], &Known).is_empty());
    }
}
