//! What comes from a host: output, at once; everything else to whoever waits for it.

use woozle::protocol::{Comm, Event, Measured, Panic, Stream};

use super::death::Death;

/// Where what the host's threads produce goes, as it comes; called on the host's reader thread.
pub trait OutputSink: Send + Sync + 'static {
    /// A thread of a cell wrote something.
    fn output(&self, cell: u32, stream: Stream, bytes: &[u8]);
    /// A cell's last expression has a value.
    fn value(&self, cell: u32, bundle: Vec<(String, String)>);
    /// A cell shows something, or updates what was shown under this id.
    fn display(
        &self,
        cell: u32,
        data: Vec<(String, String)>,
        display_id: Option<String>,
        update: bool,
    );
    /// A cell's output so far is to vanish, perhaps only when more comes.
    fn clear_output(&self, cell: u32, wait: bool);
    /// The user's code speaks on a comm.
    fn comm(&self, comm: Comm);
    /// A cell's benchmark has been measured.
    fn measured(&self, cell: u32, measured: &Measured);
    /// A thread of a cell panicked.
    fn panic(&self, cell: u32, panic: &Panic);
    /// The host has ended, and [`Host::receive`] says how.
    fn gone(&self);
}

/// What the session waits for.
#[derive(Debug)]
pub enum FromHost {
    /// The host output something that is not output.
    Event(Event),
    /// The host has ended.
    Gone(Death),
}
