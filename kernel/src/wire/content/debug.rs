//! Messages of the Debug Adapter Protocol, which travel inside Jupyter's.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DebugRequest(pub Map<String, Value>);

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct DebugReply {
    #[serde(flatten)]
    pub fields: Map<String, Value>,
}
