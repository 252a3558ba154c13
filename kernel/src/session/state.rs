//! What a session has come to: exactly what a checkpoint keeps beside the copy of the host.
//!
//! The host keeps the values, this keeps what the kernel knows of them and what commands have set. Whatever goes back to a
//! checkpoint takes its state as a whole, so the two cannot differ.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::dependencies::loaded::Dependencies;
use crate::compiler::profile::Options as CompileOptions;
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::rustc::Toolchain;

/// The state of a session between two cells.
#[derive(Debug, Clone)]
pub(crate) struct SessionState {
    /// What is defined.
    pub(crate) scope: Scope,
    /// The libraries that the host has loaded, in that order: of cells with items, and of crates.
    pub(crate) libraries: Vec<PathBuf>,
    /// The execution count of the last cell that has changed something.
    pub(crate) last: u32,
    /// That of the one before it.
    pub(crate) previous: u32,
    /// Whether threads of the user's were alive when the last cell ended.
    pub(crate) has_threads: bool,
    /// What commands have set.
    pub(crate) settings: Settings,
}

/// What commands have set.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// The crates that `:dep` has added, and how they are built.
    pub(crate) dependencies: Dependencies,
    /// rustc, and what cells are compiled against and linked by.
    pub(crate) toolchain: Toolchain,
    /// What `:opt`, `:types` and `:fmt` have chosen.
    pub(crate) compile: CompileOptions,
    /// Whether `:timing` is on.
    pub(crate) timing: bool,
    /// What `:env` has set in the cells' process.
    pub(crate) environment: BTreeMap<String, String>,
    /// How many bytes each process may allocate.
    pub(crate) memory_limit: Option<u64>,
}

impl SessionState {
    /// The state before the first cell.
    pub(crate) fn new(toolchain: Toolchain) -> Self {
        Self {
            scope: Scope::default(),
            libraries: Vec::new(),
            last: 0,
            previous: 0,
            has_threads: false,
            settings: Settings {
                dependencies: Dependencies::default(),
                toolchain,
                compile: CompileOptions::default(),
                timing: false,
                environment: BTreeMap::new(),
                memory_limit: None,
            },
        }
    }

    /// This cell is the last one that has changed something.
    pub(crate) fn advance_to(&mut self, cell: u32) {
        (self.previous, self.last) = (self.last, cell);
    }
}
