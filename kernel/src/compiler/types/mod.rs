//! Types, as the code of other crates can write them.

pub mod spelling;

pub use spelling::*;
