//! One end of a connection: it makes messages, signs them and reads those of the other end.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use serde_json::Map;
use zeromq::ZmqMessage;

use super::{Content, Header, Key, Message, WireError};
use crate::system::lock::LockUnpoisoned as _;

#[derive(Debug, Clone)]
pub struct Session {
    id: String,
    username: String,
    key: Key,
    /// The signatures that have come: a message counts once.
    seen: Arc<Mutex<HashSet<[u8; 32]>>>,
}

/// So many signatures are remembered; then the memory begins anew.
const REMEMBERED: usize = 1 << 16;

impl Session {
    pub fn new(username: &str, key: Key) -> Self {
        Self {
            id: uuid::Uuid::new_v4().to_string(),
            username: username.to_owned(),
            key,
            seen: Arc::default(),
        }
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    /// A message that answers nothing, such as a client's request.
    pub fn message(&self, content: impl Into<Content>) -> Message {
        let content = content.into();
        Message {
            identities: Vec::new(),
            header: Header::new(content.msg_type(), &self.id, &self.username),
            parent_header: None,
            metadata: Map::new(),
            content,
            buffers: Vec::new(),
        }
    }

    /// A message that belongs to the request with the header `parent`.
    pub fn child(&self, parent: &Header, content: impl Into<Content>) -> Message {
        Message {
            parent_header: Some(parent.clone()),
            ..self.message(content)
        }
    }

    pub fn encode(&self, message: &Message) -> Result<ZmqMessage, WireError> {
        message.encode(&self.key)
    }

    /// Reads a message of the other end, which must not have come before.
    pub fn decode(&self, encoded: ZmqMessage) -> Result<Message, WireError> {
        let (message, signature) = Message::decode_signed(encoded, &self.key)?;
        if let Some(signature) = signature {
            let mut seen = self.seen.lock_unpoisoned();
            if seen.len() >= REMEMBERED {
                seen.clear();
            }
            if !seen.insert(signature) {
                return Err(WireError::Replayed);
            }
        }
        Ok(message)
    }
}
