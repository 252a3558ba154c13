//! What ends a stop.

use serde_json::{Value, json};

use super::Debugged;
use crate::support::{Request, descendants};

const FUNCTION: &str = "fn stops() -> u8 {\n    std::hint::black_box(7)\n}";

/// A session whose cell has stopped, and the thread.
fn stopped() -> (Debugged, Request, Value) {
    let mut debugged = Debugged::on();
    debugged.session.run(FUNCTION).ok();
    debugged.set(FUNCTION, &[2]);
    let running = debugged.session.send("(0..3).map(|_| stops()).sum::<u8>()");
    let thread = debugged.stop();
    let info = debugged.ask("debugInfo", json!({}));
    assert_eq!(info["stoppedThreads"], json!([thread]));
    (debugged, running, thread)
}

#[test]
fn to_disconnect_lets_the_cell_go_on_to_its_end() {
    let (mut debugged, running, _) = stopped();
    debugged.ask(
        "disconnect",
        json!({"restart": false, "terminateDebuggee": false}),
    );
    debugged.event("terminated");
    debugged.session.finish(&running).gives("21");
    let info = debugged.ask("debugInfo", json!({}));
    assert_eq!(
        (&info["isStarted"], &info["breakpoints"]),
        (&json!(false), &json!([]))
    );
    debugged.session.run("stops()").gives("7");
    debugged.turn_on();
    debugged.works();
}

#[test]
fn an_interrupt_ends_the_cell_whatever_breakpoints_are_on_the_way() {
    let mut debugged = Debugged::on();
    let code = "fn turns() -> u8 {\n    loop {\n        std::thread::yield_now();\n    }\n}";
    debugged.session.run(code).ok();
    debugged.set(code, &[3]);
    let running = debugged.session.send("turns()");
    debugged.stop();
    debugged.session.interrupt();
    debugged
        .session
        .finish(&running)
        .fails_with(&["KeyboardInterrupt"]);
    // The next cell stops again.
    let running = debugged.session.send("turns()");
    debugged.stop();
    debugged.session.interrupt();
    debugged
        .session
        .finish(&running)
        .fails_with(&["KeyboardInterrupt"]);
}

#[test]
fn a_shutdown_ends_all_that_the_debugger_has_started() {
    let (mut debugged, _, _) = stopped();
    let all = descendants(debugged.session.kernel.id());
    assert!(!all.is_empty());
    assert!(debugged.session.shut_down().success());
    all.iter().for_each(|process| process.ends());
}

#[test]
fn nothing_is_left_of_a_kernel_that_is_killed_while_its_cell_is_stopped() {
    let (mut debugged, _, _) = stopped();
    let all = descendants(debugged.session.kernel.id());
    debugged.session.kernel.kill();
    all.iter().for_each(|process| process.ends());
}

#[test]
fn a_second_front_end_shares_the_debugger_and_may_end_it() {
    let (mut debugged, running, thread) = stopped();
    // As another page does when it is loaded.
    debugged.ask("initialize", json!({"clientID": "another"}));
    debugged.ask("attach", json!({}));
    assert!(!debugged.stack(&thread).is_empty());
    debugged.ask("disconnect", json!({}));
    debugged.session.finish(&running).gives("21");
}
