//! The tasks that have been sent, and the calls whose items have not all been.

use std::collections::{BTreeSet, HashMap};

use super::spread::Spread;
use super::task::Sent;
use crate::multiprocessing::pool::error::PoolError;
use crate::multiprocessing::pool::job::CallId;
use crate::multiprocessing::pool::task::Target;

/// What the cluster has said of itself.
#[derive(Clone, Debug, Default)]
pub(in crate::multiprocessing::cluster) struct Counts {
    pub(in crate::multiprocessing::cluster) workers: usize,
    pub(in crate::multiprocessing::cluster) threads: usize,
    pub(in crate::multiprocessing::cluster) address: String,
    pub(in crate::multiprocessing::cluster) dashboard: String,
    pub(in crate::multiprocessing::cluster) version: String,
}

#[derive(Default)]
pub(super) struct State {
    /// Whether Dask has answered: a kind of failure and a text, if it has failed.
    pub(super) connected: Option<Result<(), (String, String)>>,
    pub(super) lost: Option<PoolError>,
    pub(super) counts: Counts,
    pub(super) next: u64,
    pub(super) functions: HashMap<Target, u32>,
    /// The shared values that the cluster has.
    pub(super) shared: BTreeSet<u64>,
    pub(super) sent: HashMap<u64, Sent>,
    pub(super) spreading: Vec<Spread>,
    /// How many nanoseconds an item of a function takes.
    pub(super) pace: HashMap<Target, f64>,
}

impl State {
    /// Whether an answer is to come.
    pub(super) fn is_awaited(&self) -> bool {
        let is_connecting = self.connected.is_none();
        let has_tasks = !self.sent.is_empty() || !self.spreading.is_empty();
        self.lost.is_none() && (is_connecting || has_tasks)
    }

    /// A task's end.
    pub(super) fn take(&mut self, id: u64) -> Option<Sent> {
        let sent = self.sent.remove(&id)?;
        let call = sent.job.call();
        if let Some(spread) = self
            .spreading
            .iter_mut()
            .find(|spread| spread.job.call() == call)
        {
            spread.in_flight -= 1;
        }
        Some(sent)
    }

    /// Notes how long some items took.
    pub(super) fn note_pace(&mut self, target: Target, items: usize, nanoseconds: u64) {
        // An estimate.
        let each = nanoseconds as f64 / items.max(1) as f64;
        let pace = self.pace.entry(target).or_insert(each);
        *pace = pace.mul_add(0.75, each * 0.25);
    }

    /// Whether a pool has tasks that are not done.
    pub(super) fn has_tasks_of(&self, pool: u64) -> bool {
        let mut sent = self.sent.values().map(|sent| sent.pool);
        let mut spreading = self
            .spreading
            .iter()
            .map(|spread| spread.task.settings.pool);
        sent.any(|other| other == pool) || spreading.any(|other| other == pool)
    }

    /// What is not done of some tasks, told by pool and call: the numbers of those that have been sent, and the items that
    /// have not.
    pub(super) fn take_some(
        &mut self,
        which: &dyn Fn(u64, CallId) -> bool,
    ) -> (Vec<u64>, Vec<Sent>) {
        let meant = self
            .sent
            .iter()
            .filter(|(_, sent)| which(sent.pool, sent.job.call()));
        let ids = meant.map(|(id, _)| *id).collect();
        let spreading = std::mem::take(&mut self.spreading);
        let is_meant = |spread: &Spread| which(spread.task.settings.pool, spread.job.call());
        let (dropped, others) = spreading.into_iter().partition(is_meant);
        self.spreading = others;
        (ids, Vec::into_iter(dropped).map(Spread::rest).collect())
    }

    /// All that is not done.
    pub(super) fn take_all(&mut self) -> Vec<Sent> {
        let sent = std::mem::take(&mut self.sent).into_values();
        let rest = std::mem::take(&mut self.spreading).into_iter();
        sent.chain(rest.map(Spread::rest)).collect()
    }
}
