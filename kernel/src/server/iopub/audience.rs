//! All subscribers: who listens, who is behind, and who has to go.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::time::{Sleep, sleep};

use super::socket::Listener;
use super::subscriber::Subscriber;

/// How long nobody new is let in after it has failed: there are no descriptors, most likely.
const ACCEPT_AGAIN: Duration = Duration::from_millis(100);

pub(super) struct Audience {
    listener: Listener,
    accept_again: Option<Pin<Box<Sleep>>>,
    subscribers: Vec<Subscriber>,
}

impl Audience {
    pub(super) fn new(listener: Listener) -> Self {
        Self {
            listener,
            accept_again: None,
            subscribers: Vec::new(),
        }
    }

    /// Queues a message for all who want its topic.
    pub(super) fn queue(&mut self, topic: &[u8], message: &Bytes) {
        for subscriber in &mut self.subscribers {
            if subscriber.wants(topic) {
                subscriber.queue(message.clone());
            }
        }
    }

    /// The subscribers that are to be welcomed, each with its topics.
    pub(super) fn newcomers(&mut self) -> impl Iterator<Item = (&mut Subscriber, Vec<Bytes>)> {
        self.subscribers.iter_mut().map(|subscriber| {
            let topics = subscriber.new_topics();
            (subscriber, topics)
        })
    }

    /// Since when somebody has taken next to nothing, for whom no more can be queued.
    pub(super) fn stalled_since(&self) -> Option<Instant> {
        let stalled = self.subscribers.iter();
        stalled.filter_map(Subscriber::stalled_since).min()
    }

    /// Disconnects those who have taken next to nothing since then, and for whom no more can be queued.
    pub(super) fn cut_stalled(&mut self, since: Instant) {
        self.subscribers.retain(|subscriber| {
            let stalled = subscriber.stalled_since().is_some_and(|own| own <= since);
            if stalled {
                tracing::warn!("a client that does not read its iopub messages is disconnected");
            }
            !stalled
        });
    }

    /// Whether everybody has taken everything.
    pub(super) fn is_served(&self) -> bool {
        self.subscribers.iter().all(Subscriber::is_empty)
    }

    /// Receives and sends, until there was something to receive or somebody took something. Cancel safe.
    pub(super) async fn turn(&mut self) {
        poll_fn(|context| {
            if self.poll(context) {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
    }

    /// Receives and sends what is possible now. Returns whether that was anything.
    fn poll(&mut self, context: &mut Context<'_>) -> bool {
        let mut any = false;
        while let Poll::Ready(subscriber) = self.poll_accept(context) {
            self.subscribers.push(subscriber);
            any = true;
        }
        self.subscribers
            .retain_mut(|subscriber| match subscriber.poll(context) {
                Ok(moved) => {
                    any |= moved;
                    true
                }
                Err(error) => {
                    tracing::debug!(%error, "a client left iopub");
                    any = true;
                    false
                }
            });
        any
    }

    fn poll_accept(&mut self, context: &mut Context<'_>) -> Poll<Subscriber> {
        loop {
            if let Some(again) = &mut self.accept_again {
                ready!(again.as_mut().poll(context));
                self.accept_again = None;
            }
            match ready!(self.listener.poll_accept(context)) {
                Ok(stream) => return Poll::Ready(Subscriber::new(stream)),
                Err(error) => {
                    tracing::warn!(%error, "a client cannot be let in to iopub");
                    self.accept_again = Some(Box::pin(sleep(ACCEPT_AGAIN)));
                }
            }
        }
    }
}
