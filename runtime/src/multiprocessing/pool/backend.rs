//! What runs the chunks of a call: processes of this machine, or a cluster.

use std::ops::Range;
use std::sync::Arc;

use super::error::PoolError;
use super::job::{CallId, Job};
use super::task::Target;
use crate::multiprocessing::transport::codec::Sink;
use crate::multiprocessing::transport::descriptors::CodecError;
use crate::wait::Deadline;

/// Writes some of a call's items.
pub(in crate::multiprocessing) type EncodeItems<'a> =
    &'a dyn Fn(Range<usize>, &mut dyn Sink) -> Result<(), CodecError>;

/// What runs the chunks of calls.
pub(in crate::multiprocessing) trait Backend: Send + Sync {
    /// Takes a chunk of items; `index` is the first one's among those of its call.
    fn submit(
        &self,
        target: Target,
        items: Range<usize>,
        job: &Arc<dyn Job>,
        encode: EncodeItems<'_>,
    ) -> Result<(), PoolError>;

    /// Takes all items of a call, in chunks of the size that is best here. Those that cannot be taken have failed.
    fn submit_all(
        &self,
        target: Target,
        items: usize,
        job: &Arc<dyn Job>,
        encode: EncodeItems<'_>,
    ) {
        // As in Python: four chunks for each worker.
        let chunksize = items.div_ceil(self.processes() * 4).max(1);
        submit_chunks(self, chunksize, target, items, job, encode);
    }

    /// Waits until `ready`; `sleep` waits for that alone.
    fn wait(
        &self,
        deadline: Deadline,
        ready: &dyn Fn() -> bool,
        sleep: &dyn Fn(Deadline) -> bool,
    ) -> bool;

    /// Nobody waits for this call any more.
    fn abandon(&self, call: CallId);

    /// Whether tasks are taken.
    fn check_running(&self) -> Result<(), PoolError>;

    /// Ends what belongs to this pool alone, when all its tasks are done, and waits for that.
    fn close(&self) {}

    /// How many tasks run at the same time.
    fn processes(&self) -> usize;
}

/// Gives a backend the items of a call in chunks of this size.
pub(in crate::multiprocessing) fn submit_chunks<B: Backend + ?Sized>(
    backend: &B,
    chunksize: usize,
    target: Target,
    items: usize,
    job: &Arc<dyn Job>,
    encode: EncodeItems<'_>,
) {
    let mut first = 0;
    while first < items {
        let chunk = first..items.min(first + chunksize);
        first = chunk.end;
        if let Err(error) = backend.submit(target, chunk.clone(), job, encode) {
            fail(job, chunk, error);
        }
    }
}

/// Tells a job that some of its items are not done.
pub(in crate::multiprocessing) fn fail(job: &Arc<dyn Job>, items: Range<usize>, error: PoolError) {
    done(job, items, Err(error));
}

/// Tells a job what became of some of its items.
pub(in crate::multiprocessing) fn done(
    job: &Arc<dyn Job>,
    items: Range<usize>,
    result: Result<&[u8], PoolError>,
) {
    if let Some(later) = job.done(items.start, count(&items), result) {
        later();
    }
}

/// How many items these are.
pub(in crate::multiprocessing) fn count(items: &Range<usize>) -> u32 {
    u32::try_from(items.len()).unwrap_or(u32::MAX)
}
