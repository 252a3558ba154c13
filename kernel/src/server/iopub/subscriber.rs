//! One client's connection to iopub: what it has subscribed to, and what it has yet to take.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use bytes::{Buf, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::zmtp::{self, Decoder, Received};

/// When this much waits for one client, the others' messages wait, too.
const LIMIT: usize = 4_000_000;
/// Who takes less than this in time, while the others wait, counts as not reading.
const STEP: usize = 200_000;

/// A connection over any transport.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

pub(super) struct Subscriber {
    stream: Box<dyn Stream>,
    decoder: Decoder,
    topics: Vec<Bytes>,
    /// Subscribed to since the last look.
    new: Vec<Bytes>,
    waiting: VecDeque<Bytes>,
    /// In bytes.
    size: usize,
    /// Since when it is full, or has not taken a whole step.
    stalled_since: Instant,
    /// Since then, in bytes.
    taken: usize,
}

impl Subscriber {
    pub(super) fn new(stream: Box<dyn Stream>) -> Self {
        let mut subscriber = Self {
            stream,
            decoder: Decoder::new(),
            topics: Vec::new(),
            new: Vec::new(),
            waiting: VecDeque::new(),
            size: 0,
            stalled_since: Instant::now(),
            taken: 0,
        };
        subscriber.queue(zmtp::opening());
        subscriber
    }

    /// Whether a message with this topic is for it.
    pub(super) fn wants(&self, topic: &[u8]) -> bool {
        self.topics.iter().any(|wanted| topic.starts_with(wanted))
    }

    /// Topics that it has subscribed to and has not been welcomed for.
    pub(super) fn new_topics(&mut self) -> Vec<Bytes> {
        std::mem::take(&mut self.new)
    }

    /// Has it sent to the client, in time: see [`poll`](Self::poll).
    pub(super) fn queue(&mut self, message: Bytes) {
        let was_full = self.is_full();
        self.size += message.len();
        self.waiting.push_back(message);
        if !was_full && self.is_full() {
            self.stalled_since = Instant::now();
            self.taken = 0;
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    fn is_full(&self) -> bool {
        self.size >= LIMIT
    }

    /// Since when it has taken next to nothing, if no more can be queued for it.
    pub(super) fn stalled_since(&self) -> Option<Instant> {
        self.is_full().then_some(self.stalled_since)
    }

    /// Receives and sends what is possible now. Returns whether that was anything; an error is the connection's end.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> io::Result<bool> {
        let received = self.receive(context)?;
        Ok(self.send(context)? || received)
    }

    fn receive(&mut self, context: &mut Context<'_>) -> io::Result<bool> {
        let mut any = false;
        let mut space = [0; 1024];
        loop {
            let mut buffer = ReadBuf::new(&mut space);
            match Pin::new(&mut self.stream).poll_read(context, &mut buffer) {
                Poll::Pending => return Ok(any),
                Poll::Ready(read) => read?,
            }
            if buffer.filled().is_empty() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            any = true;
            self.decoder.push(buffer.filled());
            while let Some(received) = self.decoder.next().map_err(io::Error::other)? {
                self.take(received);
            }
        }
    }

    fn take(&mut self, received: Received) {
        match received {
            Received::Subscribe(topic) => {
                self.topics.push(topic.clone());
                self.new.push(topic);
            }
            Received::Unsubscribe(topic) => {
                if let Some(at) = self.topics.iter().position(|wanted| *wanted == topic) {
                    self.topics.swap_remove(at);
                }
            }
            Received::Ping(context) if !self.is_full() => self.queue(zmtp::pong(&context)),
            Received::Ping(_) | Received::Nothing => {}
        }
    }

    fn send(&mut self, context: &mut Context<'_>) -> io::Result<bool> {
        let mut any = false;
        while let Some(first) = self.waiting.front_mut() {
            let written = match Pin::new(&mut self.stream).poll_write(context, first) {
                Poll::Pending => break,
                Poll::Ready(Ok(0)) => return Err(io::ErrorKind::WriteZero.into()),
                Poll::Ready(written) => written?,
            };
            any = true;
            self.size -= written;
            self.taken += written;
            if self.taken >= STEP {
                self.stalled_since = Instant::now();
                self.taken = 0;
            }
            first.advance(written);
            if first.is_empty() {
                self.waiting.pop_front();
            }
        }
        Ok(any)
    }
}
