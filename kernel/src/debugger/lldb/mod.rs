//! lldb-dap: which one there is, its process, and what it is told.

pub(super) mod adapter;
pub(super) mod attachment;
pub mod find;
mod framing;
pub(super) mod script;
