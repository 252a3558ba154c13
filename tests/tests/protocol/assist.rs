//! complete_request, inspect_request: from the session, also while a cell runs.

use crate::support::Session;

#[test]
fn the_session_is_known_while_a_cell_runs() {
    let mut session = Session::start();
    session
        .run(
            "use woozle::threading::*;\n/// Twice the number.\nfn double(n: u32) -> u32 { 2 * n }\n\
             struct Pair { left: u8, right: u8 }\nimpl Pair { fn sum(&self) -> u8 { self.left + self.right } }\n\
             let pair = Pair { left: 1, right: 2 }; let doubled = double(2); let lock = Lock::new();",
        )
        .ok();
    let running = session.send("println!(\"runs\"); loop { std::thread::park(); }");
    session.wait_for(&running, |cell| cell.stdout.contains("runs"));

    // Counted in characters: the first is one of two bytes, the second one of four.
    let reply = session.complete("\"ä🧸\"; dou");
    assert_eq!(reply.matches, ["doubled", "double"]);
    assert_eq!((reply.cursor_start, reply.cursor_end), (6, 9));
    let types = &reply.metadata["_jupyter_types_experimental"];
    assert_eq!(types[1]["type"], "function");
    assert_eq!(types[1]["signature"], "fn double(n: u32) -> u32");
    assert_eq!(session.complete("pair.").matches, ["left", "right", "sum"]);
    let lock = session.complete("lock.acq").matches;
    assert!(lock.contains(&"acquire".to_owned()), "{lock:?}");

    let reply = session.inspect("double");
    assert!(reply.found);
    let plain = reply.data["text/plain"].as_str().expect("a text");
    assert!(plain.contains("fn double(n: u32) -> u32") && plain.contains("Twice the number."));
    let markdown = reply.data["text/markdown"].as_str().expect("a text");
    assert!(markdown.starts_with("```rust\nfn double"), "{markdown}");
    let reply = session.inspect("doubled");
    let plain = reply.data["text/plain"].as_str().expect("a text");
    assert!(plain.contains("let doubled: u32"), "{plain}");
    let reply = session.inspect("Lock");
    let plain = reply.data["text/plain"].as_str().expect("a text");
    assert!(plain.contains("struct Lock"), "{plain}");
    assert!(!session.inspect("nothing_of_that_name").found);

    session.interrupt();
    session.finish(&running).fails_with(&["KeyboardInterrupt"]);
    assert_eq!(session.complete("dou").matches, ["doubled", "double"]);
}

#[test]
fn a_name_is_documented_as_it_was_imported() {
    for (import, module) in [
        ("use woozle::threading::{Lock, Event};", "threading"),
        (
            "use woozle::multiprocessing::{Lock, Event};",
            "multiprocessing",
        ),
        (
            "use woozle::multiprocessing::*;\nuse woozle::threading::{Event, Lock};",
            "threading",
        ),
        (
            "use woozle::multiprocessing as m;\nuse woozle::threading as t;\nuse m::Queue;\nuse t::{Event, Lock};",
            "threading",
        ),
    ] {
        let mut session = Session::start();
        session.run(import).ok();
        for name in ["Lock", "Event"] {
            let reply = session.inspect(name);
            let page = reply.data["text/plain"]
                .as_str()
                .expect("a text")
                .to_owned();
            assert!(
                page.contains(&format!("woozle::{module}")),
                "{import} {name}: {page}"
            );
            let cell = session.run(&format!(":doc {name}")).ok();
            let shown = cell.displays[0]["text/plain"].as_str().expect("a text");
            assert!(
                shown.contains(&format!("woozle::{module}")),
                "{import} {name}: {shown}"
            );
        }
    }
}

#[test]
fn an_imported_module_is_completed_by_the_name_that_it_was_given() {
    let mut session = Session::start();
    session.run("use woozle::threading as t;").ok();
    let offers = session.complete("t::RLo").matches;
    assert!(offers.contains(&"RLock".to_owned()), "{offers:?}");
    let offers = session.complete("t::Lock::ne").matches;
    assert!(offers.contains(&"new".to_owned()), "{offers:?}");
    let offers = session.complete("woozle::threading::RLo").matches;
    assert!(offers.contains(&"RLock".to_owned()), "{offers:?}");
}
