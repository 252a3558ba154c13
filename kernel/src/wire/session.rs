//! One end of a connection: it makes messages, signs them and reads those of the other end.

use serde_json::Map;
use zeromq::ZmqMessage;

use super::{Content, Header, Key, Message, WireError};

#[derive(Debug, Clone)]
pub struct Session {
    id: String,
    username: String,
    key: Key,
}

impl Session {
    pub fn new(username: &str, key: Key) -> Self {
        Self {
            id: uuid::Uuid::new_v4().to_string(),
            username: username.to_owned(),
            key,
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

    pub fn decode(&self, encoded: ZmqMessage) -> Result<Message, WireError> {
        Message::decode(encoded, &self.key)
    }
}
