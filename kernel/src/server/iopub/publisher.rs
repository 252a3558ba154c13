//! The task that owns the iopub socket.
//!
//! A client that is behind makes the others' output wait, so that nothing is lost; one that takes nothing any more is
//! disconnected, alone. (A ZeroMQ client then connects anew, and hears what comes from there on.)

use std::future::ready;

use bytes::Bytes;
use tokio::time::sleep_until;
use zeromq::ZmqMessage;

use super::audience::Audience;
use super::buffer::Step;
use super::socket::Listener;
use super::{IoPub, zmtp};
use crate::server::Parent;
use crate::wire::Message;
use crate::wire::content::IopubWelcome;

/// Sends what comes from the handles, until they are closed and everything is sent.
pub(in crate::server) async fn publish(listener: Listener, iopub: IoPub) {
    let mut audience = Audience::new(listener);
    loop {
        // A subscription that has arrived counts for what is sent after it.
        while is_ready(audience.turn()).await {
            welcome(&mut audience, &iopub);
        }
        if let Some(since) = audience.stalled_since() {
            let patience = iopub.patience();
            tokio::select! {
                () = audience.turn() => welcome(&mut audience, &iopub),
                // Somebody may have become impatient.
                () = iopub.work() => {}
                () = sleep_until((since + patience).into()) => audience.cut_stalled(since),
            }
            continue;
        }
        match iopub.step() {
            Step::Send(parent, item) => {
                let message = match item.into_stream() {
                    Ok(stream) => encode(&iopub, &iopub.message(&parent, stream)),
                    Err(message) => Some(message),
                };
                if let Some(message) = message
                    && let Some(topic) = message.get(0)
                {
                    audience.queue(topic, &zmtp::encode(&message));
                }
            }
            Step::WaitUntil(due) => tokio::select! {
                () = audience.turn() => welcome(&mut audience, &iopub),
                () = iopub.work() => {}
                () = sleep_until(due.into()) => {}
            },
            Step::Wait => tokio::select! {
                () = audience.turn() => welcome(&mut audience, &iopub),
                () = iopub.work() => {}
            },
            Step::End => break,
        }
    }
    while !audience.is_served() {
        audience.turn().await;
    }
}

/// Whether it is over without waiting.
async fn is_ready(future: impl Future<Output = ()>) -> bool {
    tokio::select! {
        biased;
        () = future => true,
        () = ready(()) => false,
    }
}

/// Greets new subscribers.
fn welcome(audience: &mut Audience, iopub: &IoPub) {
    for (subscriber, topics) in audience.newcomers() {
        for topic in topics {
            let subscription = String::from_utf8_lossy(&topic).into_owned();
            let mut message = iopub.message(&Parent::none(), IopubWelcome { subscription });
            message.identities = vec![Bytes::copy_from_slice(&topic)];
            if let Some(message) = encode(iopub, &message) {
                subscriber.queue(zmtp::encode(&message));
            }
        }
    }
}

fn encode(iopub: &IoPub, message: &Message) -> Option<ZmqMessage> {
    let encoded = iopub.session().encode(message);
    encoded
        .inspect_err(|error| tracing::error!(%error, "a message for iopub is lost"))
        .ok()
}
