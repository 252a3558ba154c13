//! Where the time of a cell goes.
//!
//! rustc is nearly all of it. What the kernel adds (parsing, planning, writing, loading, running, ZeroMQ) is some
//! milliseconds. [`phases`] logs them for each cell, [`lines`] has what `:timing` and `%%time` print.

pub(crate) mod lines;
pub(crate) mod phases;
