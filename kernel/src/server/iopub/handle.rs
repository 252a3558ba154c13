//! The handle by which any thread sends on iopub.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use serde_json::{Map, Value};
use tokio::sync::Notify;

use super::buffer::{Buffer, Step};
use super::lane::{Lane, MAX_TEXT};
use crate::server::Parent;
use crate::system::lock::LockUnpoisoned as _;
use crate::wire::content::{ExecutionState, Status, StreamName};
use crate::wire::{Content, Message, Session};

/// Sends on iopub, from any thread. What belongs to one parent arrives in the order in which it was sent.
#[derive(Debug, Clone)]
pub struct IoPub(Arc<Channel>);

#[derive(Debug)]
struct Channel {
    session: Session,
    buffer: Mutex<Buffer>,
    /// There is room again, or the channel is closed.
    room: Condvar,
    /// There is something to send.
    work: Notify,
}

impl IoPub {
    pub(in crate::server) fn new(session: Session) -> Self {
        Self(Arc::new(Channel {
            session,
            buffer: Mutex::new(Buffer::new(Instant::now())),
            room: Condvar::new(),
            work: Notify::new(),
        }))
    }

    /// Sends bytes that a program printed.
    ///
    /// Blocks while the clients are too far behind, so that the program waits and nothing is lost.
    pub fn stream(&self, parent: &Parent, name: StreamName, bytes: &[u8]) {
        // In pieces, so that one call cannot overfill the buffer.
        for piece in bytes.chunks(MAX_TEXT) {
            let mut buffer = self.wait_for_room();
            if buffer.is_closed() {
                return;
            }
            if buffer.print(parent, Instant::now(), name, piece) {
                drop(buffer);
                self.0.work.notify_one();
            }
        }
    }

    /// Sends any other content, after the parent's pending text. Blocks as [`IoPub::stream`] does.
    pub fn send(&self, parent: &Parent, content: impl Into<Content>) {
        drop(self.wait_for_room());
        self.post(parent, content);
    }

    /// Sends content with metadata and binary buffers. Blocks as [`IoPub::stream`] does.
    pub(in crate::server) fn send_with(
        &self,
        parent: &Parent,
        content: Content,
        metadata: Map<String, Value>,
        buffers: Vec<Bytes>,
    ) {
        drop(self.wait_for_room());
        let message = Message {
            metadata,
            buffers,
            ..self.message(parent, content)
        };
        self.post_message(parent, &message);
    }

    /// Lets the parent's pending text go out without waiting for more.
    pub fn flush(&self, parent: &Parent) {
        self.lock().change(parent, Instant::now(), Lane::flush);
        self.0.work.notify_one();
    }

    /// Sends without ever blocking: for the server's own few messages.
    pub(in crate::server) fn post(&self, parent: &Parent, content: impl Into<Content>) {
        self.post_message(parent, &self.message(parent, content));
    }

    fn post_message(&self, parent: &Parent, message: &Message) {
        let encoded = match self.0.session.encode(message) {
            Ok(encoded) => encoded,
            Err(error) => {
                tracing::error!(%error, "a message for iopub is lost");
                return;
            }
        };
        let size = encoded.iter().map(|frame| frame.len()).sum();
        let mut buffer = self.lock();
        if buffer.is_closed() {
            return;
        }
        buffer.change(parent, Instant::now(), |lane, time| {
            lane.push_message(time, encoded, size)
        });
        drop(buffer);
        self.0.work.notify_one();
    }

    pub(in crate::server) fn post_status(&self, parent: &Parent, execution_state: ExecutionState) {
        if execution_state == ExecutionState::Idle {
            // What was printed before a request's end is there before it, whosever it is.
            self.lock().hurry();
            self.flush(parent);
        }
        self.post(parent, Status { execution_state });
    }

    /// From now on nothing waits before it is sent: the kernel is about to end.
    pub(in crate::server) fn stop_pacing(&self) {
        self.lock().stop_pacing();
        self.0.work.notify_one();
    }

    /// Accepts nothing more; what is there is still sent, without waiting.
    pub(in crate::server) fn close(&self) {
        self.lock().close();
        self.0.room.notify_all();
        self.0.work.notify_one();
    }

    /// The running cell is to end: it prints what it has to print, and who keeps it from that is waited for no longer.
    pub(in crate::server) fn interrupt(&self) {
        self.lock().interrupt(Instant::now());
        self.0.room.notify_all();
        self.0.work.notify_one();
    }

    /// See [`Buffer::patience`].
    pub(super) fn patience(&self) -> Duration {
        self.lock().patience(Instant::now())
    }

    /// What the publisher is to do next.
    pub(super) fn step(&self) -> Step {
        let mut buffer = self.lock();
        let now = Instant::now();
        let was_full = buffer.is_full(now);
        let step = buffer.step(now);
        if was_full && !buffer.is_full(now) {
            self.0.room.notify_all();
        }
        step
    }

    /// Returns when [`IoPub::step`] may have something new.
    pub(super) async fn work(&self) {
        self.0.work.notified().await;
    }

    pub(super) fn session(&self) -> &Session {
        &self.0.session
    }

    /// A message with its topic, by which a subscriber can select.
    pub(super) fn message(&self, parent: &Parent, content: impl Into<Content>) -> Message {
        let mut message = match parent.header() {
            Some(header) => self.0.session.child(header, content),
            None => self.0.session.message(content),
        };
        let topic = format!("kernel.{}.{}", self.0.session.id(), message.header.msg_type);
        message.identities = vec![topic.into()];
        message
    }

    fn wait_for_room(&self) -> MutexGuard<'_, Buffer> {
        let blocked = |buffer: &mut Buffer| buffer.is_full(Instant::now()) && !buffer.is_closed();
        self.0
            .room
            .wait_while(self.lock(), blocked)
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, Buffer> {
        self.0.buffer.lock_unpoisoned()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;

    use super::super::buffer::LIMIT;
    use super::*;
    use crate::wire::Key;

    fn handle() -> (IoPub, Parent) {
        let session = Session::new("tester", Key::new(b""));
        let parent = Parent::of(&session.message(Status {
            execution_state: ExecutionState::Idle,
        }));
        (IoPub::new(session), parent)
    }

    fn fill(iopub: &IoPub, parent: &Parent) {
        while !iopub.lock().is_full(Instant::now()) {
            iopub.stream(parent, StreamName::Stdout, &[b'x'; 10_000]);
        }
    }

    /// Prints and then tells, on a thread of its own.
    fn print(iopub: &IoPub, parent: &Parent, size: usize) -> mpsc::Receiver<()> {
        let (iopub, parent) = (iopub.clone(), parent.clone());
        let (done, is_done) = mpsc::channel();
        thread::spawn(move || {
            iopub.stream(&parent, StreamName::Stdout, &vec![b'y'; size]);
            done.send(()).expect("the test listens");
        });
        is_done
    }

    #[test]
    fn a_full_buffer_makes_the_printer_wait_and_loses_nothing() {
        let (iopub, parent) = handle();
        // Far more than the buffer holds: the printer cannot end before most of it has been taken.
        let size = 5 * LIMIT;
        let printed = print(&iopub, &parent, size);
        iopub.lock().stop_pacing();
        let (mut taken, mut fullest) = (0, 0);
        while taken < size {
            fullest = fullest.max(iopub.lock().pending());
            match iopub.step() {
                Step::Send(_, item) => taken += item.into_stream().expect("it is text").text.len(),
                _ => thread::yield_now(),
            }
            if taken < size - LIMIT - MAX_TEXT {
                assert_eq!(printed.try_recv(), Err(mpsc::TryRecvError::Empty));
            }
        }
        assert_eq!(taken, size);
        assert!(
            fullest < LIMIT + 2 * MAX_TEXT,
            "{fullest} bytes were waiting"
        );
        printed.recv().expect("it goes on in the end");
    }

    #[test]
    fn the_server_can_post_into_a_full_buffer() {
        let (iopub, parent) = handle();
        fill(&iopub, &parent);
        // On this thread: the test would hang if it blocked.
        iopub.post_status(&parent, ExecutionState::Idle);
    }

    #[test]
    fn closing_frees_who_waits() {
        let (iopub, parent) = handle();
        fill(&iopub, &parent);
        let printed = print(&iopub, &parent, 1);
        iopub.close();
        printed.recv().expect("it goes on");
    }

    #[test]
    fn an_interrupt_frees_who_waits() {
        let (iopub, parent) = handle();
        fill(&iopub, &parent);
        let printed = print(&iopub, &parent, 1);
        iopub.interrupt();
        printed.recv().expect("it goes on");
    }
}
