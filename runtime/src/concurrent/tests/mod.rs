//! Tests of `concurrent`: one file for futures, one for what all executors promise, one for the
//! thread pool.

mod executors;
mod futures;
mod thread_pool;
