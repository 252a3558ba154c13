//! What a session has of the system, and that it does not grow.

use std::fs;

use crate::support::{Watched, with_variable};

/// Files, threads, and kilobytes of memory.
#[derive(Debug, Default, Clone)]
pub(super) struct Usage {
    pub(super) kernel_files: usize,
    pub(super) kernel_threads: usize,
    pub(super) kernel_memory: usize,
    pub(super) host_files: usize,
    pub(super) host_threads: usize,
    pub(super) host_memory: usize,
    pub(super) processes: usize,
}

impl Usage {
    /// What the processes with this variable use now.
    pub(super) fn now(kernel: u32, mark: &str) -> Self {
        let all = with_variable(mark);
        let hosts = all.iter().filter(|process| process.name == "woozle-host");
        // Two, if one has just taken the place of another one.
        let hosts: Vec<u32> = hosts.map(|process| process.id).collect();
        let most = |count: &dyn Fn(u32) -> usize| hosts.iter().map(|id| count(*id)).max();
        Self {
            kernel_files: files(kernel),
            kernel_threads: threads(kernel),
            kernel_memory: memory(kernel),
            host_files: most(&files).unwrap_or_default(),
            host_threads: most(&threads).unwrap_or_default(),
            host_memory: most(&memory).unwrap_or_default(),
            processes: all.len(),
        }
    }

    /// The larger one of each figure.
    pub(super) fn most(&self, other: &Self) -> Self {
        Self {
            kernel_files: self.kernel_files.max(other.kernel_files),
            kernel_threads: self.kernel_threads.max(other.kernel_threads),
            kernel_memory: self.kernel_memory.max(other.kernel_memory),
            host_files: self.host_files.max(other.host_files),
            host_threads: self.host_threads.max(other.host_threads),
            host_memory: self.host_memory.max(other.host_memory),
            processes: self.processes.max(other.processes),
        }
    }

    /// What has grown too much since, when so many cells have run in between. A thread or a process may be about to
    /// start or to end; of each cell the kernel keeps its text, and the host its library.
    pub(super) fn grown(&self, before: &Self, cells: u64) -> Option<String> {
        let cells = usize::try_from(cells).unwrap_or(usize::MAX);
        let too_much = self.kernel_files > before.kernel_files + 24
            || self.kernel_threads > before.kernel_threads + 12
            || self.kernel_memory > before.kernel_memory + 16 * 1024 + 100 * cells
            || self.host_files > before.host_files + 48
            || self.host_threads > before.host_threads + 16
            || self.host_memory > before.host_memory + 128 * 1024 + 300 * cells
            || self.processes > before.processes + 24;
        too_much.then(|| format!("in {cells} cells it has grown from {before:?} to {self:?}"))
    }
}

/// Each process, with what its threads do.
pub(super) fn picture(mark: &str) -> String {
    let all = with_variable(mark);
    all.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn line(process: &Watched) -> String {
    let id = process.id;
    let tasks = fs::read_dir(format!("/proc/{id}/task"));
    let tasks = tasks.into_iter().flatten().flatten().map(|task| {
        let read = |name| fs::read_to_string(task.path().join(name)).unwrap_or_default();
        let (name, call) = (read("comm"), read("syscall"));
        let call: Vec<&str> = call.split(' ').take(4).collect();
        format!("{}:{}", name.trim(), call.join(","))
    });
    let tasks: Vec<String> = tasks.collect();
    format!("{id} {}: {}", process.name, tasks.join(" "))
}

fn files(id: u32) -> usize {
    fs::read_dir(format!("/proc/{id}/fd")).map_or(0, Iterator::count)
}

fn threads(id: u32) -> usize {
    fs::read_dir(format!("/proc/{id}/task")).map_or(0, Iterator::count)
}

fn memory(id: u32) -> usize {
    let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.trim().strip_suffix("kB"));
    number.and_then(|n| n.trim().parse().ok()).unwrap_or(0)
}
