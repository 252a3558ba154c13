//! Comms: channels between the user's code and a front end's. [`widgets`](crate::widgets) stand on them.
//!
//! Either side opens one, by the name of a *target* that the other side knows. Then both send messages: a JSON
//! object, and binary buffers. JupyterLab's extensions bring targets of their own; a page's JavaScript can
//! register some as well.
//!
//! | Python (`comm`) | Woozle |
//! | --- | --- |
//! | `create_comm(target_name, data)` | [`Comm::open`] |
//! | `comm.send(data, metadata, buffers)` | [`Comm::send`], with a [`Message`] |
//! | `comm.close` | [`Comm::close`]; a comm that is dropped stays open |
//! | `comm.on_msg`, `on_close` | [`Comm::on_message`], [`Comm::on_close`] |
//! | `comm_manager.register_target` | [`register_target`] |
//!
//! Callbacks run one after another on a thread of the runtime, also while a cell runs. What they print goes to
//! the cell that registered them, and a panic is reported there. In the processes of a pool nothing is received.

mod desk;
mod message;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

pub(crate) use desk::{answering, at, call_later, is_open, receive};
pub use message::{CommError, Message};

use crate::display::random_id;
use crate::process::output;
use crate::protocol::{Comm as Frame, CommKind, Event};
use crate::sync::{Mutex, lock};

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
pub struct Comm(Arc<Line>);

struct Line {
    id: String,
    target_name: String,
    open: AtomicBool,
    on_message: Mutex<Vec<Callback<OnMessage>>>,
    on_close: Mutex<Vec<Callback<OnClose>>>,
    /// Takes messages in the place of callbacks, at once, and without ever running a user's code.
    direct: OnceLock<Box<OnMessage>>,
}

type OnMessage = dyn Fn(&Message) + Send + Sync;
type OnClose = dyn Fn() + Send + Sync;

/// A function of the user's, and the cell that registered it.
struct Callback<F: ?Sized> {
    cell: u32,
    call: Arc<F>,
}

impl<F: ?Sized> Callback<F> {
    fn new(call: Arc<F>) -> Self {
        let cell = output::current_area();
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
        desk::note(&comm);
        let target_name = target_name.to_owned();
        comm.say(CommKind::Open { target_name }, message);
        Ok(comm)
    }

    /// The kernel's end of a channel.
    fn accept(id: String, target_name: &str) -> Self {
        Self(Arc::new(Line {
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
            desk::forget(self.id());
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
    desk::set_target(name, Some(Callback::new(Arc::new(opened))));
}

/// Front ends can no longer open channels to this target; those that are open stay.
pub fn unregister_target(name: &str) {
    desk::set_target(name, None);
}
