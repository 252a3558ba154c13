//! From the addresses of calls to the calls.

use woozle::protocol::{Place, cell_of_library};

use super::lines::Lines;
use super::maps::Maps;
use super::names::{Call, short};
use crate::compiler::driver::Compiler;
use crate::compiler::names;

/// Explains addresses of one process: what was found out for one is known for the next.
pub struct Explainer<'a> {
    maps: Maps,
    lines: Lines<'a>,
}

impl<'a> Explainer<'a> {
    /// For a process whose `/proc/self/maps` says this.
    pub fn new(maps: &str, compiler: &'a Compiler) -> Self {
        Self {
            maps: Maps::parse(maps),
            lines: Lines::new(compiler),
        }
    }

    /// From here on addresses are those of another process, whose `/proc/self/maps` says this.
    pub(crate) fn enter_process(&mut self, maps: &str) {
        self.maps = Maps::parse(maps);
    }

    /// Explains the addresses of calls, the innermost first. Functions that are inlined have calls of their own.
    pub fn calls(&mut self, frames: &[u64]) -> Vec<Call> {
        let mut calls = Vec::new();
        for frame in frames {
            let Some((library, address)) = self.maps.find(*frame) else {
                continue;
            };
            match self.lines.of(library) {
                Some(table) => table.explain(address, &mut calls),
                None => {
                    let symbol = self.lines.symbol(library, address);
                    calls.extend(symbol.map(|function| Call {
                        function,
                        place: None,
                    }));
                }
            }
        }
        tracing::debug!(?calls, "explained");
        calls
    }

    /// The name of a cell's static at an address.
    pub fn static_name(&mut self, address: u64) -> Option<String> {
        let (library, address) = self.maps.find(address)?;
        cell_of_library(library.file_name()?.to_str()?)?;
        let path = self.lines.symbol(library, address)?;
        let name = names::static_of_symbol(&path).or_else(|| path.rsplit("::").next());
        name.map(str::to_owned)
    }
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
