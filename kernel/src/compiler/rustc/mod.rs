//! Running rustc, and reading what it gives.
//!
//! [`contract`] has all that is relied on of rustc's wording and MIR; [`probe`] finds out whether a rustc keeps it.
//!
//! The arguments are in a file beside the source: `rustc @rustc.args` in the crate's folder repeats the run. Three things save
//! time. rustc is started ahead ([`warm`]) and has read all but the source when the cell comes. It is not
//! waited for: when it says that the object is there, what remains is to give its memory back. And it does not link: that is done by
//! its own lld, which is started beside it ([`link`]).
//!
//! What rustc gave is kept ([`cache`]): for what was compiled before it does not run at all.
//!
//! Names of libraries end in `_`. rustc looks for the library of a crate by the beginning of its name: `libcell_3` would begin a
//! hundred others, and rustc would open them all.

pub mod arguments;
pub mod cache;
pub mod contract;
pub mod invocation;
pub mod layout;
pub mod line_tables;
pub mod link;
pub mod messages;
pub mod mir;
pub mod mode;
pub mod probe;
mod run;
pub mod toolchain;
pub mod warm;

pub use layout::Layout;
pub use line_tables::{DebugInfo, compile_again};
pub use toolchain::Toolchain;
