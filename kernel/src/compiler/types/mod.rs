//! Types, as the code of other crates can write them.
//!
//! To take a variable, a cell has to name its exact type, which the user need not have written. rustc prints it in the MIR of the
//! crate that made the variable: `keep_variable::<Vec<i32>, 0>`. There a name that is unique among all crates stands without its
//! path, and lifetimes are erased. [`spell`] makes a usable type of it: with paths from `std::any::type_name`, which the host
//! reports, with the scope for names of cells, and with `woozle::names` ([`reexports`]). `type_name` alone does not do, since it
//! gives the private paths of definitions. All lifetimes are `'static`; where a variable borrows, that stands for the time in which
//! what it borrows from is left alone ([`lifetimes`]).

pub mod aliases;
pub mod lifetimes;
mod objects;
pub mod public_paths;
pub mod reexports;
pub mod spelling;

pub use spelling::{Aliases, spell};
