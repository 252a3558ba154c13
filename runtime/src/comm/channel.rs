//! Channels to front ends, those that are open, and the targets that front ends may open.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use super::message::{CommError, Message};
use crate::process::output::{self, random_id};
use crate::protocol::{Comm as Frame, CommKind, Event};
use crate::sync::{Mutex, lock};

pub(super) type Target = Callback<dyn Fn(Comm, Message) + Send + Sync>;

pub(super) static OPEN: Mutex<BTreeMap<String, Comm>> = Mutex::new(BTreeMap::new());
pub(super) static TARGETS: Mutex<BTreeMap<String, Target>> = Mutex::new(BTreeMap::new());

thread_local! {
    pub(super) static ANSWERING: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// The header of the message that the current thread is about.
pub(crate) fn answering() -> Option<String> {
    ANSWERING.with_borrow(Clone::clone)
}

/// Whether a front end can speak to the user's code.
pub(crate) fn is_open() -> bool {
    !lock(&OPEN).is_empty() || !lock(&TARGETS).is_empty()
}

pub(super) fn note(comm: &Comm) {
    lock(&OPEN).insert(comm.id().to_owned(), comm.clone());
}

fn forget(id: &str) {
    lock(&OPEN).remove(id);
}

fn set_target(name: &str, target: Option<Target>) {
    let mut targets = lock(&TARGETS);
    match target {
        Some(target) => targets.insert(name.to_owned(), target),
        None => targets.remove(name),
    };
}

/// A channel to a front end. A clone is the same channel.
///
/// ```
/// use woozle::comm::{Comm, Message};
///
/// let comm = Comm::open("chart", r#"{"title": "Woozles"}"#)?;
/// comm.on_message(|message| woozle::println!("{}", message.data.0));
/// comm.send(Message::new(r#"{"points": 2}"#).with_buffer(vec![1, 2]))?;
/// comm.close();
/// assert!(comm.send("{}").is_err());
/// # Ok::<(), woozle::comm::CommError>(())
/// ```
#[derive(Clone)]
pub struct Comm(pub(super) Arc<Channel>);

pub(super) struct Channel {
    id: String,
    target_name: String,
    pub(super) open: AtomicBool,
    pub(super) on_message: Mutex<Vec<Callback<OnMessage>>>,
    pub(super) on_close: Mutex<Vec<Callback<OnClose>>>,
    /// Takes messages in the place of callbacks, at once, and without ever running a user's code.
    pub(super) direct: OnceLock<Box<OnMessage>>,
}

pub(super) type OnMessage = dyn Fn(&Message) + Send + Sync;
pub(super) type OnClose = dyn Fn() + Send + Sync;

/// A function of the user's, and the cell that registered it.
pub(super) struct Callback<F: ?Sized> {
    pub(super) cell: u32,
    pub(super) call: Arc<F>,
}

impl<F: ?Sized> Callback<F> {
    fn new(call: Arc<F>) -> Self {
        let cell = output::current_target();
        Self { cell, call }
    }
}

impl<F: ?Sized> Clone for Callback<F> {
    fn clone(&self) -> Self {
        Self {
            cell: self.cell,
            call: Arc::clone(&self.call),
        }
    }
}

impl Comm {
    /// Opens a channel to a target of the front end. Where the front end does not know the target it closes the
    /// channel.
    ///
    /// # Errors
    /// When the message's data or metadata are not a JSON object.
    pub fn open(target_name: &str, message: impl Into<Message>) -> Result<Self, CommError> {
        Self::open_as(random_id(), target_name, message.into(), None)
    }

    pub(crate) fn open_as(
        id: String,
        target_name: &str,
        message: Message,
        direct: Option<Box<OnMessage>>,
    ) -> Result<Self, CommError> {
        message.check()?;
        let comm = Self::accept(id, target_name);
        if let Some(direct) = direct {
            comm.take_directly(direct);
        }
        note(&comm);
        let target_name = target_name.to_owned();
        comm.say(CommKind::Open { target_name }, message);
        Ok(comm)
    }

    /// The kernel's end of a channel.
    pub(super) fn accept(id: String, target_name: &str) -> Self {
        Self(Arc::new(Channel {
            id,
            target_name: target_name.to_owned(),
            open: AtomicBool::new(true),
            on_message: Mutex::default(),
            on_close: Mutex::default(),
            direct: OnceLock::new(),
        }))
    }

    pub(crate) fn take_directly(&self, direct: Box<OnMessage>) {
        let _ = self.0.direct.set(direct);
    }

    /// The channel's name.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// The name of the target that it was opened with.
    #[must_use]
    pub fn target_name(&self) -> &str {
        &self.0.target_name
    }

    /// Whether neither side has closed it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.0.open.load(Ordering::SeqCst)
    }

    /// Sends a message to all front ends.
    ///
    /// # Errors
    /// When the channel is closed, or the message's data or metadata are not a JSON object.
    pub fn send(&self, message: impl Into<Message>) -> Result<(), CommError> {
        let message = message.into();
        message.check()?;
        if !self.is_open() {
            return Err(CommError::Closed);
        }
        self.say(CommKind::Message, message);
        Ok(())
    }

    /// Closes the channel; callbacks of [`on_close`](Self::on_close) are for the other side's doing.
    pub fn close(&self) {
        if self.0.open.swap(false, Ordering::SeqCst) {
            forget(self.id());
            self.say(CommKind::Close, Message::new("{}"));
        }
    }

    /// Has a function called with each message of a front end.
    pub fn on_message(&self, call: impl Fn(&Message) + Send + Sync + 'static) {
        lock(&self.0.on_message).push(Callback::new(Arc::new(call)));
    }

    /// Has a function called when a front end closes the channel, or its page does.
    pub fn on_close(&self, call: impl Fn() + Send + Sync + 'static) {
        lock(&self.0.on_close).push(Callback::new(Arc::new(call)));
    }

    fn say(&self, kind: CommKind, message: Message) {
        // A headless client hears of the running cell alone.
        let cell = match output::running_cell() {
            0 => output::current_cell(),
            running => running,
        };
        output::send(&Event::Comm(Frame {
            cell,
            header: answering(),
            kind,
            comm_id: self.0.id.clone(),
            data: message.data.0,
            metadata: message.metadata.0,
            buffers: message.buffers,
        }));
    }
}

impl std::fmt::Debug for Comm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let state = if self.is_open() { "open" } else { "closed" };
        write!(f, "Comm({}, {state})", self.target_name())
    }
}

/// From now on front ends can open channels to this target: the function is called with the channel and with the
/// message that came along. Another one of the same name takes its place.
///
/// ```
/// woozle::comm::register_target("honey", |comm, message| {
///     woozle::println!("opened with {}", message.data.0);
///     let echo = comm.clone();
///     comm.on_message(move |message| {
///         let _ = echo.send(message.clone());
///     });
/// });
/// ```
pub fn register_target(name: &str, opened: impl Fn(Comm, Message) + Send + Sync + 'static) {
    set_target(name, Some(Callback::new(Arc::new(opened))));
}

/// Front ends can no longer open channels to this target; those that are open stay.
pub fn unregister_target(name: &str) {
    set_target(name, None);
}
