//! Scopes and variables, as a user knows them.

use serde_json::{Value, json};

use super::names::type_name;
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
        // As for the tables of methods of `dyn` types, or what a macro has named nothing.
        let is_unnamed = name.starts_with(['{', '<']);
        is_unnamed || name.starts_with(GENERATED) || name.contains("::woozle_")
    };
    variables.retain(|variable| !is_generated(variable));
    for variable in variables {
        let name = variable["name"].as_str().unwrap_or_default();
        variable["name"] = json!(name.rsplit("::").next().unwrap_or(name));
        if let Some(ty) = variable["type"].as_str() {
            let shown = type_name(ty);
            // LLDB has no text for it but the type and the address.
            let value = variable["value"].as_str().unwrap_or_default();
            if let Some(rest) = value.strip_prefix(ty)
                && rest.starts_with(" @ ")
            {
                variable["value"] = json!(shown);
            }
            variable["type"] = json!(shown);
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
