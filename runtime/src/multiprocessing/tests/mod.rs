//! Tests of `multiprocessing`: real processes.

mod processes;
