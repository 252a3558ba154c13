//! How functions, and their places, are named.

use std::path::Path;

use addr2line::{Loader, demangle_auto};
use woozle::protocol::{Place, without_crates};

use crate::compiler::syntax::source::cell_of_name;

/// A call that a thread was in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The function's name.
    pub function: String,
    /// Where in the user's cells; `None` elsewhere.
    pub place: Option<Place>,
}

/// A function's last two names, without what they are generic over.
pub(crate) fn short(function: &str) -> String {
    let mut plain = String::new();
    let mut depth = 0_usize;
    let function = function.strip_prefix('<').map_or(function, |rest| {
        // `<A as B>::f`: of type A.
        let end = rest.find([' ', '<', '>']).unwrap_or(rest.len());
        plain.push_str(&rest[..end]);
        rest.rfind(">::").map_or("", |at| &rest[at + 1..])
    });
    for c in function.chars() {
        match c {
            '<' => depth += 1,
            '>' => depth = depth.saturating_sub(1),
            c if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    let names: Vec<&str> = plain.split("::").filter(|name| !name.is_empty()).collect();
    match names[..] {
        // The functions of `std::thread` are in private modules of it.
        ["std", "thread", module, name] if module.starts_with(char::is_lowercase) => {
            format!("thread::{name}")
        }
        _ => names[names.len().saturating_sub(2)..].join("::"),
    }
}

/// The name that a symbol stands for, in one form for all versions of rustc: a method of a type's own is `<Jar>::eat`
/// in some, and `Jar::eat` in others.
pub(crate) fn demangled(symbol: &str) -> String {
    let name = demangle_auto(symbol.into(), None);
    let Some(rest) = name.strip_prefix('<') else {
        return name.into_owned();
    };
    let mut depth = 1_usize;
    let end = rest.find(|c| {
        match c {
            '<' => depth += 1,
            '>' => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    match end.map(|end| rest.split_at(end)) {
        Some((ty, function)) if !ty.contains(" as ") => format!("{ty}{}", &function[1..]),
        _ => name.into_owned(),
    }
}

/// A symbol's name for people, without the crate that a cell is.
pub(super) fn readable(symbol: &str) -> String {
    without_crates(&demangled(symbol))
}

/// The cell's place that a line of a line table is.
pub(super) fn cell_place(location: &addr2line::Location<'_>) -> Option<Place> {
    let file = location.file?.rsplit('/').next()?;
    cell_of_name(file)?;
    Some(Place {
        file: file.to_owned(),
        line: location.line?,
        column: location.column.unwrap_or(1).max(1),
    })
}

/// Opens a library; one that cannot be read explains nothing.
pub(super) fn open(path: &Path) -> Option<Loader> {
    Loader::new(path).ok()
}

#[cfg(test)]
mod tests;
