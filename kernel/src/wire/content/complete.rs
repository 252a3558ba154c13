//! Completion of the code at the cursor.

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
