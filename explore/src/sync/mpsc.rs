//! As `std::sync::mpsc`.

use std::fmt;
use std::panic::Location;
use std::rc::Rc;
use std::time::Duration;

use shuttle::sync::mpsc as model;
pub use std::sync::mpsc::{RecvError, RecvTimeoutError, SendError, TryRecvError, TrySendError};

use crate::engine::log::{Action, Object, note};
use crate::engine::{strategies, time};

/// The channel itself, which both sides know.
#[derive(Clone)]
struct Channel(Rc<Object>);

// SAFETY: all threads of a run are coroutines of one thread of the system's.
unsafe impl Send for Channel {}
// SAFETY: as above.
unsafe impl Sync for Channel {}

impl Channel {
    #[track_caller]
    fn new() -> Self {
        Self(Rc::new(Object::new("channel")))
    }

    /// Notes an attempt at a place, with what has become of it.
    fn note_attempt<T, E>(
        &self,
        method: &'static str,
        place: &'static Location<'static>,
        attempt: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        note(place, Action::Want(method, self.0.number()));
        let result = attempt();
        let action = match result {
            Ok(_) => Action::Got(method, self.0.number()),
            Err(_) => Action::Refused(method, self.0.number()),
        };
        note(place, action);
        result
    }
}

/// As std's.
pub struct Sender<T>(model::Sender<T>, Channel);

/// As std's.
pub struct SyncSender<T>(model::SyncSender<T>, Channel);

/// As std's.
pub struct Receiver<T>(model::Receiver<T>, Channel);

/// As std's.
#[track_caller]
#[must_use]
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let ((sender, receiver), channel) = (model::channel(), Channel::new());
    (Sender(sender, channel.clone()), Receiver(receiver, channel))
}

/// As std's.
#[track_caller]
#[must_use]
pub fn sync_channel<T>(bound: usize) -> (SyncSender<T>, Receiver<T>) {
    let ((sender, receiver), channel) = (model::sync_channel(bound), Channel::new());
    (
        SyncSender(sender, channel.clone()),
        Receiver(receiver, channel),
    )
}

impl<T> Sender<T> {
    /// As std's.
    ///
    /// # Errors
    /// When nobody receives any more.
    #[track_caller]
    pub fn send(&self, value: T) -> Result<(), SendError<T>> {
        self.1
            .note_attempt("send", Location::caller(), || self.0.send(value))
    }
}

impl<T> SyncSender<T> {
    /// As std's.
    ///
    /// # Errors
    /// When nobody receives any more.
    #[track_caller]
    pub fn send(&self, value: T) -> Result<(), SendError<T>> {
        self.1
            .note_attempt("send", Location::caller(), || self.0.send(value))
    }

    /// As std's.
    ///
    /// # Errors
    /// When there is no room, or nobody receives any more.
    #[track_caller]
    pub fn try_send(&self, value: T) -> Result<(), TrySendError<T>> {
        self.1
            .note_attempt("try_send", Location::caller(), || self.0.try_send(value))
    }
}

impl<T> Receiver<T> {
    /// As std's.
    ///
    /// # Errors
    /// When nobody sends any more.
    #[track_caller]
    pub fn recv(&self) -> Result<T, RecvError> {
        self.1
            .note_attempt("recv", Location::caller(), || self.0.recv())
    }

    /// As std's.
    ///
    /// # Errors
    /// When there is nothing, or nobody sends any more.
    #[track_caller]
    pub fn try_recv(&self) -> Result<T, TryRecvError> {
        self.1
            .note_attempt("try_recv", Location::caller(), || self.0.try_recv())
    }

    /// As std's; the time may be over at any moment, as the schedule chooses.
    ///
    /// # Errors
    /// When the time is over, or nobody sends any more.
    #[track_caller]
    pub fn recv_timeout(&self, limit: Duration) -> Result<T, RecvTimeoutError> {
        let place = Location::caller();
        note(place, Action::Want("recv_timeout", self.1.0.number()));
        let end = time::after(limit);
        loop {
            match self.0.try_recv() {
                Ok(value) => {
                    note(place, Action::Got("recv_timeout", self.1.0.number()));
                    return Ok(value);
                }
                Err(TryRecvError::Disconnected) => {
                    note(place, Action::Refused("recv_timeout", self.1.0.number()));
                    return Err(RecvTimeoutError::Disconnected);
                }
                Err(TryRecvError::Empty)
                    if strategies::with(|strategy| strategy.choose(2)) == 0 =>
                {
                    note(place, Action::TimedOut(self.1.0.number()));
                    time::reach(end);
                    return Err(RecvTimeoutError::Timeout);
                }
                Err(TryRecvError::Empty) => shuttle::thread::yield_now(),
            }
        }
    }

    /// As std's.
    pub fn iter(&self) -> Iter<'_, T> {
        Iter(self)
    }

    /// As std's.
    pub fn try_iter(&self) -> TryIter<'_, T> {
        TryIter(self)
    }
}

/// As std's.
pub struct Iter<'a, T>(&'a Receiver<T>);

/// As std's.
pub struct TryIter<'a, T>(&'a Receiver<T>);

/// As std's.
pub struct IntoIter<T>(Receiver<T>);

impl<T> Iterator for Iter<'_, T> {
    type Item = T;

    #[track_caller]
    fn next(&mut self) -> Option<T> {
        self.0.recv().ok()
    }
}

impl<T> Iterator for TryIter<'_, T> {
    type Item = T;

    #[track_caller]
    fn next(&mut self) -> Option<T> {
        self.0.try_recv().ok()
    }
}

impl<T> Iterator for IntoIter<T> {
    type Item = T;

    #[track_caller]
    fn next(&mut self) -> Option<T> {
        self.0.recv().ok()
    }
}

impl<'a, T> IntoIterator for &'a Receiver<T> {
    type Item = T;
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Iter<'a, T> {
        self.iter()
    }
}

impl<T> IntoIterator for Receiver<T> {
    type Item = T;
    type IntoIter = IntoIter<T>;

    fn into_iter(self) -> IntoIter<T> {
        IntoIter(self)
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), self.1.clone())
    }
}

impl<T> Clone for SyncSender<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), self.1.clone())
    }
}

macro_rules! shown {
    ($($side:ident)*) => { $(
        impl<T> fmt::Debug for $side<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($side), " { .. }"))
            }
        }
    )* };
}
shown!(Sender SyncSender Receiver);
