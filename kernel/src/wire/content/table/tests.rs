//! Tests of the table and of the contents' JSON.

use serde_json::{Value, json};

use super::*;

fn parse(msg_type: &str, content: &Value) -> Content {
    Content::parse(msg_type, content.to_string().as_bytes())
}

/// For every type of the table a content as the protocol documents it, with every field that is written.
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn samples() -> Vec<(&'static str, Value)> {
    let error = json!({"ename": "E0382", "evalue": "use of moved value", "traceback": ["a", "b"]});
    vec![
        (
            "execute_request",
            json!({"code": "1", "silent": false, "store_history": true,
            "user_expressions": {"x": "y"}, "allow_stdin": false, "stop_on_error": true}),
        ),
        (
            "execute_reply",
            json!({"status": "ok", "execution_count": 3, "payload": [],
            "user_expressions": {}}),
        ),
        (
            "execute_reply",
            json!({"status": "error", "execution_count": 3, "ename": "E",
            "evalue": "v", "traceback": []}),
        ),
        ("execute_reply", json!({"status": "aborted"})),
        ("kernel_info_request", json!({})),
        (
            "kernel_info_reply",
            json!({"status": "ok", "protocol_version": "5.5",
            "implementation": "woozle", "implementation_version": "0", "banner": "b",
            "help_links": [{"text": "t", "url": "u"}], "supported_features": [], "debugger": false,
            "language_info": {"name": "rust", "version": "1.95.0", "mimetype": "text/x-rustsrc",
                "file_extension": ".rs", "pygments_lexer": "rust", "codemirror_mode": "rust",
                "nbconvert_exporter": "script"}}),
        ),
        ("is_complete_request", json!({"code": "{"})),
        (
            "is_complete_reply",
            json!({"status": "incomplete", "indent": "    "}),
        ),
        ("is_complete_reply", json!({"status": "complete"})),
        ("complete_request", json!({"code": "pri", "cursor_pos": 3})),
        (
            "complete_reply",
            json!({"status": "ok", "matches": ["print!"], "cursor_start": 0,
            "cursor_end": 3, "metadata": {}}),
        ),
        (
            "inspect_request",
            json!({"code": "x", "cursor_pos": 0, "detail_level": 1}),
        ),
        (
            "inspect_reply",
            json!({"status": "ok", "found": true, "data": {"text/plain": "i32"},
            "metadata": {}}),
        ),
        (
            "history_request",
            json!({"output": false, "raw": true, "hist_access_type": "tail", "n": 10}),
        ),
        (
            "history_request",
            json!({"output": true, "raw": true, "hist_access_type": "range",
            "session": 0, "start": 1, "stop": 4}),
        ),
        (
            "history_request",
            json!({"output": false, "raw": true, "hist_access_type": "search",
            "n": 10, "pattern": "let*", "unique": true}),
        ),
        (
            "history_reply",
            json!({"status": "ok", "history": [[1, 1, "a"], [1, 2, ["b", null]]]}),
        ),
        ("comm_info_request", json!({"target_name": "t"})),
        (
            "comm_info_reply",
            json!({"status": "ok", "comms": {"id": {"target_name": "t"}}}),
        ),
        ("connect_request", json!({})),
        (
            "connect_reply",
            json!({"status": "ok", "shell_port": 1, "iopub_port": 2,
            "stdin_port": 3, "control_port": 4, "hb_port": 5}),
        ),
        ("shutdown_request", json!({"restart": true})),
        ("shutdown_reply", json!({"status": "ok", "restart": true})),
        ("interrupt_request", json!({})),
        ("interrupt_reply", json!({"status": "ok"})),
        ("debug_request", json!({"type": "request", "seq": 1})),
        ("debug_reply", json!({"status": "ok", "seq": 1})),
        ("debug_event", json!({"type": "event", "event": "stopped"})),
        ("create_subshell_request", json!({})),
        (
            "create_subshell_reply",
            json!({"status": "ok", "subshell_id": "s"}),
        ),
        ("delete_subshell_request", json!({"subshell_id": "s"})),
        ("delete_subshell_reply", json!({"status": "ok"})),
        ("list_subshell_request", json!({})),
        (
            "list_subshell_reply",
            json!({"status": "ok", "subshell_id": ["s"]}),
        ),
        (
            "handshake_request",
            json!({"shell_port": 1, "iopub_port": 2, "stdin_port": 3,
            "control_port": 4, "hb_port": 5}),
        ),
        ("handshake_reply", json!({"status": "ok"})),
        ("input_request", json!({"prompt": "> ", "password": false})),
        ("input_reply", json!({"value": "v"})),
        ("status", json!({"execution_state": "busy"})),
        ("iopub_welcome", json!({"subscription": ""})),
        ("execute_input", json!({"code": "1", "execution_count": 1})),
        ("stream", json!({"name": "stderr", "text": "t"})),
        (
            "display_data",
            json!({"data": {"text/plain": "1"}, "metadata": {},
            "transient": {"display_id": "d"}}),
        ),
        (
            "update_display_data",
            json!({"data": {"text/plain": "1"}, "metadata": {},
            "transient": {"display_id": "d"}}),
        ),
        (
            "execute_result",
            json!({"execution_count": 1, "data": {"text/plain": "1"}, "metadata": {}}),
        ),
        ("clear_output", json!({"wait": true})),
        ("error", error),
        (
            "comm_open",
            json!({"comm_id": "c", "target_name": "t", "data": {}}),
        ),
        ("comm_msg", json!({"comm_id": "c", "data": {"a": 1}})),
        ("comm_close", json!({"comm_id": "c", "data": {}})),
    ]
}

#[test]
fn every_type_of_the_table_comes_back_as_it_was() {
    for (msg_type, sample) in samples() {
        let content = parse(msg_type, &sample);
        assert_eq!(content.msg_type(), msg_type);
        let written = serde_json::to_value(&content).expect("it is valid");
        assert_eq!(written, sample, "{msg_type}");
    }
    for msg_type in Content::TYPES {
        let sampled = samples().iter().any(|(sampled, _)| sampled == msg_type);
        assert!(sampled, "no sample of {msg_type}");
    }
}

#[test]
fn what_a_client_leaves_out_has_the_default_of_the_protocol() {
    let content = parse("execute_request", &json!({"code": "1"}));
    assert_eq!(content, ExecuteRequest::new("1").into());
}

#[test]
fn an_unknown_type_is_kept() {
    let sample = json!({"a": [1, 2]});
    let content = parse("no_such_request", &sample);
    assert_eq!(content.msg_type(), "no_such_request");
    assert_eq!(serde_json::to_value(&content).expect("it is JSON"), sample);
}

#[test]
fn every_request_can_be_answered_with_an_error() {
    let requests = Content::TYPES
        .iter()
        .filter(|msg_type| msg_type.ends_with("_request"));
    for request in requests.chain(&["no_such_request"]) {
        let reply = Content::error_reply(request, ReplyError::new("E", "v")).expect("a request");
        assert_eq!(
            Some(reply.msg_type()),
            request
                .strip_suffix("_request")
                .map(|r| format!("{r}_reply"))
                .as_deref()
        );
        let json = serde_json::to_value(&reply).expect("it is JSON");
        if *request != "input_request" {
            assert_eq!(json["status"], "error", "{request}");
            assert_eq!(json["ename"], "E", "{request}");
        }
    }
    assert_eq!(
        Content::error_reply("comm_msg", ReplyError::new("E", "v")),
        None
    );
}
