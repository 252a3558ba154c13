//! From addresses in a host that has died, or hangs, to the user's functions and lines.
//!
//! Cells are compiled without line tables, since those take time in every cell. When an address has to be explained, the
//! cell that it lies in is compiled once more, with the same flags and line tables: the code is the
//! same then, which is checked.

mod lines;
mod maps;
#[cfg(test)]
mod tests;

use addr2line::{Loader, demangle_auto};
use woozle::protocol::{Place, without_crates};

use crate::compiler::compile::Compiler;
use crate::compiler::names::{self, cell_of_name};
pub(crate) use lines::Lines;
use maps::Maps;

/// A call that a thread was in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The function's name.
    pub function: String,
    /// Where in the user's cells; `None` elsewhere.
    pub place: Option<Place>,
}

/// Explains the addresses of calls, the innermost first. Functions that are inlined have calls of their own.
pub fn explain(frames: &[u64], maps: &str, compiler: &Compiler) -> Vec<Call> {
    let maps = Maps::parse(maps);
    let mut lines = Lines::new(compiler);
    let mut calls = Vec::new();
    for frame in frames {
        let Some((library, address)) = maps.find(*frame) else {
            continue;
        };
        match lines.of(library) {
            Some(table) => table.explain(address, &mut calls),
            None => calls.extend(lines.symbol(library, address).map(|function| Call {
                function,
                place: None,
            })),
        }
    }
    tracing::debug!(?calls, "explained");
    calls
}

/// The calls of the user's own functions.
pub fn users(calls: &[Call]) -> Vec<(String, Place)> {
    let own = calls
        .iter()
        .filter_map(|call| Some((of_user(&call.function), call.place.clone()?)));
    own.collect()
}

/// A function of the user's as the user knows it: the statements of a cell are in one of ours.
fn of_user(function: &str) -> String {
    let name = function.split("::{").next().unwrap_or_default();
    if name.is_empty() || name.starts_with('{') || name.starts_with(names::ENTRY) {
        "the cell".to_owned()
    } else {
        name.to_owned()
    }
}

/// The function that the user's innermost one has called, as a person would name it: `Lock::acquire`.
pub fn called(calls: &[Call]) -> Option<String> {
    let users = calls.iter().position(|call| call.place.is_some())?;
    let callee = calls[..users].last()?;
    Some(short(&callee.function))
}

/// A function's last two names, without what they are generic over.
fn short(function: &str) -> String {
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
fn readable(symbol: &str) -> String {
    without_crates(&demangled(symbol))
}

/// The cell's place that a line of a line table is.
fn cell_place(location: &addr2line::Location<'_>) -> Option<Place> {
    let file = location.file?.rsplit('/').next()?;
    cell_of_name(file)?;
    Some(Place {
        file: file.to_owned(),
        line: location.line?,
        column: location.column.unwrap_or(1).max(1),
    })
}

/// Opens a library; one that cannot be read explains nothing.
fn open(path: &std::path::Path) -> Option<Loader> {
    Loader::new(path).ok()
}
