//! Reports as schedules.

use std::sync::Arc;

use super::*;
use crate::compiler::syntax::source::Source;

const LOST_UPDATE: &str = "let counter = AtomicU32::new(0);
let seen = counter.load(Relaxed);
counter.store(seen + 1, Relaxed);
assert_eq!(counter.load(Relaxed), 2);";

fn cells(text: &str) -> Cells {
    Cells::from([(3, Arc::new(Source::new(3, text, Vec::new())))])
}

fn report(failure: &str, kind: &str, events: &str) -> Report {
    let text = format!(
        r#"{{"failure":{failure:?},"strategy":"at random","all":null,"runs":8,"steps":9,"seconds":0.001,"choices":[0,1],
        "repeatable":true,"objects":[{{"kind":"{kind}","place":{{"file":"cell [3]","line":1,"column":15}},"called":null,"inner":false,"address":0}}],
        "values":[],"names":[[2,"reader"]],"events":[{events}]}}"#
    );
    serde_json::from_str(&text).expect("a report")
}

fn event(thread: u16, line: u32, action: &str) -> String {
    format!(
        r#"{{"thread":{thread},"place":{{"file":"cell [3]","line":{line},"column":1}},"called":null,"inner":false,"action":{action}}}"#
    )
}

#[test]
fn what_threads_read_and_write_is_told_by_line() {
    let load = r#"{"load":{"method":"load","object":1,"order":"Relaxed","value":0,"newest":null}}"#;
    let store = r#"{"store":{"method":"store","object":1,"order":"Relaxed","old":null,"value":1}}"#;
    let events = [
        event(1, 2, load),
        event(2, 2, load),
        event(2, 3, store),
        event(1, 3, store),
        event(0, 4, r#"{"panic":"left: 1"}"#),
        event(0, 4, r#""exit""#),
    ];
    let report = report("left: 1", "AtomicU32", &events.join(","));
    let schedule = of(&report, &cells(LOST_UPDATE), 3);
    let threads: Vec<&str> = schedule.threads.iter().map(|(_, name)| &**name).collect();
    assert_eq!(threads, ["main", "thread 1", "reader"]);
    let told: Vec<(u16, &str, &str, Kind)> = schedule
        .steps
        .iter()
        .map(|step| {
            let number = step.line.as_ref().map_or("", |(number, _)| number);
            (step.thread, number, &*step.notes[0], step.kind)
        })
        .collect();
    assert_eq!(
        told,
        [
            (1, "2", "counter is 0", Kind::Plain),
            (2, "2", "counter is 0", Kind::Plain),
            (2, "3", "counter ← 1", Kind::Writes),
            (1, "3", "counter ← 1", Kind::Writes),
            (0, "4", "left: 1", Kind::Fails),
        ]
    );
}

#[test]
fn of_a_deadlock_it_is_told_who_waits_for_whom() {
    let call =
        |what: &str, object: u32| format!(r#"{{"{what}":{{"method":"lock","object":{object}}}}}"#);
    let events = [
        event(1, 2, &call("want", 1)),
        event(1, 2, &call("got", 1)),
        event(2, 3, &call("want", 1)),
        event(1, 4, &call("want", 1)),
    ];
    let report = report("deadlock! blocked tasks: []", "Mutex", &events.join(","));
    let schedule = of(&report, &cells(LOST_UPDATE), 3);
    assert_eq!(
        schedule.stuck,
        [
            "thread 1 waits for ever in line 4 for counter, held by thread 1 since line 2",
            "reader waits for ever in line 3 for counter, held by thread 1 since line 2",
        ]
    );
    assert_eq!(schedule.steps[1].kind, Kind::Waits);
}

#[test]
fn an_old_value_is_told_with_the_store_that_was_not_seen() {
    let load = r#"{"load":{"method":"load","object":1,"order":"Relaxed","value":0,
        "newest":{"value":42,"place":{"file":"cell [3]","line":3,"column":1}}}}"#;
    let report = report("x", "AtomicU32", &event(1, 4, load));
    let schedule = of(&report, &cells(LOST_UPDATE), 3);
    assert_eq!(
        schedule.steps[0].notes,
        ["counter is 0: 42 was stored in line 3, and Relaxed need not see it"]
    );
    assert_eq!(schedule.steps[0].kind, Kind::Odd);
}
