//! All threads of a stopped program.

use serde_json::json;

use super::Debugged;

const DEADLOCK: &str = "use woozle::threading::{Lock, Thread};\nstatic LEFT: Lock = Lock::new();\nstatic RIGHT: Lock = Lock::new();\nstatic BOTH: std::sync::Barrier = std::sync::Barrier::new(2);\nfn eat(first: &Lock, second: &Lock) {\n    let one = first.guard();\n    BOTH.wait();\n    let two = second.guard();\n}";

#[test]
fn a_deadlock_shows_each_thread_with_its_cell_its_calls_and_what_it_is_in() {
    let mut debugged = Debugged::on();
    debugged.session.run(DEADLOCK).ok();
    let running = debugged.session.send("let pooh = Thread::builder().name(\"pooh\").spawn(|| eat(&LEFT, &RIGHT))?;\nlet piglet = Thread::builder().name(\"piglet\").spawn(|| eat(&RIGHT, &LEFT))?;\npooh.join()?;\npiglet.join()?;");
    debugged
        .session
        .wait_for(&running, |cell| cell.stderr.contains("cannot go on"));
    debugged.ask("pause", json!({"threadId": 1}));
    let thread = debugged.stop();
    let stack = debugged.stack(&thread);
    let names: Vec<&str> = stack.iter().map(|frame| &*frame.name).collect();
    assert_eq!((names[0], stack[0].line), ("cell [2]", 3));
    for name in ["pooh", "piglet"] {
        let headline = format!("── thread {name} of cell [2], in Lock::guard ──");
        let at = names.iter().position(|other| *other == headline);
        let at = at.unwrap_or_else(|| panic!("{headline} in {names:?}"));
        assert_eq!((names[at + 1], stack[at + 1].line), ("eat", 8));
    }
    let statics = debugged.scope(&stack[0], "Statics");
    super::has(&statics, "LEFT: Lock = held by thread pooh");
    super::has(&statics, "RIGHT: Lock = held by thread piglet");
    // An interrupt ends the stop, and the cell.
    debugged.session.interrupt();
    debugged.event("continued");
    debugged
        .session
        .finish(&running)
        .fails_with(&["KeyboardInterrupt"]);
    debugged.works();
}

#[test]
fn a_front_end_with_a_list_of_threads_gets_each_by_itself() {
    let mut debugged = Debugged::off(crate::support::Session::start());
    debugged.ask("initialize", json!({"clientID": "another"}));
    debugged.ask("attach", json!({}));
    let code = "fn wait_for(other: &std::sync::Barrier) {\n    other.wait();\n}";
    debugged.session.run(code).ok();
    let cell = "use std::sync::{Arc, Barrier, mpsc::channel};\nlet meet = Arc::new(Barrier::new(2));\nlet theirs = meet.clone();\nlet (ready, is_ready) = channel();\nlet waiter = std::thread::Builder::new().name(\"waiter\".into()).spawn(move || { ready.send(()).unwrap(); wait_for(&theirs) }).unwrap();\nis_ready.recv().unwrap();\nmeet.wait();\nwaiter.join().is_ok()";
    debugged.set(cell, &[7]);
    let running = debugged.session.send(cell);
    let stopped = debugged.stop();
    let threads = debugged.ask("threads", json!({}));
    let threads = threads["threads"].as_array().expect("a list").clone();
    let names: Vec<_> = threads
        .iter()
        .filter_map(|thread| thread["name"].as_str())
        .collect();
    assert_eq!(names, ["main", "waiter"]);
    let stack = debugged.stack(&stopped);
    assert!(
        stack.iter().all(|frame| !frame.name.contains("waiter")),
        "{stack:?}"
    );
    debugged.go(&stopped);
    debugged.session.finish(&running).gives("true");
}

#[test]
fn a_stopped_thread_steps_in_over_and_out() {
    let mut debugged = Debugged::on();
    let code = "fn inner(n: u8) -> u8 {\n    n + 1\n}\nfn outer() -> u8 {\n    let a = inner(1);\n    let b = a + 1;\n    b\n}";
    debugged.session.run(code).ok();
    debugged.set(code, &[5]);
    let running = debugged.session.send("outer()");
    let thread = debugged.stop();
    for (step, name, line) in [
        ("stepIn", "inner", 2),
        ("stepOut", "outer", 5),
        ("next", "outer", 6),
    ] {
        debugged.ask(step, json!({"threadId": thread}));
        debugged.stop();
        let stack = debugged.stack(&thread);
        assert_eq!((&*stack[0].name, stack[0].line), (name, line), "{step}");
    }
    debugged.go(&thread);
    debugged.session.finish(&running).gives("3");
}
