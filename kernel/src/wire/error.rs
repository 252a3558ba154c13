//! Why a received message could not be accepted.

use thiserror::Error;

/// A message that cannot be answered: what came is not a signed Jupyter message.
///
/// (A message whose content alone is wrong is no such error: see [`Content`](super::Content).)
#[derive(Debug, Error)]
pub enum WireError {
    #[error("no <IDS|MSG> delimiter among its {frames} frames")]
    NoDelimiter { frames: usize },
    #[error("only {found} frames after the delimiter, at least 5 are needed")]
    TooFewFrames { found: usize },
    #[error("the signature is not the one that the connection file's key gives")]
    BadSignature,
    #[error("it has come before: its signature is the one of an earlier message")]
    Replayed,
    #[error("the {part} is not valid: {source}")]
    BadPart {
        part: &'static str,
        source: serde_json::Error,
    },
    #[error("a message of type {msg_type} cannot be encoded: {source}")]
    Encode {
        msg_type: String,
        source: serde_json::Error,
    },
}
