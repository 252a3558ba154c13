//! What is said of crates that could not be added, or are there twice.

use crate::build::cargo::CargoError;
use crate::build::deps::add::{self, DepError};
use crate::build::deps::explain;
use crate::session::report::errors::CellError;

/// What went wrong, first in a line or two, then as cargo says it.
pub(super) fn failure(error: &DepError) -> CellError {
    let DepError::Cargo(CargoError::Failed(said)) = error else {
        return CellError::new("dep", &error.to_string());
    };
    let explained = explain::explain(said, &add::links());
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

/// That packages are there twice, and what that means.
pub(super) fn copies(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let names = names.join(", ");
    format!(
        "{names}: there is another build by now, with the features or versions that the new crates ask for; values and statics \
         of the one before are not those of the new one (a restart, with the `:dep` lines first and in one cell, has one alone)"
    )
}
