//! Running rustc, and reading what it gives.

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
