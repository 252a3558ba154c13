//! What runs the chunks of a pool on a cluster.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::connection::{Connection, Settings, Task};
use super::connector::Connector;
use super::shared::{self, Stored};
use crate::multiprocessing::pool::PoolError;
use crate::multiprocessing::pool::Target;
use crate::multiprocessing::pool::backend::{self, Backend, EncodeItems};
use crate::multiprocessing::pool::job::{CallId, Job};
use crate::multiprocessing::transport::descriptors::CodecError;
use crate::wait::Deadline;

/// How long a call waits before it says that there are no workers.
const QUIET: Duration = Duration::from_secs(2);

/// What runs the chunks of such a pool.
pub(super) struct OnCluster {
    pub(super) cluster: Arc<Connector>,
    pub(super) settings: Settings,
    /// Whether it takes no more tasks.
    pub(super) closed: Arc<AtomicBool>,
}

/// Arguments as bytes, and the shared values among them.
pub(super) struct Encoded {
    pub(super) bytes: Vec<u8>,
    pub(super) shared: Vec<Arc<Stored>>,
}

pub(super) fn encode(
    write: &dyn Fn(&mut Vec<u8>) -> Result<(), CodecError>,
) -> Result<Encoded, PoolError> {
    let (bytes, shared) = shared::noting(|| shared::encode(write));
    let bytes = bytes.map_err(PoolError::Arguments)?;
    Ok(Encoded { bytes, shared })
}

impl OnCluster {
    fn connection(&self) -> Result<Arc<Connection>, PoolError> {
        match self.closed.load(Ordering::SeqCst) {
            true => Err(PoolError::NotRunning),
            false => self.cluster.connection(),
        }
    }

    /// Writes all items of a call, and notes where each ends.
    fn encode_all(
        items: usize,
        encode_items: EncodeItems<'_>,
    ) -> Result<(Encoded, Vec<usize>), PoolError> {
        let ends = std::cell::RefCell::new(Vec::with_capacity(items));
        let encoded = encode(&|bytes| {
            (0..items).try_for_each(|item| {
                encode_items(item..item + 1, bytes)?;
                ends.borrow_mut().push(bytes.len());
                Ok(())
            })
        })?;
        Ok((encoded, ends.into_inner()))
    }
}

impl Backend for OnCluster {
    fn submit(
        &self,
        target: Target,
        items: Range<usize>,
        job: &Arc<dyn Job>,
        encode_items: EncodeItems<'_>,
    ) -> Result<(), PoolError> {
        let encoded = encode(&|bytes| encode_items(items.clone(), bytes))?;
        let connection = self.connection()?;
        let task = Task::new(target, encoded.shared, &self.settings);
        connection.send(&task, items, job, &encoded.bytes);
        Ok(())
    }

    fn submit_all(
        &self,
        target: Target,
        items: usize,
        job: &Arc<dyn Job>,
        encode_items: EncodeItems<'_>,
    ) {
        let submit = || {
            let (encoded, ends) = Self::encode_all(items, encode_items)?;
            let connection = self.connection()?;
            let task = Task::new(target, encoded.shared, &self.settings);
            connection.spread(task, job, encoded.bytes, ends);
            Ok(())
        };
        if let Err(error) = submit() {
            backend::fail(job, 0..items, error);
        }
    }

    fn wait(
        &self,
        deadline: Deadline,
        ready: &dyn Fn() -> bool,
        sleep: &dyn Fn(Deadline) -> bool,
    ) -> bool {
        let quiet = Deadline::after(QUIET).instant().into_iter();
        let first = quiet.chain(deadline.instant()).min();
        if sleep(Deadline::from(first)) {
            return true;
        }
        let status = self.cluster.status();
        if status.workers == 0 && status.lost.is_none() && !ready() {
            crate::eprintln!(
                "The cluster at {} has no workers: what was asked for waits until there is one.",
                status.address
            );
        }
        sleep(deadline)
    }

    fn abandon(&self, call: CallId) {
        let is_of_call = |_, other| other == call;
        self.cluster.current().cancel(&is_of_call);
    }

    fn check_running(&self) -> Result<(), PoolError> {
        self.connection().map(|_| ())
    }

    fn processes(&self) -> usize {
        self.cluster.current().threads().max(1)
    }
}
