//! Completion and documentation with the analyzer, which knows std's types and infers others.
//!
//! These tests need the feature `analyzer`, a built analyzer (`WOOZLE_ANALYZER`) and std's sources
//! (`RUST_SRC_PATH`, or the component): see `tests/run analyzer`.

use std::time::{Duration, Instant};

use woozle_kernel::wire::content::{CompleteReply, InspectReply};

use crate::support::{Session, Watched, descendants};

/// What the cells before have made. `find` has a type that only inference knows.
const BEFORE: &str = "use woozle::threading::Lock;\n\
    #[derive(Debug, Clone)]\nstruct Bear { honey: f32 }\n\
    impl Bear { /// Eats all of it.\n fn eat(&mut self) -> f32 { std::mem::take(&mut self.honey) } }\n\
    fn find_bears() -> Vec<Bear> { vec![Bear { honey: 1.0 }] }\n\
    let mut v = vec![1, 2, 3];\nlet lock = Lock::new();\n\
    let names: std::collections::HashMap<u8, String> = Default::default();";

/// A session with those cells whose analyzer answers.
fn session() -> Session {
    let program = std::env::var_os("WOOZLE_ANALYZER").expect("WOOZLE_ANALYZER names the analyzer");
    let mut session = Session::start_with(|kernel| {
        kernel.env("WOOZLE_ANALYZER", program);
        // On a busy machine, it may not be as quick as somebody who types has it.
        kernel.env("WOOZLE_ANALYZER_WAIT", "15");
    });
    session.run(BEFORE).ok();
    wait_until_inferred(&mut session);
    session
}

/// Asks for a page that the session alone does not have. The first question starts the analyzer,
/// and each waits for it a while.
fn wait_until_inferred(session: &mut Session) {
    let until = Instant::now() + Duration::from_secs(300);
    while !session.inspect("String::with_capacity").found {
        assert!(Instant::now() < until, "{}", session.kernel.said());
    }
}

/// Asserts that the list has this text, and gives its type and signature.
#[track_caller]
fn offered(reply: &CompleteReply, text: &str) -> (String, String) {
    let types = reply.metadata["_jupyter_types_experimental"].as_array();
    let mut types = types.expect("a list").iter();
    let found = types.find(|offer| offer["text"] == text);
    let found = found.unwrap_or_else(|| panic!("{text} is not in {:?}", reply.matches));
    let word = |name: &str| found[name].as_str().expect("a text").to_owned();
    (word("type"), word("signature"))
}

#[track_caller]
fn page(reply: &InspectReply, mime: &str) -> String {
    assert!(reply.found, "{reply:?}");
    reply.data[mime].as_str().expect("a text").to_owned()
}

#[test]
fn methods_fields_and_items_are_completed_with_their_types() {
    let mut session = session();
    // A method of std, on a variable; counted in characters.
    let reply = session.complete("\"ä🧸\"; v.pu");
    assert_eq!((reply.cursor_start, reply.cursor_end), (8, 10));
    let (kind, signature) = offered(&reply, "push");
    assert_eq!((&*kind, &*signature), ("method", "push(value)"));
    // Of a variable that this cell itself makes, in the middle of an unfinished block.
    let reply = session.complete("let text = String::new();\nfor c in text.ch");
    assert_eq!(offered(&reply, "chars").0, "method");
    // A field and a method of a type of an earlier cell, through what a function gives.
    let reply = session.complete("find_bears()[0].");
    assert_eq!(offered(&reply, "honey").0, "field");
    assert_eq!(offered(&reply, "eat").0, "method");
    // The runtime's, and the crates that come with it.
    assert_eq!(
        offered(&session.complete("lock.acq"), "acquire").0,
        "method"
    );
    let reply = session.complete("use rayon::prelude::*;\nv.par_it");
    assert_eq!(offered(&reply, "par_iter").0, "method");
    // Items, and paths into std.
    assert_eq!(
        offered(&session.complete("find_b"), "find_bears").0,
        "function"
    );
    let reply = session.complete("std::collections::BTree");
    offered(&reply, "BTreeMap");
    // A variable whose type is spelled with its path.
    assert_eq!(
        offered(&session.complete("names.contains_k"), "contains_key").0,
        "method"
    );
    // Lines that are not Rust do no harm.
    let reply = session.complete(":vars\n%%time\nv.pu");
    offered(&reply, "push");
}

#[test]
fn pages_have_signature_documentation_and_what_the_session_knows() {
    let mut session = session();
    let reply = session.inspect("v.push(");
    let plain = page(&reply, "text/plain");
    assert!(
        plain.contains("pub fn push(&mut self, value: T)"),
        "{plain}"
    );
    assert!(plain.contains("Appends an element"), "{plain}");
    let markdown = page(&reply, "text/markdown");
    assert!(markdown.starts_with("```rust\n"), "{markdown}");
    assert!(markdown.contains("Appends an element"), "{markdown}");
    let plain = page(&session.inspect("find_bears()[0].eat"), "text/plain");
    assert!(plain.contains("Eats all of it."), "{plain}");
    assert!(!plain.contains("ctx"), "{plain}");
    let markdown = page(&session.inspect("find_bears"), "text/markdown");
    assert!(
        markdown.starts_with("```rust\nfn find_bears() -> Vec<Bear>"),
        "{markdown}"
    );
    let plain = page(&session.inspect("v"), "text/plain");
    assert!(
        plain.contains("Vec<i32>") && plain.contains("defined in cell [1]"),
        "{plain}"
    );
    assert!(!session.inspect("nothing_of_that_name").found);
}

#[test]
fn a_running_cell_delays_no_inference() {
    let mut session = session();
    let running = session.send("println!(\"runs\"); loop { std::thread::park(); }");
    session.wait_for(&running, |cell| cell.stdout.contains("runs"));
    offered(&session.complete("v.pu"), "push");
    session.interrupt();
    session.finish(&running).fails();
}

fn analyzer(session: &Session) -> Watched {
    let below = descendants(session.kernel.id());
    let found = below
        .into_iter()
        .find(|process| process.name == "woozle-analyzer");
    found.expect("an analyzer runs")
}

#[test]
fn a_killed_analyzer_loses_nothing_and_comes_back() {
    let mut session = session();
    let killed = analyzer(&session);
    killed.kill();
    killed.ends();
    // From what the session knows, until there is another one.
    offered(&session.complete("find_b"), "find_bears");
    session.run("v.len()").gives("3");
    wait_until_inferred(&mut session);
    assert_ne!(analyzer(&session).id, killed.id);
    offered(&session.complete("v.pu"), "push");
}

#[test]
fn a_later_cell_is_known_as_well() {
    let mut session = session();
    session
        .run("struct Owl { wise: bool }\nlet owls = vec![Owl { wise: true }];")
        .ok();
    assert_eq!(offered(&session.complete("owls[0].wi"), "wise").0, "field");
}

#[test]
fn a_killed_kernel_leaves_no_analyzer() {
    let mut session = session();
    let below = descendants(session.kernel.id());
    session.kernel.kill();
    below.iter().for_each(Watched::ends);
}
