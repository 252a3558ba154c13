//! The algorithm of a barrier: generations of threads, each with one outcome.

use std::mem;
use std::sync::{Arc, OnceLock};

use crate::sync::{Mutex, lock};
use crate::threading::error::BrokenBarrier;
use crate::threading::thread::panics;
use crate::wait::{Deadline, WaitSet, Wanted};

/// What the last thread to come runs before all go on.
pub(in crate::threading) type Action = Arc<dyn Fn() + Send + Sync>;

type Outcome = Result<(), BrokenBarrier>;

/// The threads that are held together once.
#[derive(Debug, Default)]
struct Generation {
    /// Set once, when the generation goes on or breaks.
    outcome: OnceLock<Outcome>,
    waiters: WaitSet,
}

impl Generation {
    fn end(&self, outcome: Outcome) {
        if self.outcome.set(outcome).is_ok() {
            self.waiters.wake_all();
        }
    }

    /// Waits for the outcome; none if the deadline passed before.
    fn wait(&self, deadline: Deadline) -> Option<Outcome> {
        let mut ended = || self.outcome.get().is_some();
        self.waiters
            .wait_until(Wanted::Barrier, deadline, &mut ended);
        self.outcome.get().cloned()
    }
}

#[derive(Debug, Default)]
struct BarrierState {
    current: Arc<Generation>,
    arrived: usize,
    /// All have come and the action runs: the next generation has to wait.
    full: bool,
    broken: Option<BrokenBarrier>,
}

impl BarrierState {
    /// Ends the current generation, and begins another.
    fn next(&mut self) -> Arc<Generation> {
        self.arrived = 0;
        self.full = false;
        mem::take(&mut self.current)
    }
}

#[derive(Debug, Default)]
pub(in crate::threading) struct RawBarrier(Mutex<BarrierState>);

/// Breaks the barrier if an interrupt unwinds a waiting thread.
struct BreaksOnUnwind<'a>(&'a RawBarrier, &'a Arc<Generation>);

impl Drop for BreaksOnUnwind<'_> {
    fn drop(&mut self) {
        self.0.break_with(BrokenBarrier::Aborted, Some(self.1));
    }
}

impl RawBarrier {
    pub(in crate::threading) fn waiting(&self) -> usize {
        let state = lock(&self.0);
        if state.full { 0 } else { state.arrived }
    }

    pub(in crate::threading) fn is_broken(&self) -> bool {
        lock(&self.0).broken.is_some()
    }

    pub(in crate::threading) fn abort(&self) {
        self.break_with(BrokenBarrier::Aborted, None);
    }

    pub(in crate::threading) fn reset(&self) {
        let mut state = lock(&self.0);
        state.broken = None;
        let ended = state.next();
        drop(state);
        ended.end(Err(BrokenBarrier::Reset));
    }

    /// Waits until `parties` threads have come; gives the place in their order.
    pub(in crate::threading) fn wait(
        &self,
        parties: usize,
        action: Option<&Action>,
        deadline: Deadline,
    ) -> Result<usize, BrokenBarrier> {
        let (index, generation) = self.arrive(parties, deadline)?;
        if index + 1 == parties {
            self.trip(&generation, action)?;
        } else {
            self.stay(&generation, deadline)?;
        }
        Ok(index)
    }

    fn arrive(
        &self,
        parties: usize,
        deadline: Deadline,
    ) -> Result<(usize, Arc<Generation>), BrokenBarrier> {
        loop {
            let mut state = lock(&self.0);
            if let Some(broken) = &state.broken {
                return Err(broken.clone());
            }
            let generation = state.current.clone();
            if !state.full {
                let index = state.arrived;
                state.arrived += 1;
                state.full = state.arrived == parties;
                return Ok((index, generation));
            }
            drop(state);
            // The action of the generation before runs: its outcome opens the next one.
            self.stay(&generation, deadline)?;
        }
    }

    /// Waits for the outcome of a generation, and breaks the barrier if it does not come in time.
    fn stay(&self, generation: &Arc<Generation>, deadline: Deadline) -> Outcome {
        // Without this thread the others would wait in vain.
        let breaks = BreaksOnUnwind(self, generation);
        let outcome = generation.wait(deadline);
        mem::forget(breaks);
        outcome.unwrap_or_else(|| {
            self.break_with(BrokenBarrier::TimedOut, Some(generation));
            generation
                .outcome
                .get()
                .cloned()
                .unwrap_or(Err(BrokenBarrier::TimedOut))
        })
    }

    /// All have come: runs the action and lets them go on.
    fn trip(&self, generation: &Arc<Generation>, action: Option<&Action>) -> Outcome {
        if let Some(action) = action
            && let Err(panic) = panics::catch(|| action())
        {
            self.break_with(BrokenBarrier::Action(panic), Some(generation));
        } else {
            let mut state = lock(&self.0);
            if Arc::ptr_eq(&state.current, generation) {
                state.next();
            }
            drop(state);
            generation.end(Ok(()));
        }
        generation.outcome.get().cloned().unwrap_or(Ok(()))
    }

    /// Breaks the barrier, if this generation (or any) is the current one.
    fn break_with(&self, reason: BrokenBarrier, only: Option<&Arc<Generation>>) {
        let mut state = lock(&self.0);
        if only.is_some_and(|generation| !Arc::ptr_eq(&state.current, generation)) {
            return;
        }
        state.broken = Some(reason.clone());
        let ended = state.next();
        drop(state);
        ended.end(Err(reason));
    }
}
