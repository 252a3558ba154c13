//! The kernels that are measured: how they are found and started, and what is asked of them.

pub mod kernel;
pub mod peers;
