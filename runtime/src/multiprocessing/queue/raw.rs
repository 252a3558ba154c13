//! What all queues between processes do, but for the types of items.
//!
//! Messages go through a socket pair whose both ends all processes have: each goes to one reader,
//! whole, and no lock is held meanwhile, so whoever is killed takes nothing along but the message that it
//! had received. (If it is killed in the few instructions between that and the count, the count
//! stays one too high.)

use std::io;
use std::sync::Arc;
use std::time::Duration;

use rustix::net::RecvFlags;
use serde::de::{Deserializer, Error as _};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};

use super::counters::Counters;
use super::outbox::Outbox;
use crate::multiprocessing::transport::descriptors::{Descriptor, Parcel};
use crate::multiprocessing::transport::packet;
use crate::multiprocessing::transport::packet::Packet;
use crate::multiprocessing::transport::poll;
use crate::wait::Deadline;

/// A queue of messages. What is shared in this process alone is behind `Arc`s.
#[derive(Clone, Debug)]
pub(super) struct RawQueue {
    reader: Descriptor,
    outbox: Arc<Outbox>,
    counters: Arc<Counters>,
    rules: Rules,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Rules {
    /// 0 for no limit.
    pub(super) maxsize: u32,
    /// Whether items count until they are `task_done`.
    pub(super) joinable: bool,
}

/// Why a message was not put.
pub(super) enum Refusal {
    Full,
    System(io::Error),
}

impl RawQueue {
    pub(super) fn new(rules: Rules) -> io::Result<Self> {
        let (reader, writer) = packet::pair()?;
        Ok(Self {
            reader: Descriptor::new(reader),
            outbox: Outbox::new(Descriptor::new(writer)),
            counters: Arc::new(Counters::new()?),
            rules,
        })
    }

    /// Puts a message; waits while there is no room, or does not without a deadline.
    pub(super) fn put(&self, parcel: Parcel, deadline: Option<Deadline>) -> Result<(), Refusal> {
        let (size, unfinished) = (self.counters.size(), self.counters.unfinished());
        if self.rules.maxsize == 0 {
            size.add();
        } else if !size.add_below(self.rules.maxsize, deadline) {
            return Err(Refusal::Full);
        }
        if self.rules.joinable {
            unfinished.add();
        }
        self.outbox.send(parcel).map_err(|error| {
            size.take();
            if self.rules.joinable {
                unfinished.take();
            }
            Refusal::System(error)
        })
    }

    /// Takes a message out; waits while there is none, or does not without a deadline. None if there
    /// was none in time.
    pub(super) fn get(&self, deadline: Option<Deadline>) -> io::Result<Option<Packet>> {
        let for_ever = deadline.is_some_and(|deadline| deadline.instant().is_none());
        let flags = if for_ever {
            RecvFlags::empty()
        } else {
            RecvFlags::DONTWAIT
        };
        loop {
            match packet::receive(&self.reader, flags) {
                Ok(Some(packet)) => {
                    self.counters.size().take();
                    return Ok(Some(packet));
                }
                Ok(None) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
            let come = match deadline {
                Some(deadline) => poll::is_readable(&self.reader, deadline)?,
                // What this process has put is there, though it may not have been sent yet.
                None if self.outbox.is_feeding() => {
                    poll::is_readable(&self.reader, Deadline::after(Duration::from_millis(1)))?;
                    true
                }
                None => false,
            };
            if !come {
                return Ok(None);
            }
        }
    }

    pub(super) fn task_done(&self) -> bool {
        self.counters.unfinished().take()
    }

    pub(super) fn join(&self, deadline: Deadline) -> bool {
        self.counters.unfinished().wait_zero(deadline)
    }

    pub(super) fn len(&self) -> usize {
        self.counters.size().get() as usize
    }

    pub(super) fn is_empty(&self) -> bool {
        let deadline = Deadline::after(Duration::ZERO);
        let some = poll::is_readable(&self.reader, deadline).unwrap_or(false);
        !some && !self.outbox.is_feeding()
    }

    pub(super) fn rules(&self) -> Rules {
        self.rules
    }

    pub(super) fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    pub(super) fn reader(&self) -> &Descriptor {
        &self.reader
    }
}

impl Serialize for RawQueue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (writer, counters) = (self.outbox.socket(), self.counters.descriptor());
        (&self.reader, writer, counters, self.rules).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for RawQueue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (reader, writer, counters, rules) = Deserialize::deserialize(deserializer)?;
        Ok(Self {
            reader,
            outbox: Outbox::new(writer),
            counters: Arc::new(Counters::from_descriptor(counters).map_err(D::Error::custom)?),
            rules,
        })
    }
}
