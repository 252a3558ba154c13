//! The kernels that are measured ([`peers`]), and the client that speaks with them ([`kernel`]).

pub mod kernel;
pub mod peers;
