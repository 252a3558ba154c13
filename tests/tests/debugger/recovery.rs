//! Cells that end their process, each once with a debugger attached: what is said is what is said without one, and the session goes on.

use serde_json::json;

use super::{Debugged, has};

/// Runs a cell that stops before its process crashes; gives what the call stack says of that.
#[track_caller]
fn crashes(code: &str, says: &str, error: &[&str]) {
    let mut debugged = Debugged::on();
    debugged.session.run("let kept = vec![1, 2, 3];").ok();
    let running = debugged.session.send(code);
    let thread = debugged.stop();
    let names: Vec<String> = debugged
        .stack(&thread)
        .into_iter()
        .map(|frame| frame.name)
        .collect();
    has(&names, says);
    let info = debugged.ask("exceptionInfo", json!({"threadId": thread}));
    assert_eq!(info["exceptionId"], "crash");
    debugged.go(&thread);
    debugged.session.finish(&running).fails_with(error);
    debugged.session.run("kept.len()").gives("3");
    debugged.works();
}

#[test]
fn a_segmentation_fault() {
    crashes(
        "unsafe { *std::ptr::without_provenance_mut::<u8>(8) = 1 }",
        "SIGSEGV",
        &["SIGSEGV", "cell [2]"],
    );
}

#[test]
fn an_abort() {
    crashes("std::process::abort()", "SIGABRT", &["SIGABRT", "cell [2]"]);
}

#[test]
fn a_stack_overflow() {
    crashes(
        "fn deep(n: u64) -> u64 { if n == 0 { 0 } else { deep(n + 1) + n } }\ndeep(1)",
        "SIGSEGV",
        &["stack overflow"],
    );
}

#[test]
fn a_panic_stops_if_that_is_asked_for() {
    let mut debugged = Debugged::on();
    let code = "let none: Vec<u8> = vec![];\nlet at = 3;\nnone[at]";
    debugged
        .session
        .run(code)
        .fails_with(&["index out of bounds"]);
    debugged.ask("setExceptionBreakpoints", json!({"filters": ["panic"]}));
    let running = debugged.session.send(code);
    let thread = debugged.stop();
    let stack = debugged.stack(&thread);
    assert_eq!(
        stack[0].name,
        "── panic: index out of bounds: the len is 0 but the index is 3 ──"
    );
    assert_eq!((&*stack[1].name, stack[1].line), ("cell [2]", 3));
    debugged.go(&thread);
    debugged
        .session
        .finish(&running)
        .fails_with(&["index out of bounds"]);
    debugged.ask("setExceptionBreakpoints", json!({"filters": []}));
    debugged
        .session
        .run(code)
        .fails_with(&["index out of bounds"]);
}

#[test]
fn an_exit_a_kill_and_a_restart_are_followed_by_a_process_that_is_debugged() {
    let mut debugged = Debugged::on();
    debugged.session.run("let kept = 5;").ok();
    debugged
        .session
        .run("std::process::exit(3)")
        .fails_with(&["exit code 3"]);
    debugged.works();
    debugged.session.run("unsafe extern \"C\" { fn kill(pid: i32, signal: i32) -> i32; }\nunsafe { kill(std::process::id() as i32, 9) };").fails_with(&["SIGKILL"]);
    debugged.works();
    debugged.session.run("kept").gives("5");
    debugged.session.run(":undo").ok();
    debugged.works();
    debugged.session.run(":restart").ok();
    debugged.works();
}

#[test]
fn lldb_may_be_killed() {
    let mut debugged = Debugged::on();
    debugged.works();
    let kernel = debugged.session.kernel.id();
    for name in ["lldb-dap", "lldb-server"] {
        let all = crate::support::descendants(kernel);
        let killed = all.iter().filter(|process| process.name.starts_with(name));
        let killed: Vec<_> = killed.collect();
        assert!(!killed.is_empty(), "{name}");
        killed.iter().for_each(|process| process.kill());
        debugged.event("output");
        debugged.works();
    }
}
