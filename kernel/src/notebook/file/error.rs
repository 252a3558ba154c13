//! Why a file cannot be taken as a notebook.

use std::io;
use std::path::PathBuf;

/// Why a file cannot be taken as a notebook.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    #[error("{source}")]
    Read { path: PathBuf, source: io::Error },
    #[error("it is not JSON ({0})")]
    NotJson(serde_json::Error),
    #[error("it is not a notebook ({0})")]
    NotANotebook(String),
    #[error("its format {0} is older than any that is supported")]
    TooOld(i64),
    #[error("its format {0} is newer than this program")]
    TooNew(i64),
}
