//! execute_request with all its fields, and the requests that must not wait for a cell.

use serde_json::{Map, Value, json};
use woozle_kernel::wire::Content;
use woozle_kernel::wire::content::{
    CommInfoRequest, CreateSubshellRequest, ExecuteOk, ExecuteRequest, IsCompleteRequest,
    KernelInfoRequest, Reply,
};

use crate::support::{Cell, Session};

fn with_expressions(code: &str, expressions: &Value) -> ExecuteRequest {
    ExecuteRequest {
        user_expressions: expressions.as_object().cloned().unwrap_or_default(),
        ..ExecuteRequest::new(code)
    }
}

fn expressions(cell: Cell) -> Map<String, Value> {
    match cell.ok().reply {
        Some(Reply::Ok(ExecuteOk {
            user_expressions, ..
        })) => user_expressions,
        other => panic!("no answer: {other:?}"),
    }
}

#[test]
fn user_expressions_are_evaluated_after_the_cell() {
    let mut session = Session::start();
    let request = with_expressions(
        "let mut v = vec![1, 2]; v.push(3);",
        &json!({"length": "v.len()", "value": "v", "unit": "v.clear()", "after": "v.len()",
            "wrong": "v +", "unknown": "w", "panic": "v[7]", "number": 1}),
    );
    let request = session.send_request(request);
    let found = expressions(session.finish(&request));
    let plain = |name: &str| found[name]["data"]["text/plain"].clone();
    // In the order of their names, as JSON objects have none.
    assert_eq!(plain("after"), "3", "{found:?}");
    assert_eq!(plain("length"), "3");
    assert_eq!(plain("unit"), "()");
    assert_eq!(plain("value"), "[]");
    for (name, error) in [
        ("wrong", "expression"),
        ("unknown", "E0425"),
        ("panic", "panic"),
        ("number", "InvalidRequest"),
    ] {
        assert_eq!(found[name]["status"], "error", "{name}");
        assert_eq!(found[name]["ename"], error, "{name}");
    }
    let traceback = found["panic"]["traceback"].to_string();
    assert!(traceback.contains("expression:1"), "{traceback}");
    // None of it was a cell.
    session.run("v.len()").gives("0");
}

#[test]
fn a_failed_cell_evaluates_nothing() {
    let mut session = Session::start();
    let request = with_expressions("nothing", &json!({"a": "1"}));
    let request = session.send_request(request);
    session.finish(&request).fails_with(&["E0425"]);
}

#[test]
fn a_silent_cell_shows_no_value_and_counts_for_nothing() {
    let mut session = Session::start();
    let request = session.send_request(ExecuteRequest {
        silent: true,
        ..ExecuteRequest::new("let a = 7; a")
    });
    let cell = session.finish(&request).ok();
    assert_eq!(cell.result, None);
    let request = session.send_request(ExecuteRequest {
        store_history: false,
        ..ExecuteRequest::new("a + 1")
    });
    session.finish(&request).gives("8");
    let failed = session.run("panic!(\"no\")").fails();
    assert!(failed.contains("cell [1]"), "{failed}");
}

#[test]
fn nothing_waits_for_a_running_cell() {
    let mut session = Session::start();
    let running = session.send("println!(\"runs\"); loop { std::thread::park(); }");
    session.wait_for(&running, |cell| cell.stdout.contains("runs"));
    let is_ok = |content: &Content| serde_json::to_value(content).expect("JSON")["status"] == "ok";
    for on_control in [false, true] {
        let mut ask = |content: Content| {
            if on_control {
                session.ask_control(content)
            } else {
                session.ask(content)
            }
        };
        assert!(is_ok(&ask(KernelInfoRequest {}.into())));
        assert!(is_ok(&ask(CommInfoRequest::default().into())));
    }
    // There are no subshells, and this is said at once, too.
    assert!(!is_ok(&session.ask_control(CreateSubshellRequest {})));
    assert!(!session.cell(&running).is_ok());
    session.interrupt();
    session.finish(&running).fails();
}

#[test]
fn a_request_by_somebody_who_has_seen_the_error_is_not_aborted() {
    let mut session = Session::start();
    for _ in 0..50 {
        let failing = session.send("no_such_name");
        session.wait_for(&failing, |cell| cell.error.is_some());
        session.run("1 + 1").gives("2");
    }
}

#[test]
fn a_console_asks_for_more_where_a_piece_is_right_so_far() {
    let mut session = Session::start();
    let mut status = |code: &str| {
        let request = IsCompleteRequest {
            code: code.to_owned(),
        };
        let reply = session.ask(request);
        let reply = serde_json::to_value(&reply).expect("JSON");
        reply["status"].as_str().expect("a status").to_owned()
    };
    for code in [
        "if a &&",
        "for i in",
        "impl",
        "fn f() ->",
        "use std::",
        "/// A bear.",
    ] {
        assert_eq!(status(code), "incomplete", "{code}");
    }
    for code in [":dep itoa\nfn f() {", "%%time\nfor i in"] {
        assert_eq!(status(code), "incomplete", "{code}");
    }
    for code in [
        "// What is needed.\n:dep itoa",
        ":vars\nf(1)",
        "?Vec",
        ":hepl",
    ] {
        assert_eq!(status(code), "complete", "{code}");
    }
    assert_eq!(status(":vars\nlet x = = 1"), "invalid");
    assert_eq!(status("let x = = 1"), "invalid");
    assert_eq!(status("f(1)"), "complete");
}

#[test]
fn a_cell_that_has_not_run_has_no_number() {
    let mut session = Session::start();
    // As Run All does: the second is there when the first one, which has to be compiled, fails.
    let mut send = |code: &str| session.send_request(ExecuteRequest::new(code));
    let failing = send("no_such_name");
    let after = send("1 + 1");
    session.finish(&failing).fails();
    let cell = session.finish(&after);
    assert!(matches!(cell.reply, Some(Reply::Aborted)), "{cell:?}");
    assert_eq!(cell.number, None);
    session.run("1 + 1").gives("2");
}
