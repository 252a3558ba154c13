//! From the addresses of calls to the calls.

use woozle::protocol::Place;

use super::lines::Lines;
use super::maps::Maps;
use super::names::{Call, short};
use crate::compiler::driver::Compiler;
use crate::compiler::names;

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
