//! What Woozle's runtime offers, beside others of the kind.

mod cluster;
mod cpython;
mod processes;
mod rows;
mod threads;

pub(crate) use cluster::measure as cluster;
pub(crate) use processes::measure as processes;
pub(crate) use threads::measure as threads;
