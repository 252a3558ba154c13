//! What compiling finds out, and what is done differently the next time.

pub(crate) mod coherence;
pub(crate) mod ownership;
pub mod public_paths;
pub(crate) mod unnameable;
