//! Requests that are wrong or huge: they are answered, and the kernel goes on.

use serde_json::{Value, json};
use woozle_kernel::wire::Content;
use woozle_kernel::wire::content::{CompleteRequest, InspectRequest, IsCompleteRequest};

use crate::support::Session;

fn wrong(msg_type: &str, content: Value) -> Content {
    let msg_type = msg_type.to_owned();
    Content::Unknown { msg_type, content }
}

#[test]
fn wrong_requests_are_answered_with_errors() {
    let mut session = Session::start();
    for (msg_type, content) in [
        ("execute_request", json!({"code": 7})),
        ("execute_request", json!(null)),
        ("complete_request", json!({"code": "a", "cursor_pos": -1})),
        ("inspect_request", json!({"code": "a", "cursor_pos": 1e30})),
        ("history_request", json!({"hist_access_type": "sideways"})),
        ("no_such_request", json!({})),
    ] {
        for on_control in [false, true] {
            let content = wrong(msg_type, content.clone());
            let answer = if on_control {
                session.ask_control(content)
            } else {
                session.ask(content)
            };
            let answer = serde_json::to_value(&answer).expect("JSON");
            assert_eq!(answer["status"], "error", "{msg_type}: {answer}");
        }
    }
    for command in [json!(7), json!("no_such_command"), json!(null)] {
        let request = json!({"seq": "x", "command": command, "arguments": [1]});
        let answer = session.ask_control(wrong("debug_request", request));
        let answer = serde_json::to_value(&answer).expect("JSON");
        assert_eq!(answer["success"], false, "{answer}");
    }
    session.run("1 + 1").gives("2");
}

#[test]
fn huge_requests_are_answered() {
    let mut session = Session::start();
    let text = "ü".repeat(2_000_000);
    session
        .run(&format!("let s = \"{text}\"; s.len()"))
        .gives("4000000");
    let code = format!("{text}s");
    let request = CompleteRequest {
        code: code.clone(),
        cursor_pos: usize::MAX,
    };
    assert_eq!(session.ask(request).msg_type(), "complete_reply");
    let request = InspectRequest {
        code: code.clone(),
        cursor_pos: 1_999_999,
        detail_level: 9,
    };
    assert_eq!(session.ask(request).msg_type(), "inspect_reply");
    let request = IsCompleteRequest { code };
    assert_eq!(session.ask(request).msg_type(), "is_complete_reply");
    session.run("s.len()").gives("4000000");
}
