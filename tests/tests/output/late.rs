//! An interactive client gets late output in the cell whose thread wrote it.

use crate::support::Session;

/// Two events for handshakes between a cell and a thread of an earlier one.
const EVENTS: &str = "use woozle::threading::{Event, Thread};\n\
    static GO: Event = Event::new();\nstatic DONE: Event = Event::new();\n";

#[test]
fn it_comes_after_the_end_of_its_cell() {
    let mut session = Session::start();
    let early = session.send(&format!(
        "{EVENTS}Thread::spawn(|| {{ GO.wait(); println!(\"late\"); }});\nprintln!(\"early\");"
    ));
    session.finish(&early).prints("early\n");
    session.run("GO.set();").prints("");
    let cell = session.wait_for(&early, |cell| cell.stdout == "early\nlate\n");
    assert!(cell.late);
}

#[test]
fn it_comes_while_a_later_cell_runs() {
    let mut session = Session::start();
    let early = session.send(&format!(
        "{EVENTS}std::thread::spawn(|| {{ GO.wait(); println!(\"late\"); eprintln!(\"also\"); }});"
    ));
    session.finish(&early).prints("");
    let later =
        session.send("println!(\"first\");\nGO.set();\nDONE.wait();\nprintln!(\"second\");");
    // DONE is never set, so the later cell still runs.
    session.wait_for(&early, |cell| {
        cell.stdout == "late\n" && cell.stderr == "also\n"
    });
    assert!(!session.cell(&later).idle);
    session.interrupt();
    let later = session.finish(&later);
    assert_eq!(later.stdout, "first\n");
}

#[test]
fn a_later_cell_and_a_thread_print_by_turns_each_in_its_own() {
    let mut session = Session::start();
    let early = session.send(&format!(
        "{EVENTS}Thread::spawn(|| for n in 0..20 {{ GO.wait(); GO.clear(); print!(\"<{{n}}>\"); DONE.set(); }});"
    ));
    session.finish(&early).prints("");
    let cell = session
        .run("for n in 0..20 { print!(\"[{n}]\"); GO.set(); DONE.wait(); DONE.clear(); }")
        .ok();
    let numbers = |open, close| {
        (0..20)
            .map(|n| format!("{open}{n}{close}"))
            .collect::<String>()
    };
    assert_eq!(cell.stdout, numbers('[', ']'));
    let expected = numbers('<', '>');
    session.wait_for(&early, |cell| cell.stdout == expected);
}

#[test]
fn a_thread_that_a_late_thread_starts_belongs_to_the_same_cell() {
    let mut session = Session::start();
    let early = session.send(&format!(
        "{EVENTS}std::thread::spawn(|| {{ GO.wait(); std::thread::spawn(|| println!(\"grandchild\")); }});"
    ));
    session.finish(&early).ok();
    session.run("GO.set();").prints("");
    session.wait_for(&early, |cell| cell.stdout == "grandchild\n");
}

#[test]
fn parts_of_lines_of_five_threads_stay_whole_and_in_their_cell() {
    let mut session = Session::start();
    let early = session.send(&format!(
        "{EVENTS}for t in 0..5 {{\n    Thread::spawn(move || {{\n        GO.wait();\n        \
        for n in 0..40 {{ print!(\"<{{t}}:{{n}}>\"); std::thread::yield_now(); }}\n    }});\n}}"
    ));
    session.finish(&early).prints("");
    let cell = session
        .run("GO.set();\nfor n in 0..40 { print!(\"[{n}]\"); std::thread::yield_now(); }")
        .ok();
    assert_eq!(
        cell.stdout,
        (0..40).map(|n| format!("[{n}]")).collect::<String>()
    );
    let early = session.wait_for(&early, |cell| cell.stdout.matches('>').count() >= 200);
    let pieces: Vec<_> = early.stdout.split_inclusive('>').collect();
    for t in 0..5 {
        let of_one = pieces
            .iter()
            .filter(|piece| piece.starts_with(&format!("<{t}:")));
        assert!(
            of_one.copied().eq((0..40).map(|n| format!("<{t}:{n}>"))),
            "{}",
            early.stdout
        );
    }
    assert_eq!(pieces.len(), 200);
}

#[test]
fn a_late_panic_is_told_in_its_cell() {
    let mut session = Session::start();
    let early = session.send(&format!(
        "{EVENTS}std::thread::spawn(|| {{ GO.wait(); panic!(\"late panic\"); }});"
    ));
    session.finish(&early).prints("");
    session.run("GO.set();").prints("");
    let cell = session.wait_for(&early, |cell| cell.stderr.contains("late panic"));
    assert!(cell.is_ok());
}
