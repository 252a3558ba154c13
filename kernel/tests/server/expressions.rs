//! user_expressions and the variables panel, over the toy backend.

use serde_json::{Value, json};
use woozle_kernel::wire::content::{DebugRequest, ExecuteRequest, InterruptRequest};

use super::client::{Client, Kernel, is_child};

#[tokio::test]
async fn each_expression_has_its_own_outcome() {
    let kernel = Kernel::over_ipc();
    let mut client = kernel.client().await;
    let expressions = json!({"a": "text", "b": "fail", "c": "panic", "d": 1, "e": "count"});
    let request = ExecuteRequest {
        user_expressions: expressions.as_object().cloned().unwrap_or_default(),
        ..ExecuteRequest::new("echo hello")
    };
    let (reply, output) = client.run_request(request).await;
    assert_eq!(output.len(), 1, "only what the cell printed: {output:?}");
    let reply = serde_json::to_value(reply).expect("it is JSON");
    assert_eq!(reply["status"], "ok");
    let found = &reply["user_expressions"];
    let text = json!({"status": "ok", "data": {"text/plain": "text"}, "metadata": {}});
    assert_eq!(found["a"], text);
    assert_eq!(found["b"]["ename"], "Toy");
    assert_eq!(found["c"]["ename"], "InternalError");
    assert_eq!(found["d"]["ename"], "InvalidRequest");
    assert_eq!(
        found["e"]["data"]["text/plain"], "1",
        "the number of the cell"
    );
}

async fn value(client: &mut Client) -> Value {
    let request = json!({"type": "request", "seq": 1, "command": "inspectVariables"});
    let request = DebugRequest(request.as_object().cloned().unwrap_or_default());
    let request = client.ask_control(request).await;
    let reply = client.control_reply().await;
    assert!(is_child(&reply, &request));
    let reply = serde_json::to_value(reply.content).expect("it is JSON");
    reply["body"]["variables"][0]["value"].clone()
}

#[tokio::test]
async fn the_variables_are_looked_at_between_cells_only() {
    let kernel = Kernel::over_ipc();
    let mut client = kernel.client().await;
    assert_eq!(value(&mut client).await, "now");
    let cell = client.ask_shell(ExecuteRequest::new("wait")).await;
    client.until_input_shows(&cell).await;
    assert_eq!(value(&mut client).await, "before");
    client.ask_control(InterruptRequest {}).await;
    client.control_reply().await;
    assert!(is_child(&client.shell_reply().await, &cell));
    client.run("echo again").await;
    assert_eq!(value(&mut client).await, "now");
}
