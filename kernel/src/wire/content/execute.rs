//! Running a cell: the request, its echo to all clients, the reply, the error.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Reply;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExecuteRequest {
    pub code: String,
    /// No echo, no history, no new execution count.
    #[serde(default)]
    pub silent: bool,
    #[serde(default = "yes")]
    pub store_history: bool,
    #[serde(default)]
    pub user_expressions: Map<String, Value>,
    /// Whether the client can answer an `input_request`. A headless client says no.
    #[serde(default = "yes")]
    pub allow_stdin: bool,
    /// Whether an error aborts the requests that are queued behind this one.
    #[serde(default = "yes")]
    pub stop_on_error: bool,
}

fn yes() -> bool {
    true
}

impl ExecuteRequest {
    /// A request with the protocol's defaults.
    pub fn new(code: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            silent: false,
            store_history: true,
            user_expressions: Map::new(),
            allow_stdin: true,
            stop_on_error: true,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExecuteReply {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub execution_count: Option<u32>,
    #[serde(flatten)]
    pub outcome: Reply<ExecuteOk>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ExecuteOk {
    #[serde(default)]
    pub payload: Vec<Value>,
    #[serde(default)]
    pub user_expressions: Map<String, Value>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExecuteInput {
    pub code: String,
    pub execution_count: u32,
}

/// The `error` message on iopub, which a front end shows below the cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorOutput {
    pub ename: String,
    pub evalue: String,
    pub traceback: Vec<String>,
}
