//! The functions of cells that a panic went through, in words.

use crate::compiler::diagnostics::plain;
use crate::compiler::source::cell_name;

/// Knows which cells the crates' items come from.
pub(super) trait Homes {
    /// The number for the user of the cell whose text has this item, which is compiled into this
    /// crate; without an item, that of the crate's own cell.
    fn cell(&self, serial: u32, item: Option<&str>) -> Option<u32>;
}

/// What is shown of the functions, the innermost first.
pub(super) fn shown(frames: &[String], homes: &dyn Homes) -> Vec<String> {
    let mut shown: Vec<String> = Vec::new();
    for frame in frames.iter().filter_map(|frame| one(frame, homes)) {
        if shown.last() != Some(&frame) {
            shown.push(frame);
        }
    }
    shown
}

/// `cell_3::honey::taste` is `honey::taste, cell [2]`; a cell's own statements are that cell.
fn one(frame: &str, homes: &dyn Homes) -> Option<String> {
    // What lies between a function and its caller in generated code.
    if frame.contains("core::ops::function::Fn") || frame.contains("FnOnce::call_once") {
        return None;
    }
    let frame = frame.replace('\u{200b}', "");
    let Some((serial, path)) = own_path(&frame) else {
        return Some(frame); // it comes from another process, by its name alone
    };
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
    Some(format!("{}, {}", plain(&frame), cell_name(cell)))
}

/// The crate of a cell that a function belongs to, and its path there.
fn own_path(frame: &str) -> Option<(u32, &str)> {
    let (_, rest) = frame.split_once("cell_")?;
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
    }

    #[test]
    fn functions_are_named_with_the_cells_that_they_stand_in() {
        for (frame, expected) in [
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
            ("honey", Some("honey")),
        ] {
            assert_eq!(one(frame, &Known).as_deref(), expected, "{frame}");
        }
    }
}
