//! Types, as the code of other crates can write them.

pub mod public_paths;
pub mod reexports;
pub mod spelling;

pub use spelling::spell;
