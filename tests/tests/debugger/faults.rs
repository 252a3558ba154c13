//! What is asked wrongly, and machines without a debugger.

use std::os::unix::fs::PermissionsExt;

use serde_json::json;
use woozle_kernel::wire::Content;
use woozle_kernel::wire::content::{KernelInfoRequest, Reply};

use super::{Debugged, has};
use crate::support::Session;

#[test]
fn what_cannot_be_answered_is_refused_with_words() {
    let mut debugged = Debugged::on();
    debugged.session.run("1").ok();
    let path = debugged.refusal("setBreakpoints", json!({"breakpoints": [{"line": 1}]}));
    assert!(path.contains("no path"), "{path}");
    assert!(debugged.refusal("dumpCell", json!({})).contains("no text"));
    assert!(debugged.refusal("", json!({})).contains("no command"));
    let unknown = debugged.refusal("noSuchCommand", json!({}));
    assert!(unknown.contains("`noSuchCommand`"), "{unknown}");
    debugged.refusal(
        "evaluate",
        json!({"expression": "no_such_name", "frameId": 99}),
    );
    assert!(
        debugged
            .refusal("source", json!({"source": {"path": "/no/such.rs"}}))
            .contains("/no/such.rs")
    );
    assert!(
        debugged
            .refusal("copyToGlobals", json!({}))
            .contains("cannot")
    );
    let variables = debugged.ask("variables", json!({"variablesReference": 12345}));
    assert_eq!(variables["variables"], json!([]));
    // Far below the text.
    debugged.set("1 + 1", &[99]);
    debugged.works();
}

#[test]
fn magics_and_pools_work_while_it_is_on() {
    let mut debugged = Debugged::on();
    debugged.session.run("%%time\n1 + 1").ok();
    debugged.session.run("%%bench\n1 + 1").ok();
    debugged
        .session
        .run("%%timeline\nstd::thread::spawn(|| 1).join().unwrap()")
        .ok();
    debugged
        .session
        .run("fn square(n: u64) -> u64 { n * n }")
        .ok();
    debugged
        .session
        .run("let pool = woozle::multiprocessing::Pool::new(2)?;\npool.map(square, vec![1, 2, 3])?")
        .gives("[1, 4, 9]");
    debugged.works();
    debugged
        .session
        .run("pool.map(square, vec![4])?")
        .gives("[16]");
}

/// A session for which `WOOZLE_LLDB_DAP` names this.
fn with_dap(program: &std::path::Path) -> Debugged {
    let program = program.to_owned();
    Debugged::off(Session::start_with(move |command| {
        command.env("WOOZLE_LLDB_DAP", program);
    }))
}

/// Asserts that there are variables, and that it is said what to install.
fn has_variables_only(debugged: &mut Debugged, why: &str) {
    debugged.session.run("let n = 7;").ok();
    let capabilities = debugged.ask("initialize", json!({"clientID": "jupyterlab"}));
    assert_eq!(capabilities["exceptionBreakpointFilters"], json!([]));
    let refused = debugged.refusal("attach", json!({}));
    assert!(
        refused.contains(why) && refused.contains("install LLDB"),
        "{refused}"
    );
    assert_eq!(debugged.ask("debugInfo", json!({}))["isStarted"], true);
    let variables = debugged.ask("inspectVariables", json!({}));
    assert_eq!(variables["variables"][0]["name"], "⚠ variables only");
    assert_eq!(variables["variables"][1]["value"], "i32 = 7");
    assert_eq!(debugged.set("n + 1", &[1]), Vec::<serde_json::Value>::new());
    let cell = debugged.session.run("n + 1").ok();
    assert!(
        cell.stderr.contains("the debugger is not on") && cell.stderr.contains(why),
        "{}",
        cell.stderr
    );
    assert_eq!(debugged.session.run("n + 1").ok().stderr, "");
    debugged.ask("disconnect", json!({}));
    let variables = debugged.ask("inspectVariables", json!({}));
    assert_eq!(variables["variables"][0]["name"], "n");
}

#[test]
fn without_a_working_lldb_there_are_variables_and_words() {
    let folder = tempfile::tempdir().expect("a folder");
    let script = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, format!("#!/bin/sh\n{text}\n")).expect("a file");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("set");
        path
    };
    let answer = r#"{"type":"response","request_seq":1,"seq":1,"success":true,"command":"initialize","body":{"__lldb":{"version":"lldb version 16.0.6"}}}"#;
    let old = format!(
        "printf 'Content-Length: {}\\r\\n\\r\\n%s' '{answer}'\ncat",
        answer.len()
    );
    for (program, why) in [
        (folder.path().join("none"), "no file"),
        (script("ends", "exit 3"), "does not work"),
        (script("old", &old), "too old"),
    ] {
        has_variables_only(&mut with_dap(&program), why);
    }
}

#[test]
fn the_kernel_says_whether_it_has_a_debugger() {
    let info = |session: &mut Session| match session.ask(KernelInfoRequest {}) {
        Content::KernelInfoReply(Reply::Ok(info)) => info,
        other => panic!("not a kernel_info_reply: {other:?}"),
    };
    let with = info(&mut Session::start());
    assert!(with.debugger);
    has(&with.supported_features, "debugger");
    let mut without = with_dap(std::path::Path::new("/no/such/program"));
    let without = info(&mut without.session);
    assert!(!without.debugger && without.supported_features.is_empty());
}
