//! Tests of `Pool`: CPython's promises, and ours.

mod calls;
mod ends;
mod interrupts;
mod workers;

use std::collections::HashSet;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread::sleep;
use std::time::Instant;

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::super::*;
use crate::multiprocessing::transport::descriptors::Descriptor;
use crate::testing::{LONG, SHORT, interrupted, until};
use crate::threading::Thread;

fn pool(processes: usize) -> Pool {
    Pool::new(processes).unwrap()
}

fn square(n: u64) -> u64 {
    n * n
}

fn wait_for_ever() {
    loop {
        std::thread::park();
    }
}

fn kill(pid: u32) {
    let pid = rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
}

fn is_running(pid: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}
