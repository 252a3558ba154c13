//! The debugger's requests, as far as JupyterLab's variables panel needs them.
//!
//! There is no debugger: no breakpoint is ever verified and nothing ever stops. What the panel
//! shows are the session's variables; while a cell runs, those that were there before it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Map, Value, json};

use super::Parent;
use super::backend::{ImmediateAnswers, Variable};
use super::queue::Cells;
use crate::wire::content::{DebugReply, DebugRequest};

/// What a `debug_request` asks for, of the Debug Adapter Protocol.
struct Asked<'a> {
    command: &'a str,
    arguments: &'a Value,
}

/// The panel's side of a debugger.
#[derive(Debug, Default)]
pub(super) struct Debugger {
    /// Whether a front end has attached. It asks for that again when its page is loaded anew.
    started: AtomicBool,
}

impl Debugger {
    /// Answers a `debug_request`.
    pub(super) async fn answer(
        &self,
        request: &DebugRequest,
        parent: &Parent,
        cells: &Cells,
        hooks: &Arc<dyn ImmediateAnswers>,
    ) -> DebugReply {
        let asked = Asked {
            command: request
                .0
                .get("command")
                .and_then(Value::as_str)
                .unwrap_or(""),
            arguments: request.0.get("arguments").unwrap_or(&Value::Null),
        };
        match asked.command {
            "attach" | "launch" => self.started.store(true, Ordering::SeqCst),
            "disconnect" | "terminate" => self.started.store(false, Ordering::SeqCst),
            _ => {}
        }
        let body = match asked.command {
            "debugInfo" => Ok(info(self.started.load(Ordering::SeqCst))),
            "inspectVariables" => {
                let variables = variables(parent, cells, hooks).await;
                let variables: Vec<Value> = variables.iter().map(shown).collect();
                Ok(json!({"variables": variables}))
            }
            "richInspectVariables" => rich(&asked, parent, cells, hooks).await,
            _ => without_values(&asked),
        };
        reply(request, asked.command, body)
    }
}

fn info(is_started: bool) -> Value {
    json!({
        "isStarted": is_started,
        "hashMethod": "Murmur2",
        "hashSeed": 0,
        "tmpFilePrefix": "/tmp/woozle_",
        "tmpFileSuffix": ".rs",
        "breakpoints": [],
        "stoppedThreads": [],
        "richRendering": true,
        "exceptionPaths": [],
        "copyToGlobals": false,
    })
}

/// The present variables; the last known ones if a cell runs.
async fn variables(
    parent: &Parent,
    cells: &Cells,
    hooks: &Arc<dyn ImmediateAnswers>,
) -> Vec<Variable> {
    match cells.variables(parent).await {
        Some(variables) => variables,
        None => hooks.variables(),
    }
}

fn shown(variable: &Variable) -> Value {
    json!({
        "name": variable.name,
        "type": variable.type_name,
        "value": variable.value.as_deref().unwrap_or_default(),
        "evaluateName": variable.name,
        "variablesReference": 0,
    })
}

/// One variable in all forms that it has.
async fn rich(
    asked: &Asked<'_>,
    parent: &Parent,
    cells: &Cells,
    hooks: &Arc<dyn ImmediateAnswers>,
) -> Result<Value, String> {
    let name = asked.arguments["variableName"].as_str().unwrap_or_default();
    let known = variables(parent, cells, hooks).await;
    let Some(variable) = known.into_iter().find(|variable| variable.name == name) else {
        return Err(format!("there is no variable `{name}`"));
    };
    let data = match cells.evaluate(parent, name).await {
        Some(Ok(data)) => data,
        _ => {
            let text = variable.value.unwrap_or(variable.type_name);
            Map::from_iter([("text/plain".to_owned(), text.into())])
        }
    };
    Ok(json!({"data": data, "metadata": {}}))
}

/// What is the same for every session.
fn without_values(asked: &Asked<'_>) -> Result<Value, String> {
    match asked.command {
        "initialize" => Ok(json!({
            "supportsConfigurationDoneRequest": true,
            "exceptionBreakpointFilters": [],
        })),
        "attach"
        | "launch"
        | "configurationDone"
        | "disconnect"
        | "terminate"
        | "setExceptionBreakpoints" => Ok(json!({})),
        "threads" => Ok(json!({"threads": []})),
        "stackTrace" => Ok(json!({"stackFrames": [], "totalFrames": 0})),
        "scopes" => Ok(json!({"scopes": []})),
        "variables" => Ok(json!({"variables": []})),
        "modules" => Ok(json!({"modules": [], "totalModules": 0})),
        "setBreakpoints" => {
            let wanted = asked.arguments["breakpoints"].as_array();
            let unverified = |breakpoint: &Value| {
                json!({
                    "verified": false,
                    "line": breakpoint["line"],
                    "message": "Woozle shows variables, but does not stop at breakpoints",
                })
            };
            let all = wanted.into_iter().flatten().map(unverified);
            Ok(json!({"breakpoints": all.collect::<Vec<_>>()}))
        }
        "" => Err("the request names no command".to_owned()),
        other => Err(format!(
            "Woozle shows variables, but is no debugger: it has no `{other}`"
        )),
    }
}

fn reply(request: &DebugRequest, command: &str, body: Result<Value, String>) -> DebugReply {
    let seq = request.0.get("seq").cloned().unwrap_or(json!(0));
    let mut fields = Map::from_iter([
        ("type".to_owned(), json!("response")),
        ("seq".to_owned(), seq.clone()),
        ("request_seq".to_owned(), seq),
        ("command".to_owned(), json!(command)),
        ("success".to_owned(), json!(body.is_ok())),
    ]);
    match body {
        Ok(body) => fields.insert("body".to_owned(), body),
        Err(message) => fields.insert("message".to_owned(), message.into()),
    };
    DebugReply { fields }
}
