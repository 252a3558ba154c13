//! The debugger's requests: what the cells' thread or the values have to answer for is here, all else is the backend's.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::backend::{DebugEvents, ImmediateAnswers, Variable};
use super::queue::Cells;
use super::{IoPub, Parent};
use crate::wire::content::{DebugEvent, DebugReply, DebugRequest, StreamName};

/// What a `debug_request` asks for, of the Debug Adapter Protocol.
struct Asked {
    command: String,
    arguments: Value,
}

/// Answers a `debug_request`.
pub(super) async fn answer(
    request: &DebugRequest,
    parent: &Parent,
    cells: &Cells,
    iopub: &IoPub,
    hooks: &Arc<dyn ImmediateAnswers>,
) -> DebugReply {
    let command = request.0.get("command").and_then(Value::as_str);
    let asked = Asked {
        command: command.unwrap_or_default().to_owned(),
        arguments: request.0.get("arguments").cloned().unwrap_or_default(),
    };
    let is_stopped = hooks.is_stopped();
    let body = match &*asked.command {
        "inspectVariables" => {
            let variables = variables(parent, cells, hooks).await;
            Ok(hooks.inspected(&variables))
        }
        "richInspectVariables" if !is_stopped => rich(&asked, parent, cells, hooks).await,
        _ => debug(&asked, parent, iopub, hooks).await,
    };
    reply(request, &asked.command, body)
}

/// Has the backend answer, on a thread where it may wait.
async fn debug(
    asked: &Asked,
    parent: &Parent,
    iopub: &IoPub,
    hooks: &Arc<dyn ImmediateAnswers>,
) -> Result<Value, String> {
    let (parent, iopub) = (parent.clone(), iopub.clone());
    let events: DebugEvents = Arc::new(move |event| {
        // In JupyterLab this comes into the log.
        if let Some(text) = important(&event) {
            iopub.stream(&parent, StreamName::Stderr, text.as_bytes());
            iopub.flush(&parent);
        }
        iopub.post(&parent, DebugEvent(event));
    });
    let (hooks, command, arguments) = (
        hooks.clone(),
        asked.command.clone(),
        asked.arguments.clone(),
    );
    let debug = move || hooks.debug(&command, &arguments, &events);
    let answered = tokio::task::spawn_blocking(debug).await;
    answered.unwrap_or_else(|error| {
        tracing::error!(%error, asked.command, "a request to the debugger made the kernel panic");
        Err("the kernel could not answer: it panicked".to_owned())
    })
}

/// What an event has to say to the user.
fn important(event: &Value) -> Option<&str> {
    let body = &event["body"];
    let is_important = event["event"] == json!("output") && body["category"] == json!("important");
    body["output"].as_str().filter(|_| is_important)
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

/// One variable in all forms that it has.
async fn rich(
    asked: &Asked,
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
