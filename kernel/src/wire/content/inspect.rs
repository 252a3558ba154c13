//! Documentation of the name at the cursor.

use serde::{Deserialize, Serialize};

use super::MimeBundle;

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
