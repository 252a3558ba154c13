//! The inputs of earlier cells.

use serde::{Deserialize, Serialize};

/// The protocol's `hist_access_type` with the fields that each form has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryRequest {
    /// Whether to give outputs too.
    #[serde(default)]
    pub output: bool,
    #[serde(default)]
    pub raw: bool,
    #[serde(flatten)]
    pub access: HistoryAccess,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "hist_access_type", rename_all = "lowercase")]
pub enum HistoryAccess {
    /// The last cells.
    Tail(Tail),
    /// The cells of a session from one line up to another.
    Range(Range),
    /// The cells that match a pattern.
    Search(Search),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tail {
    pub n: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// 0 is the present session, a negative number one before it.
    #[serde(default)]
    pub session: i64,
    pub start: Option<i64>,
    pub stop: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    pub n: Option<i64>,
    /// A glob: `*` stands for any text, `?` for one character.
    pub pattern: Option<String>,
    #[serde(default)]
    pub unique: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryReply {
    pub history: Vec<HistoryEntry>,
}

/// Session, line and source; on the wire a list of three.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEntry(pub i64, pub u32, pub HistorySource);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum HistorySource {
    Input(String),
    WithOutput(String, Option<String>),
}
