//! A worker's way to its parent, for all of its threads.

use std::sync::{Mutex, MutexGuard};

use crate::multiprocessing::memory::ring::Writer;
use crate::multiprocessing::pool::doorbell::Doorbell;
use crate::multiprocessing::pool::wire::{self, FromWorker, PIECE};
use crate::protocol::Event;
use crate::sync::lock_std;

/// The way to the host, for all threads of the worker.
pub(super) struct Outbox {
    pub(super) writer: Mutex<Writer>,
    pub(super) doorbell: Doorbell,
}

impl Outbox {
    fn lock(&self) -> MutexGuard<'_, Writer> {
        lock_std(&self.writer)
    }

    pub(super) fn send(&self, message: &FromWorker, bytes: &[u8]) {
        self.push(&mut self.lock(), message, bytes);
    }

    fn push(&self, writer: &mut Writer, message: &FromWorker, bytes: &[u8]) {
        let head = wire::head(message);
        while writer.push(&[&head, bytes]).is_none() {
            self.doorbell.ring();
            writer.wait_for_room();
        }
        self.doorbell.ring();
    }

    /// Sends an event; a long output in several records, one after the other.
    pub(super) fn event(&self, event: &Event) {
        let mut writer = self.lock();
        match event {
            Event::Output {
                cell,
                stream,
                bytes,
            } => {
                for piece in bytes.chunks(PIECE) {
                    let (cell, stream, bytes) = (*cell, *stream, piece.to_vec());
                    let event = Event::Output {
                        cell,
                        stream,
                        bytes,
                    };
                    self.push(&mut writer, &FromWorker::Event, &wire::head(&event));
                }
            }
            event => {
                let bytes = wire::head(event);
                let mut parts = bytes.chunks(PIECE).peekable();
                while let Some(part) = parts.next() {
                    let message = match parts.peek() {
                        Some(_) => FromWorker::Part,
                        None => FromWorker::Event,
                    };
                    self.push(&mut writer, &message, part);
                }
            }
        }
    }
}
