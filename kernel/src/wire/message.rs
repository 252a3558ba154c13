//! A message, and how it is cut into ZeroMQ frames.

use bytes::Bytes;
use serde::Serialize;
use serde_json::{Map, Value};
use zeromq::ZmqMessage;

use super::{Content, Header, Key, WireError};

const DELIMITER: &[u8] = b"<IDS|MSG>";

#[derive(Debug, Clone)]
pub struct Message {
    /// The frames before the delimiter: the route back to a client, or the topic on iopub.
    pub identities: Vec<Bytes>,
    pub header: Header,
    /// The header of the request that this message belongs to.
    pub parent_header: Option<Header>,
    pub metadata: Map<String, Value>,
    pub content: Content,
    pub buffers: Vec<Bytes>,
}

impl Message {
    pub fn encode(&self, key: &Key) -> Result<ZmqMessage, WireError> {
        let header = self.part(&self.header)?;
        let parent = match &self.parent_header {
            Some(parent) => self.part(parent)?,
            None => Bytes::from_static(b"{}"),
        };
        let metadata = self.part(&self.metadata)?;
        let content = self.part(&self.content)?;
        let parts = [header, parent, metadata, content];
        let signature = key.sign(parts.iter().map(Bytes::as_ref));

        let mut frames = self.identities.clone();
        frames.push(Bytes::from_static(DELIMITER));
        frames.push(signature.into());
        frames.extend(parts);
        frames.extend(self.buffers.iter().cloned());
        let mut frames = frames.into_iter();
        let mut encoded = ZmqMessage::from(frames.next().unwrap_or_default());
        frames.for_each(|frame| encoded.push_back(frame));
        Ok(encoded)
    }

    pub fn decode(encoded: ZmqMessage, key: &Key) -> Result<Self, WireError> {
        Self::decode_signed(encoded, key).map(|(message, _)| message)
    }

    /// Reads a message; gives its signature too, if messages are signed.
    pub(super) fn decode_signed(
        encoded: ZmqMessage,
        key: &Key,
    ) -> Result<(Self, Option<[u8; 32]>), WireError> {
        let mut identities = encoded.into_vec();
        let delimiter = identities.iter().position(|frame| frame == DELIMITER);
        let Some(delimiter) = delimiter else {
            let frames = identities.len();
            return Err(WireError::NoDelimiter { frames });
        };
        let mut frames = identities.split_off(delimiter);
        frames.remove(0);
        let [signature, header, parent, metadata, content, buffers @ ..] = &frames[..] else {
            let found = frames.len();
            return Err(WireError::TooFewFrames { found });
        };
        let signed = [header, parent, metadata, content].map(Bytes::as_ref);
        let signature = key
            .verify(signature, signed)
            .map_err(|_| WireError::BadSignature)?;

        let bad = |part| move |source| WireError::BadPart { part, source };
        let header: Header = serde_json::from_slice(header).map_err(bad("header"))?;
        let content = Content::parse(&header.msg_type, content);
        let message = Self {
            identities,
            parent_header: parse_parent(parent).map_err(bad("parent header"))?,
            metadata: serde_json::from_slice(metadata).map_err(bad("metadata"))?,
            content,
            buffers: buffers.to_vec(),
            header,
        };
        Ok((message, signature))
    }

    fn part(&self, value: &impl Serialize) -> Result<Bytes, WireError> {
        let json = serde_json::to_vec(value).map_err(|source| WireError::Encode {
            msg_type: self.header.msg_type.clone(),
            source,
        })?;
        Ok(json.into())
    }
}

/// A message that answers nothing has the parent `{}`; some clients send `null`.
fn parse_parent(json: &[u8]) -> Result<Option<Header>, serde_json::Error> {
    match serde_json::from_slice::<Option<Map<String, Value>>>(json)? {
        None => Ok(None),
        Some(fields) if fields.is_empty() => Ok(None),
        Some(fields) => serde_json::from_value(Value::Object(fields)).map(Some),
    }
}

#[cfg(test)]
mod tests;
