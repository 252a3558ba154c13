//! The memory of a kernel's processes.

use std::collections::BTreeMap;
use std::fs;

/// A process: its name, and its memory in bytes; of what it shares with others, `own` has its part.
#[derive(Debug)]
pub(crate) struct Process {
    pub(crate) name: String,
    pub(crate) resident: f64,
    pub(crate) own: f64,
}

/// A process and all below it.
pub(crate) fn tree(root: u32) -> Vec<Process> {
    let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let id = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok());
        if let Some(id) = id
            && let Some(parent) = parent(id)
        {
            children.entry(parent).or_default().push(id);
        }
    }
    let (mut found, mut next) = (Vec::new(), vec![root]);
    while let Some(id) = next.pop() {
        found.extend(process(id));
        next.extend(children.remove(&id).unwrap_or_default());
    }
    found
}

fn parent(id: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name before it, in parentheses, may hold anything.
    let (_, rest) = stat.rsplit_once(')')?;
    rest.split_whitespace().nth(1)?.parse().ok()
}

fn process(id: u32) -> Option<Process> {
    let name = fs::read_to_string(format!("/proc/{id}/comm")).ok()?;
    let rollup = fs::read_to_string(format!("/proc/{id}/smaps_rollup")).ok()?;
    let bytes = |field: &str| {
        let line = rollup.lines().find_map(|line| line.strip_prefix(field));
        let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
        kilobytes.unwrap_or(0.0) * 1024.0
    };
    Some(Process {
        name: name.trim().to_owned(),
        resident: bytes("Rss:"),
        own: bytes("Pss:"),
    })
}

pub(crate) fn megabytes(bytes: f64) -> String {
    format!("{:.1} MB", bytes / 1e6)
}
