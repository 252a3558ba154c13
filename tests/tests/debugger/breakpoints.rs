//! Where the program stops.

use serde_json::json;

use super::Debugged;

const WORK: &str = "fn work(n: u64) -> u64 {\n    let mut total = 0;\n    for i in 0..n {\n        total += i * i;\n    }\n    total\n}";

#[test]
fn a_breakpoint_in_a_function_of_a_cell_stops_in_it_each_time() {
    let mut debugged = Debugged::on();
    // Before the cell has run.
    let set = debugged.set(WORK, &[4]);
    assert_eq!(set[0]["line"], 4);
    debugged.session.run(WORK).ok();
    let running = debugged.session.send("work(2)");
    for i in 0..2 {
        let thread = debugged.stop();
        let stack = debugged.stack(&thread);
        assert_eq!((&*stack[0].name, stack[0].line), ("work", 4));
        assert_eq!((&*stack[1].name, stack[1].line), ("cell [2]", 1));
        let locals = debugged.scope(&stack[0], "Locals");
        assert!(locals.contains(&format!("i: u64 = {i}")), "{locals:?}");
        debugged.go(&thread);
    }
    debugged.session.finish(&running).gives("1");
    debugged.set(WORK, &[]);
    debugged.session.run("work(3)").gives("5");
}

#[test]
fn a_front_end_finds_the_cell_of_a_call_by_the_path_of_its_text() {
    let mut debugged = Debugged::on();
    let code = "let a = 1;\nlet b = a + 1;\nb";
    let path = debugged.ask("dumpCell", json!({"code": code}))["sourcePath"].take();
    debugged.set(code, &[2]);
    // The same text in two cells: each stops.
    for _ in 0..2 {
        let running = debugged.session.send(code);
        let thread = debugged.stop();
        let stack = debugged.stack(&thread);
        assert_eq!((json!(stack[0].path), stack[0].line), (path.clone(), 2));
        debugged.go(&thread);
        debugged.session.finish(&running).gives("2");
    }
    let source = debugged.ask("source", json!({"source": {"path": path}}));
    assert_eq!(source["content"], code);
    let info = debugged.ask("debugInfo", json!({}));
    assert_eq!(info["breakpoints"][0]["source"], path);
}

#[test]
fn a_changed_cell_stops_where_its_new_text_says() {
    let mut debugged = Debugged::on();
    debugged.session.run(WORK).ok();
    debugged.set(WORK, &[4]);
    let changed = WORK.replace(
        "let mut total = 0;",
        "// none so far\n    let mut total = 0;",
    );
    debugged.set(&changed, &[5]);
    debugged.session.run(&changed).ok();
    let running = debugged.session.send("work(1)");
    let thread = debugged.stop();
    assert_eq!(debugged.stack(&thread)[0].line, 5);
    debugged.go(&thread);
    debugged.session.finish(&running).gives("0");
}

#[test]
fn a_breakpoint_on_a_blank_line_goes_to_the_code_below() {
    let mut debugged = Debugged::on();
    let code = "fn f() -> u8 {\n\n    // three\n    std::hint::black_box(3)\n}";
    let set = debugged.set(code, &[2, 3]);
    assert_eq!((&set[0]["line"], &set[1]["line"]), (&json!(4), &json!(4)));
    debugged.session.run(code).ok();
    let running = debugged.session.send("f()");
    let thread = debugged.stop();
    assert_eq!(debugged.stack(&thread)[0].line, 4);
    debugged.go(&thread);
    debugged.session.finish(&running).gives("3");
}

#[test]
fn a_breakpoint_may_be_on_a_macro_in_a_method_and_in_a_closure() {
    let mut debugged = Debugged::on();
    let code = "struct Jar(u8);\nimpl Jar {\n    fn eat(&self) {\n        println!(\"eats {}\", self.0);\n    }\n}\nlet jar = Jar(3);\nlet eats = || {\n    jar.eat();\n};\neats();";
    debugged.set(code, &[4, 9]);
    let running = debugged.session.send(code);
    for (name, line) in [("{closure}", 9), ("Jar::eat", 4)] {
        let thread = debugged.stop();
        let stack = debugged.stack(&thread);
        assert_eq!((&*stack[0].name, stack[0].line), (name, line));
        debugged.go(&thread);
    }
    debugged.session.finish(&running).prints("eats 3\n");
}

#[test]
fn conditions_and_functions_stop_as_lldb_understands_them() {
    let mut debugged = Debugged::on();
    debugged.session.run(WORK).ok();
    debugged.set_all(WORK, vec![json!({"line": 4, "condition": "i == 3"})]);
    let running = debugged.session.send("work(5)");
    let thread = debugged.stop();
    let stack = debugged.stack(&thread);
    let locals = debugged.scope(&stack[0], "Locals");
    assert!(locals.contains(&"i: u64 = 3".to_owned()), "{locals:?}");
    debugged.go(&thread);
    debugged.session.finish(&running).gives("30");

    debugged.set(WORK, &[]);
    let command = json!({"expression": "`breakpoint set -n work", "context": "repl"});
    debugged.ask("evaluate", command);
    let running = debugged.session.send("work(2)");
    let thread = debugged.stop();
    assert_eq!(debugged.stack(&thread)[0].name, "work");
    debugged.go(&thread);
    debugged.session.finish(&running).gives("1");
}

#[test]
fn a_breakpoint_in_a_cell_that_ran_before_shows_its_variables() {
    let mut debugged = Debugged::off(crate::support::Session::start());
    debugged.session.run(WORK).ok();
    debugged
        .session
        .run("static CALLS: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(7);")
        .ok();
    debugged.turn_on();
    debugged.set(WORK, &[4]);
    let running = debugged
        .session
        .send("work(1) + u64::from(CALLS.load(std::sync::atomic::Ordering::SeqCst))");
    let thread = debugged.stop();
    let stack = debugged.stack(&thread);
    assert_eq!((&*stack[0].name, stack[0].line), ("work", 4));
    let locals = debugged.scope(&stack[0], "Locals");
    assert!(locals.contains(&"n: u64 = 1".to_owned()), "{locals:?}");
    debugged.go(&thread);
    debugged.session.finish(&running).gives("7");
}

#[test]
fn a_breakpoint_stops_a_thread_that_ran_before_the_debugger_was_on() {
    let mut debugged = Debugged::off(crate::support::Session::start());
    let code = "use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::SeqCst};\nstatic GO: AtomicBool = AtomicBool::new(true);\nstatic COUNT: AtomicU32 = AtomicU32::new(0);\nfn turn() {\n    while GO.load(SeqCst) {\n        COUNT.fetch_add(1, SeqCst);\n        std::thread::yield_now();\n    }\n}";
    debugged.session.run(code).ok();
    debugged
        .session
        .run("let turner = std::thread::spawn(turn);")
        .ok();
    debugged.turn_on();
    debugged.set(code, &[7]);
    let thread = debugged.stop();
    let stack = debugged.stack(&thread);
    assert_eq!((&*stack[0].name, stack[0].line), ("turn", 7));
    debugged.set(code, &[]);
    debugged.go(&thread);
    debugged
        .session
        .run("GO.store(false, SeqCst); turner.join().is_ok()")
        .gives("true");
}
