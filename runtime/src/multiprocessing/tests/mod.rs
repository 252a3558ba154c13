//! Tests of `multiprocessing`: real processes.

mod pools;
mod primitives;
mod processes;
