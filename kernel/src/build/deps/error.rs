//! Why crates cannot be added.

use crate::build::cache::CacheError;
use crate::build::cargo::CargoError;

/// Why crates could not be added.
#[derive(Debug, thiserror::Error)]
pub enum DepError {
    /// The cache folder is no good.
    #[error(transparent)]
    Cache(#[from] CacheError),
    /// A file could not be written or read.
    #[error("the crates could not be built in the cache folder: {0}")]
    Io(#[from] std::io::Error),
    /// cargo failed.
    #[error(transparent)]
    Cargo(#[from] CargoError),
    /// There is nothing in a package that cells could use.
    #[error(
        "`{0}` is a program, not a library: nothing of it can be used in a cell; `cargo install {0}` in a terminal installs it"
    )]
    Program(String),
    /// What was built before is gone, and cannot be made again as it was.
    #[error(
        "crates that the session uses have been removed from the cache, and would not be the same ones any more; restart the \
         kernel, and run the cells from the first `:dep` on"
    )]
    Lost,
    /// What was built before is another one now, under the same name.
    #[error(
        "`{0}` was built anew with other settings, while the session uses it as it was; restart the kernel, and run the cells \
         from the first `:dep` on"
    )]
    Rebuilt(String),
}
