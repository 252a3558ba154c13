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

mod channel;
mod dispatch;
mod message;

pub(crate) use channel::is_open;
pub use channel::{Comm, register_target, unregister_target};
pub(crate) use dispatch::{WidgetProtocol, at, call_later, receive, set_widget_protocol};
pub use message::{CommError, Message};
