//! `:threads`, between cells and while one runs; and the same for code that asks.

use std::time::Duration;

use crate::support::Session;

/// Two threads that wait for each other's lock, and one that sleeps.
const CIRCLE: &str = "use woozle::threading::{Event, Lock, Thread, report};\nuse std::time::Duration;\n\
    static FORK: Lock = Lock::new();\nstatic SPOON: Lock = Lock::new();\n\
    static ONE: Event = Event::new();\nstatic TWO: Event = Event::new();\n\
    let _piglet = Thread::builder().name(\"Piglet\").daemon(true).spawn(|| { let _f = FORK.guard(); ONE.set(); TWO.wait();\n    SPOON.acquire() })?;\n\
    let _pooh = Thread::builder().name(\"Pooh\").daemon(true).spawn(|| { let _s = SPOON.guard(); TWO.set(); ONE.wait();\n    FORK.acquire() })?;\n\
    let _owl = std::thread::spawn(|| std::thread::sleep(Duration::from_secs(3600)));";

const SEEN: [&str; 4] = [
    "thread `Piglet` of cell [2] (a daemon) waits for a Lock (`SPOON`), which thread `Pooh` holds\n    cell [2]:8:11: SPOON.acquire() })?;",
    "thread `Pooh` of cell [2] (a daemon) waits for a Lock (`FORK`), which thread `Piglet` holds\n    cell [2]:10:10: FORK",
    "an unnamed thread of cell [2] sleeps\n    cell [2]:11:34: let _owl = ",
    "std::thread::spawn(|| std::thread::sleep(Duration::from_secs(3600)));",
];

/// Lets the running cell run for so long that who asks then is answered at once.
#[expect(
    clippy::disallowed_methods,
    reason = "what comes within a cell's first second waits for its turn: the time is what this is about"
)]
fn let_it_run() {
    std::thread::sleep(Duration::from_millis(1100));
}

/// Asks until the threads have come to where they stay.
fn settled(mut ask: impl FnMut() -> String) -> String {
    loop {
        let text = ask();
        if text.matches("waits for a Lock").count() == 2 && text.contains("sleeps") {
            return text;
        }
    }
}

#[test]
fn what_threads_do_is_shown_between_cells_and_while_one_runs() {
    let mut session = Session::start();
    session
        .run(":threads")
        .prints("no cell runs, and there are no threads\n");
    session.run(CIRCLE).ok();
    let text = settled(|| session.run(":threads").stdout);
    for part in SEEN {
        assert!(text.contains(part), "{part:?} is not in {text}");
    }
    assert!(!text.contains("the cell"), "{text}");
    let lock = "  a Lock (`SPOON`), first at cell [2]:8:11: taken 0 times; a thread waits for the first time\n";
    assert!(text.contains(lock), "{text}");

    let text = session.run("println!(\"{}\", report());").stdout;
    // It is about to wait for the answer, or does so.
    assert!(text.starts_with("the cell "), "{text}");
    assert!(text.contains(":1:16: println!"), "{text}");
    for part in SEEN {
        assert!(text.contains(part), "{part:?} is not in {text}");
    }

    let request = session.send("let quiet = Event::new();\nprintln!(\"waits\");\nquiet.wait();");
    session.wait_for(&request, |cell| cell.stdout.contains("waits"));
    // One that comes as early as those of a notebook that is run as a whole waits for its turn.
    let text = settled(|| {
        let_it_run();
        session.run(":threads").stdout
    });
    assert!(
        text.starts_with("the cell waits for an Event (`quiet`)\n    cell ["),
        "{text}"
    );
    assert!(text.contains(":3:7: quiet.wait();\n"), "{text}");
    for part in SEEN {
        assert!(text.contains(part), "{part:?} is not in {text}");
    }
    session.interrupt();
    session.finish(&request).fails_with(&["KeyboardInterrupt"]);

    session
        .run(":threads now")
        .fails_with(&["`:threads` stands alone"]);
}

#[test]
fn a_thread_that_computes_is_shown_with_its_line() {
    let mut session = Session::start();
    let request = session.send(
        "println!(\"runs\");\nlet mut n = 0_u64;\nloop {\n    n = std::hint::black_box(n + 1);\n}",
    );
    session.wait_for(&request, |cell| cell.stdout.contains("runs"));
    let_it_run();
    let text = session.run(":threads").stdout;
    assert!(
        text.starts_with("the cell computes\n    cell [1]:"),
        "{text}"
    );
    session.interrupt();
    session.finish(&request).fails_with(&["KeyboardInterrupt"]);
}

#[test]
fn threads_of_a_notebook_that_is_run_as_a_whole_come_in_their_turn() {
    let mut session = Session::start();
    let first = session.send("use woozle::threading::{Event, Thread};\nstatic GO: Event = Event::new();\nlet waits = Thread::spawn(|| GO.wait());\nstd::thread::sleep(std::time::Duration::from_millis(1500));");
    let second = session.send(":threads");
    session.finish(&first).ok();
    let text = session.finish(&second).stdout;
    assert!(text.starts_with("thread `Thread-1"), "{text}");
    assert!(
        text.contains("of cell [1] waits for an Event (`GO`)\n    cell [1]:3:"),
        "{text}"
    );
    session.run("GO.set();\nwaits.join()?;").ok();
}

#[test]
fn locks_that_were_waited_for_have_figures() {
    let mut session = Session::start();
    session
        .run(
            "use woozle::threading::{Event, Lock, Thread};\nlet lock = Lock::new();\nlet waits = Event::new();\n\
             lock.acquire();\nlet threads: Vec<_> = (0..2).map(|_| Thread::spawn({\n    let lock = lock.clone();\n\
             move || lock.with(|| ())\n})).collect();\nwhile woozle::threading::report().matches(\"waits for a Lock\").count() < 2 {}\n\
             lock.release()?;\nfor thread in threads { thread.join()?; }",
        )
        .ok();
    let text = session.run(":threads").stdout;
    let figures = "a Lock (`lock`), first at cell [1]:7:14: taken 2 times, waited for 2 times: ";
    assert!(
        text.contains(figures) && text.contains(" in all, "),
        "{text}"
    );
}
