//! The user's cargo, which builds for the cache.
//!
//! | part | module |
//! |---|---|
//! | what it is asked for, and how it is followed | [`command`] |
//! | what it has built | [`artifacts`] |
//! | what is in the crates of a package | [`metadata`] |
//! | what is amended in a library | [`metadata_symbol`] |
//! | builds that are kept in the cache | [`kept`] |
//! | the user's own folder of it | [`home`] |

pub mod artifacts;
mod command;
mod home;
mod kept;
pub mod metadata;
mod metadata_symbol;

pub use command::{Build, CargoError, Step, Watch};
pub use home::{home, origin};
pub use kept::{ARTIFACTS, LIST, prune, read_list, write_list};
