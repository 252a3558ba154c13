//! What is said on a comm.

use miniserde::json::{self, Object};

use crate::display::Json;

/// What one side says: two JSON objects, as text, and binary buffers.
///
/// ```
/// use woozle::comm::Message;
///
/// let message = Message::new(r#"{"n": 3}"#).with_buffer(vec![1, 2, 3]);
/// assert_eq!(message.data.0, r#"{"n": 3}"#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// What is said: a JSON object.
    pub data: Json,
    /// More about it: a JSON object.
    pub metadata: Json,
    /// What JSON cannot hold.
    pub buffers: Vec<Vec<u8>>,
}

/// Why a message is not sent.
#[derive(thiserror::Error, Clone, PartialEq, Eq)]
pub enum CommError {
    /// Either side has closed the channel.
    #[error("the comm is closed")]
    Closed,
    /// Data and metadata have to be JSON objects.
    #[error("`{0}` is not a JSON object, as the data and metadata of a comm's message have to be")]
    NotAnObject(String),
}

debug_is_display!(CommError);

impl Message {
    /// A message without metadata and buffers.
    #[must_use]
    pub fn new(data: impl Into<Json>) -> Self {
        Self {
            data: data.into(),
            metadata: Json::new("{}"),
            buffers: Vec::new(),
        }
    }

    /// Adds metadata, a JSON object.
    #[must_use]
    pub fn with_metadata(mut self, metadata: impl Into<Json>) -> Self {
        self.metadata = metadata.into();
        self
    }

    /// Adds a buffer.
    #[must_use]
    pub fn with_buffer(mut self, buffer: Vec<u8>) -> Self {
        self.buffers.push(buffer);
        self
    }

    pub(super) fn check(&self) -> Result<(), CommError> {
        for Json(text) in [&self.data, &self.metadata] {
            if json::from_str::<Object>(text).is_err() {
                let begin = text.chars().take(60).collect();
                return Err(CommError::NotAnObject(begin));
            }
        }
        Ok(())
    }
}

impl<T: Into<Json>> From<T> for Message {
    fn from(data: T) -> Self {
        Self::new(data)
    }
}
