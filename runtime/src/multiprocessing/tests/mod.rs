//! Tests of `multiprocessing`: real processes.

mod managers;
mod pipes;
mod pools;
mod primitives;
mod processes;
mod queues;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Call, Process};
pub(super) use crate::testing::{LONG, SHORT};

/// A started process.
#[track_caller]
fn start<A, F>(target: F, args: A) -> Process
where
    F: Call<A, Output: std::process::Termination> + Copy + 'static,
    A: Serialize + DeserializeOwned + 'static,
{
    let p = Process::with_args(target, args).unwrap();
    p.start().unwrap();
    p
}

fn wait_for_ever() {
    loop {
        std::thread::park();
    }
}

fn open_descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").unwrap().count()
}
