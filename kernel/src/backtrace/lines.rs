//! Which line an address in a cell's library belongs to.

use std::collections::HashMap;
use std::path::Path;

use addr2line::Loader;
use woozle::protocol::cell_of_library;

use super::names::{Call, cell_place, open, readable};
use crate::compiler::driver::Compiler;

/// Cells that are compiled once more for one report, at most.
const MOST: usize = 6;

/// What is known of the libraries of one report.
pub(crate) struct Lines<'a> {
    compiler: &'a Compiler,
    tables: HashMap<u32, Option<Table>>,
    symbols: HashMap<Box<Path>, Option<Loader>>,
}

/// A cell's library, and the same with line tables.
pub(crate) struct Table {
    plain: Loader,
    lined: Loader,
    /// Where the code begins in each.
    code: (u64, u64),
}

impl<'a> Lines<'a> {
    pub(crate) fn new(compiler: &'a Compiler) -> Self {
        Self {
            compiler,
            tables: HashMap::new(),
            symbols: HashMap::new(),
        }
    }

    /// The lines of a library, if it is a cell's.
    pub(super) fn of(&mut self, library: &Path) -> Option<&Table> {
        let serial = cell_of_library(library.file_name()?.to_str()?)?;
        if self.compiler.layout.library(serial) != library {
            return None;
        }
        self.of_cell(serial)
    }

    /// The lines of a cell's library.
    pub(crate) fn of_cell(&mut self, serial: u32) -> Option<&Table> {
        let may_compile = self.tables.len() < MOST;
        let table = self.tables.entry(serial);
        let table = table.or_insert_with(|| {
            may_compile
                .then(|| Table::new(self.compiler, serial))
                .flatten()
        });
        table.as_ref()
    }

    /// The name of the function at an address.
    pub(super) fn symbol(&mut self, library: &Path, address: u64) -> Option<String> {
        let loader = self.symbols.entry(library.into());
        let loader = loader.or_insert_with(|| open(library)).as_ref()?;
        loader.find_symbol(address).map(readable)
    }
}

impl Table {
    fn new(compiler: &Compiler, serial: u32) -> Option<Self> {
        let lined = compiler.compile_with_lines(serial);
        let lined = lined.inspect_err(|error| tracing::warn!(%error, serial, "no line tables"));
        let (plain, lined) = (open(&compiler.layout.library(serial))?, open(&lined.ok()?)?);
        let code = |loader: &Loader| loader.get_section_range(b".text");
        let (before, now) = (code(&plain)?, code(&lined)?);
        if before.end - before.begin != now.end - now.begin {
            tracing::warn!(serial, "the code with line tables is other code");
            return None;
        }
        Some(Self {
            plain,
            lined,
            code: (before.begin, now.begin),
        })
    }

    /// Adds the calls at an address.
    pub(crate) fn explain(&self, address: u64, calls: &mut Vec<Call>) {
        let other = address.wrapping_sub(self.code.0).wrapping_add(self.code.1);
        let before = self.plain.find_symbol_info(address);
        let same = before.as_ref().is_some_and(|before| {
            let now = self.lined.find_symbol_info(other);
            now.is_some_and(|now| {
                own_name(now.name()) == own_name(before.name())
                    && now.address().wrapping_sub(self.code.1)
                        == before.address().wrapping_sub(self.code.0)
            })
        });
        let found = calls.len();
        if same && let Ok(mut frames) = self.lined.find_frames(other) {
            while let Ok(Some(frame)) = frames.next() {
                let function = frame.function.as_ref().and_then(|f| f.raw_name().ok());
                calls.push(Call {
                    function: function.map_or_else(String::new, |name| readable(&name)),
                    place: frame.location.as_ref().and_then(cell_place),
                });
            }
        }
        // Inlined functions have short names there; the one that they are in has its symbol's.
        if let (Some(last), Some(symbol)) = (calls[found..].last_mut(), &before) {
            last.function = readable(symbol.name());
        }
        if calls.len() == found {
            calls.extend(before.map(|symbol| Call {
                function: readable(symbol.name()),
                place: None,
            }));
        }
    }
}

/// A symbol's name, without what LLVM adds where another unit of the crate uses it: a number that changes with line tables.
fn own_name(symbol: &str) -> &str {
    symbol.split_once(".llvm.").map_or(symbol, |(name, _)| name)
}
