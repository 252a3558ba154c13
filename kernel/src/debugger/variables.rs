//! Scopes and variables, as a user knows them.

use serde_json::{Value, json};
use woozle::protocol::without_crates;

use crate::server::Variable;

/// The reference of the scope with the session's variables; lldb-dap's own are small, or very large.
pub(super) const SESSION: u64 = 1_999_999_999;

/// What the names of generated variables begin with.
const GENERATED: &str = "woozle_";

/// The scopes of a call: registers are not shown.
pub(super) fn scopes(mut body: Value) -> Value {
    let Some(scopes) = body["scopes"].as_array_mut() else {
        return body;
    };
    scopes.retain(|scope| scope["name"] != json!("Registers"));
    for scope in &mut *scopes {
        if scope["name"] == json!("Globals") {
            scope["name"] = json!("Statics");
        }
    }
    let session = json!({
        "name": "Session",
        "variablesReference": SESSION,
        "expensive": false,
    });
    scopes.insert(1.min(scopes.len()), session);
    body
}

/// The variables that generated code does not have for itself, with types as the user writes them.
pub(super) fn shown(mut body: Value) -> Value {
    let Some(variables) = body["variables"].as_array_mut() else {
        return body;
    };
    let is_generated = |variable: &Value| {
        let name = variable["name"].as_str().unwrap_or_default();
        name.starts_with(GENERATED) || name.contains("::woozle_")
    };
    variables.retain(|variable| !is_generated(variable));
    for variable in variables {
        for field in ["name", "type", "value"] {
            if let Some(text) = variable[field].as_str() {
                variable[field] = json!(without_crates(text));
            }
        }
    }
    body
}

/// The session's variables, as they were before the cell that runs.
pub(super) fn of_session(variables: &[Variable]) -> Value {
    let shown = variables.iter().map(|variable| {
        json!({
            "name": variable.name,
            "type": variable.type_name,
            "value": variable.value.as_deref().unwrap_or_default(),
            "variablesReference": 0,
        })
    });
    json!({"variables": shown.collect::<Vec<Value>>()})
}
