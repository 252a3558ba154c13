//! Processes that run functions of cells, under the names of Python's `multiprocessing`.

mod handoff;
mod packet;
mod segment;
