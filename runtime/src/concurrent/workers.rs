//! The threads of an executor: jobs in a queue, and workers that are made when they are needed.

use std::collections::VecDeque;
use std::sync::Arc;

use super::error::FutureError;
use super::task::Job;
use crate::sync::{Mutex, lock};
use crate::threading::thread::{panics, registry};
use crate::threading::{AnyThread, Thread};
use crate::wait::{Deadline, WaitSet, Wanted};

/// What each worker does before its first job.
pub(super) type Initializer = Arc<dyn Fn() + Send + Sync>;

/// An executor's settings.
#[derive(Clone)]
pub(super) struct Settings {
    pub(super) max_workers: usize,
    pub(super) prefix: String,
    pub(super) initializer: Option<Initializer>,
}

#[derive(Default)]
struct WorkersState {
    jobs: VecDeque<Box<dyn Job>>,
    workers: Vec<AnyThread>,
    /// Workers that wait for a job.
    idle: usize,
    shut_down: bool,
    broken: Option<FutureError>,
}

pub(super) struct Workers {
    settings: Settings,
    state: Mutex<WorkersState>,
    jobs: WaitSet,
}

impl Workers {
    pub(super) fn new(settings: Settings) -> Arc<Self> {
        Arc::new(Self {
            settings,
            state: Mutex::default(),
            jobs: WaitSet::new(),
        })
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// How many threads there are.
    pub(super) fn count(&self) -> usize {
        lock(&self.state).workers.len()
    }

    pub(super) fn is_shut_down(&self) -> bool {
        lock(&self.state).shut_down
    }

    #[cfg(test)]
    pub(super) fn idle(&self) -> usize {
        lock(&self.state).idle
    }

    pub(super) fn submit(self: &Arc<Self>, job: Box<dyn Job>) {
        let mut state = lock(&self.state);
        if state.shut_down || state.broken.is_some() {
            let error = state.broken.clone().unwrap_or(FutureError::ShutDown);
            drop(state);
            return job.fail(error);
        }
        state.jobs.push_back(job);
        if state.jobs.len() > state.idle && state.workers.len() < self.settings.max_workers {
            self.hire(state);
        } else {
            drop(state);
            self.jobs.wake(1);
        }
    }

    /// Starts one more worker. Without any the job just put could never run: then it fails.
    fn hire(self: &Arc<Self>, mut state: crate::sync::MutexGuard<'_, WorkersState>) {
        let name = format!("{}_{}", self.settings.prefix, state.workers.len());
        let workers = self.clone();
        match Thread::builder()
            .name(name)
            .daemon(false)
            .spawn(move || workers.work())
        {
            Ok(thread) => state.workers.push((*thread).clone()),
            Err(error) if state.workers.is_empty() => {
                let job = state.jobs.pop_back();
                drop(state);
                if let Some(job) = job {
                    job.fail(FutureError::Failed(Arc::new(error)));
                }
            }
            Err(_) => {}
        }
    }

    /// The life of a worker.
    fn work(self: &Arc<Self>) {
        let workers = Arc::downgrade(self);
        let own = registry::known_current();
        let _watched = registry::if_crashed(Box::new(move |_| {
            if let (Some(workers), Some(own)) = (workers.upgrade(), own) {
                workers.lose(&own);
            }
        }));
        if let Some(initializer) = &self.settings.initializer
            && let Err(panic) = panics::catch(|| initializer())
        {
            return self.break_with(FutureError::BrokenExecutor(panic));
        }
        while let Some(job) = self.next() {
            job.run();
        }
    }

    /// The next job; none if there will be no more.
    fn next(&self) -> Option<Box<dyn Job>> {
        let mut job = None;
        let mut idle = 0;
        let mut ready = || {
            let mut state = lock(&self.state);
            job = state.jobs.pop_front();
            let over = state.shut_down || state.broken.is_some();
            let waits = usize::from(job.is_none() && !over);
            state.idle = state.idle + waits - idle;
            idle = waits;
            waits == 0
        };
        self.jobs
            .wait_until(Wanted::Queue, Deadline::NEVER, &mut ready);
        job
    }

    /// A worker has crashed, and its job has failed. Another one takes its place if there are jobs.
    fn lose(self: &Arc<Self>, worker: &AnyThread) {
        let mut state = lock(&self.state);
        state.workers.retain(|other| other != worker);
        if !state.jobs.is_empty() && state.broken.is_none() {
            self.hire(state);
        }
    }

    fn break_with(&self, error: FutureError) {
        let mut state = lock(&self.state);
        state.broken.get_or_insert_with(|| error.clone());
        let jobs = std::mem::take(&mut state.jobs);
        drop(state);
        self.jobs.wake_all();
        for job in jobs {
            job.fail(error.clone());
        }
    }

    /// Takes no more jobs; those that wait are run, or cancelled.
    pub(super) fn shut_down(&self, cancel: bool) {
        let mut state = lock(&self.state);
        state.shut_down = true;
        let cancelled = if cancel {
            std::mem::take(&mut state.jobs)
        } else {
            VecDeque::new()
        };
        drop(state);
        self.jobs.wake_all();
        for job in cancelled {
            job.cancel();
        }
    }

    /// Waits until all workers have ended. One that asks for it itself does not wait for itself.
    pub(super) fn join(&self) {
        let workers = lock(&self.state).workers.clone();
        for worker in workers {
            // An error says that it is the calling thread; panics of jobs do not get this far.
            let _ = worker.join();
        }
    }
}
