//! What the system allows this process. `:limit memory`: how much this process and its children may allocate, each for itself.
//!
//! It is the system's limit of a process's private writable memory (`RLIMIT_DATA`), which needs no rights. Shared memory does
//! not count. Who goes beyond gets no memory: most of Rust's code aborts then.

use rustix::process::{Pid, Resource, prlimit, setrlimit};

use crate::multiprocessing::{forkserver_pid, live_pids, memory_limit};

pub(super) fn set(memory: Option<u64>) {
    let set = setrlimit(Resource::Data, memory_limit(memory));
    if let Err(error) = set {
        crate::eprintln!("the limit could not be set: {error}");
    }
    let forkserver = forkserver_pid().map(u32::cast_signed);
    for pid in live_pids().into_iter().chain(forkserver) {
        // One that ends meanwhile needs none.
        let _ = prlimit(Pid::from_raw(pid), Resource::Data, memory_limit(memory));
    }
}
