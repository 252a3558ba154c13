//! A ROUTER socket that carries Jupyter messages.

use std::io::ErrorKind;
use std::os::unix::net::UnixStream;
use std::path::Path;

use tokio::sync::mpsc;
use zeromq::{
    Endpoint, RouterRecvHalf, RouterSendHalf, RouterSocket, Socket, SocketEvent, SocketRecv,
    SocketSend, ZmqError,
};

use crate::jupyter::connection::Connection;
use crate::server::{Parent, ServerError};
use crate::wire::{Content, Message, Session, WireError};

/// Opens a server socket of any kind. Port 0 becomes one that is free.
pub(in crate::server) async fn bind<S: Socket>(
    channel: &'static str,
    connection: &Connection,
    port: &mut u16,
) -> Result<S, ServerError> {
    let endpoint = connection.endpoint(*port);
    remove_stale(&endpoint);
    let mut socket = S::new();
    match socket.bind(&endpoint).await {
        Ok(Endpoint::Tcp(_, bound)) => *port = bound,
        Ok(_) => {}
        Err(source) => {
            let source = Box::new(source);
            return Err(ServerError::Bind {
                channel,
                endpoint,
                source,
            });
        }
    }
    Ok(socket)
}

/// Removes the socket file of a kernel that was killed, so that its successor can have the same path.
pub(in crate::server) fn remove_stale(endpoint: &str) {
    let Some(path) = endpoint.strip_prefix("ipc://").map(Path::new) else {
        return;
    };
    let refused =
        UnixStream::connect(path).is_err_and(|error| error.kind() == ErrorKind::ConnectionRefused);
    if refused && let Err(error) = std::fs::remove_file(path) {
        tracing::warn!(%error, path = %path.display(), "cannot remove an old socket");
    }
}

/// The receiving end of a channel.
pub(in crate::server) struct Inbox {
    channel: &'static str,
    socket: RouterRecvHalf,
    session: Session,
}

impl Inbox {
    /// The next message that is one. What is not is logged and dropped; the channel goes on.
    ///
    /// Cancel safe. Ends only with the socket.
    pub(in crate::server) async fn next(&mut self) -> Option<Message> {
        loop {
            let received = match self.socket.recv().await {
                Ok(received) => received,
                Err(error) => {
                    tracing::error!(%error, channel = self.channel, "the socket failed");
                    return None;
                }
            };
            match self.session.decode(received) {
                Ok(message) => return Some(message),
                Err(error) => {
                    tracing::warn!(%error, channel = self.channel, "a message is ignored");
                }
            }
        }
    }
}

/// The sending end of a channel.
pub(in crate::server) struct Sender {
    socket: RouterSendHalf,
    session: Session,
}

#[derive(Debug, thiserror::Error)]
pub(in crate::server) enum SendError {
    #[error(transparent)]
    Encode(#[from] WireError),
    #[error(transparent)]
    Socket(#[from] ZmqError),
}

impl Sender {
    pub(in crate::server) async fn send(&mut self, message: &Message) -> Result<(), SendError> {
        let encoded = self.session.encode(message)?;
        Ok(self.socket.send(encoded).await?)
    }
}

/// What happens to a socket, such as a client's arrival.
pub(in crate::server) type Events = futures_channel::mpsc::Receiver<SocketEvent>;

/// Opens a channel.
pub(in crate::server) async fn open(
    channel: &'static str,
    connection: &Connection,
    port: &mut u16,
    session: &Session,
) -> Result<(Inbox, Sender), ServerError> {
    let (inbox, sender, _events) = open_watched(channel, connection, port, session).await?;
    Ok((inbox, sender))
}

/// Opens a channel, and tells what happens to its socket.
pub(in crate::server) async fn open_watched(
    channel: &'static str,
    connection: &Connection,
    port: &mut u16,
    session: &Session,
) -> Result<(Inbox, Sender, Events), ServerError> {
    let mut socket: RouterSocket = bind(channel, connection, port).await?;
    let events = socket.monitor();
    let (sender, receiver) = socket.split();
    let inbox = Inbox {
        channel,
        socket: receiver,
        session: session.clone(),
    };
    let sender = Sender {
        socket: sender,
        session: session.clone(),
    };
    Ok((inbox, sender, events))
}

/// Sends replies on a channel, from any thread and without blocking.
#[derive(Debug, Clone)]
pub(in crate::server) struct Outbox {
    session: Session,
    queue: mpsc::UnboundedSender<Message>,
}

impl Outbox {
    /// The outbox, and the task that sends what is put into it until no outbox is left.
    pub(in crate::server) fn new(mut sender: Sender) -> (Self, impl Future<Output = ()> + Send) {
        let (queue, mut messages) = mpsc::unbounded_channel::<Message>();
        let session = sender.session.clone();
        let send_all = async move {
            while let Some(message) = messages.recv().await {
                if let Err(error) = sender.send(&message).await {
                    // The client has gone, most likely.
                    let msg_type = message.header.msg_type;
                    tracing::warn!(%error, msg_type, "a reply could not be sent");
                }
            }
        };
        (Self { session, queue }, send_all)
    }

    pub(in crate::server) fn reply(&self, parent: &Parent, content: impl Into<Content>) {
        let mut message = match parent.header() {
            Some(header) => self.session.child(header, content),
            None => return,
        };
        message.identities = parent.identities().to_vec();
        if self.queue.send(message).is_err() {
            tracing::debug!("a reply comes after the end of the channel");
        }
    }
}
