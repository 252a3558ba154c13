//! An error or a warning, as it is shown.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::compiler::syntax::source::Source;

/// An error as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The error's code, such as `E0382`; empty if it has none.
    pub code: String,
    /// Its first line.
    pub message: String,
    /// The whole, with colours.
    pub rendered: String,
}

/// The cells that messages may point to, by number.
pub type Cells = BTreeMap<u32, Arc<Source>>;
