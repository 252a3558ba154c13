//! What waits to be sent for one parent, in order.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use zeromq::ZmqMessage;

use super::text::{Decoder, fitting};
use crate::server::Parent;
use crate::wire::content::{Stream, StreamName};

/// Text that comes within this time of the last message goes into one message.
pub(super) const WINDOW: Duration = Duration::from_millis(66);
/// The most bytes of text in one message, as JSON.
pub(super) const MAX_TEXT: usize = 480_000;
/// The most messages of one stream within a window, when the two streams alternate so fast
/// that one message a window would fall behind. (Beyond 300 a second a browser page stalls.)
const MAX_BURST: usize = 20;

#[derive(Debug)]
pub(super) enum Item {
    Text {
        name: StreamName,
        text: String,
        /// Its size as JSON.
        encoded: usize,
    },
    Message {
        message: ZmqMessage,
        size: usize,
    },
}

impl Item {
    /// What the item counts against the buffer's limit.
    pub(super) fn size(&self) -> usize {
        /// So that a flood of small items is limited too.
        const OVERHEAD: usize = 200;
        OVERHEAD
            + match self {
                Self::Text { text, .. } => text.len(),
                Self::Message { size, .. } => *size,
            }
    }

    /// What goes over the wire, roughly.
    pub(super) fn encoded_size(&self) -> usize {
        /// Header, parent header, signature, topic.
        const ENVELOPE: usize = 800;
        match self {
            Self::Text { encoded, .. } => encoded + ENVELOPE,
            Self::Message { size, .. } => *size,
        }
    }
}

#[derive(Debug)]
pub(super) struct Lane {
    pub(super) parent: Parent,
    /// With the time of each item's first byte, as [`Buffer`](super::buffer::Buffer) counts it.
    items: VecDeque<(u64, Item)>,
    /// By [`index`].
    decoders: [Decoder; 2],
    /// How many items at the front do not wait for the window.
    hurried: usize,
    window_end: Instant,
    /// Text messages sent in this window, by [`index`].
    sent: [usize; 2],
}

fn index(name: StreamName) -> usize {
    match name {
        StreamName::Stdout => 0,
        StreamName::Stderr => 1,
    }
}

impl Lane {
    pub(super) fn new(parent: Parent, now: Instant) -> Self {
        Self {
            parent,
            items: VecDeque::new(),
            decoders: Default::default(),
            hurried: 0,
            window_end: now,
            sent: [0; 2],
        }
    }

    /// Appends what was printed. Returns the change in size.
    pub(super) fn push_bytes(&mut self, time: u64, name: StreamName, bytes: &[u8]) -> usize {
        let text = self.decoders[index(name)].decode(bytes);
        self.push_text(time, name, &text)
    }

    fn push_text(&mut self, time: u64, name: StreamName, mut text: &str) -> usize {
        let mut added = 0;
        if let Some((
            _,
            Item::Text {
                name: last,
                text: joined,
                encoded,
            },
        )) = self.items.back_mut()
            && *last == name
        {
            let (head, size) = fitting(text, MAX_TEXT - *encoded);
            joined.push_str(head);
            *encoded += size;
            text = &text[head.len()..];
            added = head.len();
        }
        while !text.is_empty() {
            let (head, encoded) = fitting(text, MAX_TEXT);
            let item = Item::Text {
                name,
                text: head.to_owned(),
                encoded,
            };
            text = &text[head.len()..];
            added += item.size();
            self.items.push_back((time, item));
        }
        added
    }

    /// Appends a message; the text before it does not wait any longer. Returns the change in size.
    pub(super) fn push_message(&mut self, time: u64, message: ZmqMessage, size: usize) -> usize {
        let item = Item::Message { message, size };
        let added = item.size();
        self.items.push_back((time, item));
        self.hurry();
        added
    }

    /// Lets all pending text go out now, also half a character. Returns the change in size.
    pub(super) fn flush(&mut self, time: u64) -> usize {
        let mut added = 0;
        for name in [StreamName::Stdout, StreamName::Stderr] {
            let end = self.decoders[index(name)].finish();
            added += self.push_text(time, name, end);
        }
        self.hurry();
        added
    }

    /// Lets all that is whole go out now.
    pub(super) fn hurry(&mut self) {
        self.hurried = self.items.len();
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether the lane can be forgotten.
    pub(super) fn is_finished(&self, now: Instant) -> bool {
        self.items.is_empty()
            && self.decoders.iter().all(Decoder::is_empty)
            && now >= self.window_end
    }

    /// Whether the first item is text, which an interactive client gets at a limited pace.
    pub(super) fn starts_with_text(&self) -> bool {
        matches!(self.items.front(), Some((_, Item::Text { .. })))
    }

    /// The time of the first item.
    pub(super) fn first_time(&self) -> Option<u64> {
        self.items.front().map(|(time, _)| *time)
    }

    /// From when on the first item may be sent, if there is one.
    pub(super) fn due(&self, now: Instant) -> Option<Instant> {
        let (_, Item::Text { name, .. }) = self.items.front()? else {
            return Some(now);
        };
        let backlog = self.items.len();
        let hurried = self.hurried > 0 && backlog <= MAX_BURST;
        // Text followed by text of the same stream is as long as it can be.
        let full =
            matches!(self.items.get(1), Some((_, Item::Text { name: next, .. })) if next == name);
        let burst = (backlog / 8).clamp(1, MAX_BURST);
        let within = now >= self.window_end || self.sent[index(*name)] < burst;
        Some(if hurried || full || within {
            now
        } else {
            self.window_end
        })
    }

    /// Takes the first item, to be sent now.
    pub(super) fn pop(&mut self, now: Instant) -> Option<Item> {
        let (_, item) = self.items.pop_front()?;
        self.hurried = self.hurried.saturating_sub(1);
        if let Item::Text { name, .. } = &item {
            if now >= self.window_end {
                self.window_end = now + WINDOW;
                self.sent = [0; 2];
            }
            self.sent[index(*name)] += 1;
        }
        Some(item)
    }
}

impl Item {
    /// The content of an item of text.
    pub(super) fn into_stream(self) -> Result<Stream, ZmqMessage> {
        match self {
            Self::Text { name, text, .. } => Ok(Stream { name, text }),
            Self::Message { message, .. } => Err(message),
        }
    }
}
