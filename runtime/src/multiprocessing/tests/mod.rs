//! Tests of `multiprocessing`: real processes.

mod pools;
mod processes;
