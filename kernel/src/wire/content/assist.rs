//! Help while code is being written: completion, documentation, and whether it is complete.

use super::MimeBundle;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompleteRequest {
    pub code: String,
    /// In Unicode characters.
    pub cursor_pos: usize,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CompleteReply {
    pub matches: Vec<String>,
    /// The range that a match replaces, in Unicode characters.
    pub cursor_start: usize,
    pub cursor_end: usize,
    #[serde(default)]
    pub metadata: Map<String, Value>,
}

impl CompleteReply {
    /// The answer that there is nothing to offer.
    pub fn none(cursor_pos: usize) -> Self {
        Self {
            matches: Vec::new(),
            cursor_start: cursor_pos,
            cursor_end: cursor_pos,
            metadata: Map::new(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectRequest {
    pub code: String,
    /// In Unicode characters.
    pub cursor_pos: usize,
    /// 1 asks for more, such as the source.
    #[serde(default)]
    pub detail_level: u8,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct InspectReply {
    pub found: bool,
    #[serde(default)]
    pub data: MimeBundle,
    #[serde(default)]
    pub metadata: MimeBundle,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IsCompleteRequest {
    pub code: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "lowercase")]
pub enum IsCompleteReply {
    Complete,
    Incomplete {
        /// What the next line should start with.
        #[serde(default)]
        indent: String,
    },
    Invalid,
    Unknown,
}
