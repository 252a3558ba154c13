//! The runtime's primitives, processes and pools, as cells use them.

mod pools;
mod primitives;
mod processes;
