//! Running rustc, and reading what it gives.
//!
//! [`contract`] has all that is relied on of rustc's wording and MIR; [`probe`] finds out whether a rustc keeps it.
//!
//! The arguments are in a file beside the source: `rustc @rustc.args` in the crate's folder repeats the run. Three things save
//! time. rustc is started ahead ([`warm`]) and has loaded when the cell comes; its arguments come on its standard input. It is not
//! waited for: when it says that the library is there, what remains is to give its memory back. And rustc's own lld links,
//! called by rustc itself ([`linker`]); if that fails, `cc` is asked.
//!
//! Names of libraries end in `_`. rustc looks for the library of a crate by the beginning of its name: `libcell_3` would begin a
//! hundred others, and rustc would open them all.

pub mod contract;
pub mod invocation;
pub mod layout;
pub mod line_tables;
pub mod linker;
pub mod messages;
pub mod mir;
pub mod mode;
pub mod probe;
mod run;
pub mod toolchain;
pub mod warm;

pub use layout::Layout;
pub use line_tables::compile_with_lines;
pub use toolchain::Toolchain;
