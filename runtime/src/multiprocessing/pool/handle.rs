//! What a pool's handles have in common.

use std::any::Any;
use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::backend::{self, Backend, EncodeItems, count};
use super::error::PoolError;
use super::job::{CallId, Job};
use super::parent::settings::Settings;
use super::parent::shared::Shared;
use super::results::Then;
use super::task::{Arguments, Target};
use crate::multiprocessing::transport::codec::Sink;
use crate::sync::lock_std;
use crate::wait::Deadline;

/// A pool, for its verbs. What it belongs to lives as long as the last of these.
#[derive(Clone)]
pub(crate) struct PoolHandle {
    pub(in crate::multiprocessing) backend: Arc<dyn Backend>,
    _owner: Arc<dyn Any + Send + Sync>,
}

impl PoolHandle {
    pub(in crate::multiprocessing) fn new(
        backend: Arc<dyn Backend>,
        owner: Arc<dyn Any + Send + Sync>,
    ) -> Self {
        Self {
            backend,
            _owner: owner,
        }
    }
}

impl PoolHandle {
    /// Lets a pool of processes end when all its tasks are done, and waits for that.
    pub(crate) fn close(&self) {
        self.backend.close();
    }

    /// How many tasks run at the same time.
    pub(crate) fn processes(&self) -> usize {
        self.backend.processes()
    }

    /// Calls a function with these arguments, which that gives an `R`; `finish` gets the result, on the
    /// thread that collects.
    pub(crate) fn apply_then<A, R>(
        &self,
        target: Result<Target, PoolError>,
        args: A,
        finish: impl FnOnce(Result<R, PoolError>) + Send + 'static,
    ) where
        A: Arguments,
        R: Serialize + DeserializeOwned + Send + 'static,
    {
        let job: Arc<dyn Job> = Arc::new(Then::new(finish));
        let encode = |_, sink: &mut dyn Sink| args.encode(sink);
        let backend = &self.backend;
        let submitted = target.and_then(|target| backend.submit(target, 0..1, &job, &encode));
        if let Err(error) = submitted {
            backend::fail(&job, 0..1, error);
        }
    }
}

/// Starts a pool of processes, which ends when the last handle goes.
pub(super) fn start(settings: Settings) -> Result<(PoolHandle, Arc<Shared>), PoolError> {
    let start = |error| PoolError::Start(Arc::new(error));
    let shared = Shared::new(settings).map_err(start)?;
    let owner = Owner(shared.clone());
    crate::process::service_thread::spawn("woozle-pool", {
        let shared = shared.clone();
        move || shared.handle()
    })
    .map_err(start)?;
    while lock_std(&shared.state).wants_worker(shared.settings.processes) {
        // What was started before ends with the owner.
        shared.start_worker()?;
    }
    let backend = Arc::new(Processes(shared.clone()));
    Ok((PoolHandle::new(backend, Arc::new(owner)), shared))
}

/// Ends the pool with the last handle.
struct Owner(Arc<Shared>);

impl Drop for Owner {
    fn drop(&mut self) {
        self.0.terminate();
        let _ = self.0.join();
    }
}

/// The processes of a pool.
struct Processes(Arc<Shared>);

impl Backend for Processes {
    fn submit(
        &self,
        target: Target,
        items: Range<usize>,
        job: &Arc<dyn Job>,
        encode: EncodeItems<'_>,
    ) -> Result<(), PoolError> {
        let (number, first) = (count(&items), items.start);
        self.0
            .submit(target, number, job, first, |sink| encode(items, sink))
    }

    fn wait(
        &self,
        deadline: Deadline,
        ready: &dyn Fn() -> bool,
        sleep: &dyn Fn(Deadline) -> bool,
    ) -> bool {
        self.0.wait(deadline, ready, sleep)
    }

    fn abandon(&self, call: CallId) {
        self.0.abandon(call);
    }

    fn check_running(&self) -> Result<(), PoolError> {
        self.0.check_running()
    }

    fn close(&self) {
        self.0.close();
        let _ = self.0.join();
    }

    fn processes(&self) -> usize {
        self.0.settings.processes
    }
}
