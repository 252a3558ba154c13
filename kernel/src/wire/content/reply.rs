//! What replies have in common: the status, and the fields of an error.

use serde::{Deserialize, Serialize};

/// A reply: the fields `T` of its request's own, or why there are none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "lowercase")]
pub enum Reply<T> {
    Ok(T),
    Error(ReplyError),
    /// The request was not carried out, because an earlier one failed.
    Aborted,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyError {
    #[serde(default)]
    pub ename: String,
    #[serde(default)]
    pub evalue: String,
    #[serde(default)]
    pub traceback: Vec<String>,
}

impl ReplyError {
    pub fn new(ename: impl Into<String>, evalue: impl Into<String>) -> Self {
        Self {
            ename: ename.into(),
            evalue: evalue.into(),
            traceback: Vec::new(),
        }
    }
}
