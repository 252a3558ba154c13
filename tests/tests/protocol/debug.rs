//! debug_request: what JupyterLab's variables panel asks.

use serde_json::{Map, Value, json};
use woozle_kernel::wire::Content;
use woozle_kernel::wire::content::{DebugRequest, Reply, Stream, StreamName};

use crate::support::Session;

fn request(command: &str, arguments: &Value) -> DebugRequest {
    let request = json!({"type": "request", "seq": 3, "command": command, "arguments": arguments});
    DebugRequest(request.as_object().cloned().unwrap_or_default())
}

/// The answer to a debugger's command.
fn debug(session: &mut Session, command: &str, arguments: &Value) -> Map<String, Value> {
    match session.ask_control(request(command, arguments)) {
        Content::DebugReply(Reply::Ok(reply)) => {
            assert_eq!(reply.fields["type"], "response");
            assert_eq!(reply.fields["request_seq"], 3);
            assert_eq!(reply.fields["command"], command);
            reply.fields
        }
        other => panic!("not a debug_reply: {other:?}"),
    }
}

/// Name, type and value of each variable.
fn variables(session: &mut Session) -> Vec<(String, String, String)> {
    let reply = debug(session, "inspectVariables", &json!({}));
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let all = reply["body"]["variables"].as_array().expect("a list");
    all.iter()
        .map(|v| (text(&v["name"]), text(&v["type"]), text(&v["value"])))
        .collect()
}

fn row(name: &str, ty: &str, value: &str) -> (String, String, String) {
    (name.to_owned(), ty.to_owned(), value.to_owned())
}

#[test]
fn the_panel_shows_the_variables_with_their_values() {
    let mut session = Session::start();
    assert_eq!(variables(&mut session), []);
    session.run("struct Opaque; let n = 7; let mut v = vec![1u8]; let o = Opaque; let gone = String::new();").ok();
    session.run("drop(gone); v.push(2);").ok();
    let seen = [
        row("n", "i32", "7"),
        row("o", "Opaque", ""),
        row("v", "Vec<u8>", "[1, 2]"),
    ];
    assert_eq!(variables(&mut session), seen);

    // While a cell runs, what was last seen.
    let running = session.send("v.push(3); println!(\"runs\"); loop { std::thread::park(); }");
    session.wait_for(&running, |cell| cell.stdout.contains("runs"));
    assert_eq!(variables(&mut session), seen);
    session.interrupt();
    session.finish(&running).fails_with(&["KeyboardInterrupt"]);
    // It did not stop by itself, so the session went back to before it.
    assert_eq!(variables(&mut session), seen);
}

#[test]
fn a_value_that_cannot_be_shown_harms_nobody() {
    let mut session = Session::start();
    session
        .run(
            "struct Bad; impl std::fmt::Debug for Bad {\n\
             fn fmt(&self, _: &mut std::fmt::Formatter) -> std::fmt::Result { panic!(\"no\") } }\n\
             let bad = Bad; let big = vec![7u8; 1_000_000]; let f = |x: i32| x + 1;",
        )
        .ok();
    let all = variables(&mut session);
    let value = |name: &str| {
        let found = all.iter().find(|(known, ..)| known == name);
        found.expect("a variable").2.clone()
    };
    assert!(value("bad").contains("panicked"), "{}", value("bad"));
    assert!(value("big").starts_with("[7, 7") && value("big").ends_with('…'));
    session.run("(f(1), big.len())").gives("(2, 1000000)");
}

#[test]
fn an_interrupt_ends_a_look_that_does_not_end() {
    let mut session = Session::start();
    session
        .run(
            "struct Stuck; impl std::fmt::Debug for Stuck {\n\
             fn fmt(&self, _: &mut std::fmt::Formatter) -> std::fmt::Result {\n\
             println!(\"stuck\"); loop { std::thread::park(); } } }\nlet stuck = Stuck;",
        )
        .ok();
    session.tell_control(request("inspectVariables", &json!({})));
    let said = Stream {
        name: StreamName::Stdout,
        text: "stuck\n".to_owned(),
    };
    session.hear(&said.into());
    session.interrupt();
    session.run("1 + 1").gives("2");
    let showing = session.send("stuck");
    session.wait_for(&showing, |cell| cell.stdout == "stuck\n");
    session.interrupt();
    session.finish(&showing).fails_with(&["KeyboardInterrupt"]);
    session.run("1 + 1").gives("2");
}

#[test]
fn a_variable_is_shown_in_all_its_forms() {
    let mut session = Session::start();
    session.run("struct H; impl H { fn evcxr_display(&self) { println!(\"EVCXR_BEGIN_CONTENT text/html\\n<b>h</b>\\nEVCXR_END_CONTENT\"); } }\nlet h = H;").ok();
    let name = json!({"variableName": "h"});
    let reply = debug(&mut session, "richInspectVariables", &name);
    assert_eq!(reply["success"], true, "{reply:?}");
    assert_eq!(reply["body"]["data"]["text/html"], "<b>h</b>", "{reply:?}");
    let name = json!({"variableName": "none"});
    assert_eq!(
        debug(&mut session, "richInspectVariables", &name)["success"],
        false
    );
}

#[test]
fn the_rest_is_answered_honestly() {
    let mut session = Session::start();
    let info = debug(&mut session, "debugInfo", &json!({}));
    assert_eq!(info["body"]["richRendering"], true);
    assert_eq!(info["body"]["breakpoints"], json!([]));
    for command in [
        "initialize",
        "attach",
        "setExceptionBreakpoints",
        "modules",
        "disconnect",
    ] {
        assert_eq!(
            debug(&mut session, command, &json!({}))["success"],
            true,
            "{command}"
        );
    }
    for (command, is_started) in [("attach", true), ("disconnect", false)] {
        debug(&mut session, command, &json!({}));
        let info = debug(&mut session, "debugInfo", &json!({}));
        assert_eq!(info["body"]["isStarted"], is_started);
    }
    let stepped = debug(&mut session, "next", &json!({"threadId": 1}));
    assert_eq!(stepped["success"], false);
    assert_eq!(stepped["message"], "nothing runs under the debugger now");
}
