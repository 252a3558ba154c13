//! What is shown of a stopped program.

use serde_json::json;

use super::{Debugged, has};

#[test]
fn values_are_shown_as_they_are_written() {
    let mut debugged = Debugged::on();
    debugged
        .session
        .run("static LIMIT: u16 = 300;\nlet kept = String::from(\"kept\");")
        .ok();
    debugged.ask("inspectVariables", json!({}));
    let code = "use std::collections::HashMap;\nfn look(n: u32, text: &str) -> usize {\n    let list = vec![1_u8, 2];\n    let letter = 'c';\n    let some = Some(-4_i64);\n    let shorts = [1_u16, 2, 3];\n    let mut map = HashMap::new();\n    map.insert(text.to_owned(), n);\n    list.len() + map.len()\n}";
    debugged.session.run(code).ok();
    debugged.set(code, &[9]);
    let running = debugged.session.send("look(5, \"x\")");
    let thread = debugged.stop();
    let stack = debugged.stack(&thread);
    let locals = debugged.scope(&stack[0], "Locals");
    for shown in [
        "n: u32 = 5",
        "text: &str = \"x\"",
        "list: Vec<u8> = size=2",
        "letter: char = 'c'",
        "some: Option<i64> = Some(-4)",
        "shorts: [u16; 3]",
        "map: HashMap<String, u32> = size=1",
    ] {
        has(&locals, shown);
    }
    has(&debugged.scope(&stack[0], "Statics"), "LIMIT: u16 = 300");
    has(
        &debugged.scope(&stack[0], "Session"),
        "kept: String = \"kept\"",
    );
    let evaluated = debugged.ask(
        "evaluate",
        json!({"expression": "list[1]", "frameId": stack[0].id, "context": "repl"}),
    );
    assert_eq!(evaluated["result"], "2", "{evaluated}");
    let rich = debugged.ask(
        "richInspectVariables",
        json!({"variableName": "n", "frameId": stack[0].id}),
    );
    assert_eq!(rich["data"]["text/plain"], "5", "{rich}");
    debugged.go(&thread);
    debugged.session.finish(&running).gives("3");
}

#[test]
fn woozles_own_types_say_who_holds_them_and_what_is_in_them() {
    let mut debugged = Debugged::on();
    let code = "use woozle::threading::{Event, Lock, RLock, Semaphore};\nuse woozle::queue::Queue;\nstatic LOCK: Lock = Lock::new();\nfn hold(queue: &Queue<u8>, event: &Event, again: &RLock, some: &Semaphore) {\n    let _held = LOCK.guard();\n    let _twice = (again.guard(), again.guard());\n    let _taken = some.guard();\n    println!(\"holds\");\n}";
    debugged.session.run(code).ok();
    debugged.set(code, &[8]);
    let running = debugged.session.send("let (queue, event, again, some) = (Queue::new(), Event::new(), RLock::new(), Semaphore::new(3));\nqueue.put(7).unwrap();\nevent.set();\nhold(&queue, &event, &again, &some);");
    let thread = debugged.stop();
    let stack = debugged.stack(&thread);
    has(
        &debugged.scope(&stack[0], "Statics"),
        "LOCK: Lock = held by the main thread",
    );
    let locals = debugged.scope(&stack[0], "Locals");
    has(&locals, "1 item");
    has(&locals, "set");
    has(&locals, "held by the main thread, 2 times");
    has(&locals, "2 free");
    debugged.go(&thread);
    debugged.session.finish(&running).prints("holds\n");
}

#[test]
fn no_generated_name_is_shown() {
    let mut debugged = Debugged::on();
    debugged
        .session
        .run("let mut list = vec![1];\n#[derive(Debug)]\nstruct Own(u8);\nlet own = Own(3);")
        .ok();
    let code = "list.push(2);\nlet view = &list;\nview.len() + usize::from(own.0)";
    debugged.set(code, &[3]);
    let running = debugged.session.send(code);
    let thread = debugged.stop();
    for frame in debugged.stack(&thread) {
        let mut shown = vec![frame.name.clone()];
        for scope in ["Locals", "Session", "Statics"] {
            shown.extend(debugged.scope(&frame, scope));
        }
        for text in shown {
            assert!(
                !text.contains("woozle_") && !text.contains("cell_"),
                "{text}"
            );
        }
    }
    debugged.go(&thread);
    debugged.session.finish(&running).gives("5");
}
