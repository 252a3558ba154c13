//! The header that identifies a message.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A message's header. A received header is kept whole, so that a reply carries it back unchanged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Header {
    pub msg_id: String,
    pub msg_type: String,
    #[serde(default)]
    pub session: String,
    #[serde(default)]
    pub username: String,
    /// ISO 8601; kept as text, because nothing here computes with it.
    #[serde(default)]
    pub date: String,
    #[serde(default)]
    pub version: String,
    /// Fields that are not listed here, such as `subshell_id`.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl Header {
    /// A header for a new message, with a fresh id and the present time.
    pub fn new(msg_type: &str, session: &str, username: &str) -> Self {
        Self {
            msg_id: uuid::Uuid::new_v4().to_string(),
            msg_type: msg_type.to_owned(),
            session: session.to_owned(),
            username: username.to_owned(),
            // Six decimals: jupyter_client does not read a date that has more.
            date: format!("{:.6}", jiff::Timestamp::now()),
            version: super::PROTOCOL_VERSION.to_owned(),
            other: Map::new(),
        }
    }

    /// The subshell that the message is for; `None` is the kernel's own shell.
    pub fn subshell_id(&self) -> Option<&str> {
        self.other.get("subshell_id").and_then(Value::as_str)
    }
}
