//! The task that owns the iopub socket.

use std::future::ready;
use std::pin::pin;
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::time::{sleep_until, timeout};
use zeromq::{SocketRecv, SocketSend, XPubSocket, ZmqError, ZmqMessage};

use super::IoPub;
use super::buffer::Step;
use crate::server::Parent;
use crate::wire::content::IopubWelcome;

/// A client that accepts nothing for this long is worth a warning.
const SLOW: Duration = Duration::from_secs(10);

/// Sends what comes from the handles, until they are closed and everything is sent.
pub(in crate::server) async fn publish(mut socket: XPubSocket, iopub: IoPub) {
    loop {
        match iopub.step() {
            Step::Send(parent, item) => {
                // A subscription that has arrived counts for what is sent after it.
                while let Some(received) = take_received(&mut socket).await {
                    welcome(&mut socket, &iopub, received).await;
                }
                let message = match item.into_stream() {
                    Ok(stream) => iopub.session().encode(&iopub.message(&parent, stream)),
                    Err(message) => Ok(message),
                };
                match message {
                    Ok(message) => send(&mut socket, message).await,
                    Err(error) => tracing::error!(%error, "a message for iopub is lost"),
                }
            }
            Step::WaitUntil(due) => tokio::select! {
                received = socket.recv() => welcome(&mut socket, &iopub, received).await,
                () = iopub.work() => {}
                () = sleep_until(due.into()) => {}
            },
            Step::Wait => tokio::select! {
                received = socket.recv() => welcome(&mut socket, &iopub, received).await,
                () = iopub.work() => {}
            },
            Step::End => return,
        }
    }
}

/// What has been received already, without waiting.
async fn take_received(socket: &mut XPubSocket) -> Option<Result<ZmqMessage, ZmqError>> {
    tokio::select! {
        biased;
        received = socket.recv() => Some(received),
        () = ready(()) => None,
    }
}

/// Greets a new subscriber. (The socket itself has noted the subscription.)
async fn welcome(socket: &mut XPubSocket, iopub: &IoPub, received: Result<ZmqMessage, ZmqError>) {
    let received = match received {
        Ok(received) => received,
        Err(error) => {
            tracing::debug!(%error, "a client left iopub");
            return;
        }
    };
    let Some([1, topic @ ..]) = received.get(0).map(Bytes::as_ref) else {
        return;
    };
    let subscription = String::from_utf8_lossy(topic).into_owned();
    let mut message = iopub.message(&Parent::none(), IopubWelcome { subscription });
    // With its own topic, so that it reaches the subscriber.
    message.identities = vec![Bytes::copy_from_slice(topic)];
    match iopub.session().encode(&message) {
        Ok(message) => send(socket, message).await,
        Err(error) => tracing::error!(%error, "a subscriber gets no welcome"),
    }
}

/// Sends to every subscriber, and waits for each: a message is never dropped because a client is slow.
async fn send(socket: &mut XPubSocket, message: ZmqMessage) {
    let began = Instant::now();
    let mut sending = pin!(socket.send(message));
    let sent = loop {
        match timeout(SLOW, &mut sending).await {
            Ok(sent) => break sent,
            Err(_) => tracing::warn!(
                seconds = began.elapsed().as_secs(),
                "a client does not read its iopub messages; output waits for it"
            ),
        }
    };
    if let Err(error) = sent {
        tracing::warn!(%error, "sending on iopub failed");
    }
}
