//! What was done to the sessions of a seed, what came of it, and the table of all seeds.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::usage::Usage;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A value, an answer or an output that is not what it has to be.
    Wrong,
    /// No answer in time.
    Hang,
    /// A process, a file or memory that stays.
    Left,
}

#[derive(Debug)]
pub(super) struct Failure {
    pub(super) kind: Kind,
    pub(super) what: String,
}

#[derive(Debug, Default, Clone)]
pub(super) struct Tally {
    pub(super) sessions: u64,
    pub(super) cells: u64,
    pub(super) faults: BTreeMap<&'static str, u64>,
    pub(super) interrupts: u64,
    pub(super) undos: u64,
    pub(super) rollbacks: u64,
    pub(super) pool_calls: u64,
    pub(super) kills: BTreeMap<&'static str, u64>,
    pub(super) comparisons: u64,
    /// How often the session went back by more than the last cell, and said so.
    pub(super) further: u64,
    pub(super) failures: BTreeMap<Kind, u64>,
    /// The most that was seen.
    pub(super) most: Usage,
}

impl Tally {
    pub(super) fn fault(&mut self, name: &'static str) {
        *self.faults.entry(name).or_default() += 1;
    }

    pub(super) fn kill(&mut self, name: &'static str, count: usize) {
        *self.kills.entry(name).or_default() += count as u64;
    }

    pub(super) fn fail(&mut self, kind: Kind) {
        *self.failures.entry(kind).or_default() += 1;
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.sessions += other.sessions;
        self.cells += other.cells;
        self.interrupts += other.interrupts;
        self.undos += other.undos;
        self.rollbacks += other.rollbacks;
        self.pool_calls += other.pool_calls;
        self.comparisons += other.comparisons;
        self.further += other.further;
        add(&mut self.faults, &other.faults);
        add(&mut self.kills, &other.kills);
        add(&mut self.failures, &other.failures);
        self.most = self.most.most(&other.most);
    }

    fn failed(&self, kind: Kind) -> u64 {
        self.failures.get(&kind).copied().unwrap_or_default()
    }

    /// One row of the table.
    fn row(&self) -> Vec<String> {
        let kills = ["host", "copy", "forkserver", "worker", "rustc", "kernel"].map(|name| {
            self.kills
                .get(name)
                .copied()
                .unwrap_or_default()
                .to_string()
        });
        let most = &self.most;
        vec![
            self.sessions.to_string(),
            self.cells.to_string(),
            self.faults.values().sum::<u64>().to_string(),
            self.interrupts.to_string(),
            self.undos.to_string(),
            self.rollbacks.to_string(),
            self.pool_calls.to_string(),
            kills.join("/"),
            self.comparisons.to_string(),
            self.further.to_string(),
            self.failed(Kind::Wrong).to_string(),
            self.failed(Kind::Hang).to_string(),
            self.failed(Kind::Left).to_string(),
            format!("{}/{}", most.kernel_files, most.host_files),
            format!("{}/{}", most.kernel_threads, most.host_threads),
            format!("{}/{}", most.kernel_memory / 1024, most.host_memory / 1024),
            most.processes.to_string(),
        ]
    }
}

const COLUMNS: [&str; 17] = [
    "sessions",
    "cells",
    "faults",
    "interrupts",
    "undos",
    "rollbacks",
    "pool calls",
    "kills of host/copy/forkserver/worker/rustc/kernel",
    "comparisons",
    "went further back",
    "wrong",
    "hangs",
    "left behind",
    "most files of kernel/host",
    "threads",
    "MB",
    "processes",
];

/// Two tables in Markdown: a row for each seed, and the faults by kind.
pub(super) fn tables(tallies: &BTreeMap<u64, Tally>) -> String {
    let mut text = format!(
        "| seed | {} |\n|{}\n",
        COLUMNS.join(" | "),
        "---|".repeat(COLUMNS.len() + 1)
    );
    let mut all = Tally::default();
    for (seed, tally) in tallies {
        all.add(tally);
        let _ = writeln!(text, "| {seed} | {} |", tally.row().join(" | "));
    }
    let _ = writeln!(text, "| all | {} |", all.row().join(" | "));
    let names: Vec<&str> = all.faults.keys().copied().collect();
    let _ = write!(
        text,
        "\n| seed | {} |\n|{}\n",
        names.join(" | "),
        "---|".repeat(names.len() + 1)
    );
    for (seed, tally) in tallies {
        let counts = names.iter().map(|name| tally.faults.get(name).copied());
        let counts: Vec<String> = counts.map(|n| n.unwrap_or_default().to_string()).collect();
        let _ = writeln!(text, "| {seed} | {} |", counts.join(" | "));
    }
    text
}

fn add<K: Ord + Copy>(sums: &mut BTreeMap<K, u64>, others: &BTreeMap<K, u64>) {
    for (key, count) in others {
        *sums.entry(*key).or_default() += count;
    }
}
