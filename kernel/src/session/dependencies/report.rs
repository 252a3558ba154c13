//! What is said of crates that could not be added, or are there twice.

use std::io;
use std::path::Path;

use crate::build::cache;
use crate::build::cargo::CargoError;
use crate::build::deps::adding;
use crate::build::deps::error::DepError;
use crate::build::deps::explain;
use crate::build::deps::requested::lock;
use crate::session::report::errors::CellError;
use crate::session::report::toolchain_fault;

/// What went wrong, first in a line or two, then as cargo says it.
pub(super) fn failure(error: &DepError) -> CellError {
    let shortage = toolchain_fault::of_crates(&error.to_string(), &cache::folder());
    let DepError::Cargo(CargoError::Failed(said)) = error else {
        return CellError::new("dep", &shortage.unwrap_or_else(|| error.to_string()));
    };
    let mut explained = explain::explain(said, &adding::links());
    if let Some(shortage) = shortage {
        (explained.what, explained.help) = (shortage, None);
    }
    let help = explained.help.map(|help| format!("help: {help}"));
    let said = explained.cargo.lines().map(|line| format!("  {line}"));
    let mut error = CellError::new("dep", &explained.what);
    error.traceback.extend(help);
    error
        .traceback
        .extend([String::new(), "cargo said:".to_owned()]);
    error.traceback.extend(said);
    error
}

/// A lock that is there, but of no use.
pub(super) fn lock(folder: &Path, error: &io::Error) -> CellError {
    let file = folder.join(lock::FILE);
    let text = format!(
        "{} cannot be used: {error}; mend it, or remove it and write it anew by `:deps lock`",
        file.display()
    );
    CellError::new("dep", &text)
}

/// A lock that is not there.
pub(super) fn no_lock(folder: &Path) -> CellError {
    let text = format!(
        "this run is locked, but there is no `{}` in {}; a cell with `:deps lock`, run after all `:dep` lines, writes it",
        lock::FILE,
        folder.display()
    );
    CellError::new("dep", &text)
}

/// A lock that does not fit.
pub(super) fn not_locked(differences: &[String]) -> CellError {
    let text = format!(
        "this run is locked, but `{}` does not fit: {}; a cell with `:deps lock`, run after all `:dep` lines, writes it anew",
        lock::FILE,
        differences.join(", ")
    );
    CellError::new("dep", &text)
}

/// That packages are there twice, and what that means.
pub(super) fn copies(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let names = names.join(", ");
    format!(
        "{names}: there is another build by now, with the features or versions that the new crates ask for; values and statics \
         of the one before are not those of the new one (a restart, with the `:dep` lines first and in one cell, has one alone)"
    )
}
