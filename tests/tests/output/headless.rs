//! A headless client takes no late output, so a cell ends when its threads have settled.

use crate::support::Session;

const EVENTS: &str = "use woozle::threading::{Event, Thread};\nuse std::time::Duration;\n\
    static GO: Event = Event::new();\n";

/// Asserts that this cell ends with all that its threads print, and without a note.
#[track_caller]
fn waits_for_all(code: &str, stdout: &str) {
    let mut session = Session::start();
    let cell = session.run_headless(code);
    assert!(!cell.late);
    cell.prints(stdout);
}

#[test]
fn a_cell_waits_for_its_threads_of_std() {
    let code = "use std::{thread, time::Duration};\n\
        thread::spawn(|| for n in 0..3 { thread::sleep(Duration::from_millis(200)); println!(\"{n}\"); });\n\
        println!(\"started\");";
    waits_for_all(code, "started\n0\n1\n2\n");
}

#[test]
fn a_cell_waits_for_its_threads_of_woozle() {
    let code = "use woozle::threading::Thread;\nlet t = Thread::new(|| {\n    \
        for n in 0..3 { std::thread::sleep(std::time::Duration::from_millis(200)); println!(\"{n}\"); }\n});\n\
        t.start();\nprintln!(\"started\");";
    waits_for_all(code, "started\n0\n1\n2\n");
}

#[test]
fn a_cell_waits_for_threads_that_its_threads_start() {
    let code = "use std::{thread, time::Duration};\nthread::spawn(|| {\n    thread::spawn(|| {\n        \
        thread::sleep(Duration::from_millis(400));\n        println!(\"grandchild\");\n    });\n});";
    waits_for_all(code, "grandchild\n");
}

#[test]
fn a_cell_waits_for_threads_that_wait_for_each_other() {
    let code = "use std::{sync::mpsc, thread, time::Duration};\nlet (sender, receiver) = mpsc::channel();\n\
        thread::spawn(move || for n in 0..3 { thread::sleep(Duration::from_millis(200)); sender.send(n).unwrap(); });\n\
        thread::spawn(move || for n in receiver { println!(\"{n}\"); });";
    waits_for_all(code, "0\n1\n2\n");
}

#[test]
fn a_cell_waits_for_waits_with_a_timeout() {
    let code = format!(
        "{EVENTS}Thread::spawn(|| {{ GO.wait_timeout(Duration::from_millis(500)); println!(\"timed out\"); }});"
    );
    waits_for_all(&code, "timed out\n");
}

#[test]
fn a_failing_cell_waits_as_well() {
    let mut session = Session::start();
    let cell = session.run_headless(
        "std::thread::spawn(|| { std::thread::sleep(std::time::Duration::from_millis(400)); println!(\"thread\"); });\n\
        panic!(\"cell\");",
    );
    cell.fails_with(&["cell"]);
    assert_eq!(cell.stdout, "thread\n");
    assert!(!cell.late);
}

#[test]
fn a_daemon_thread_is_not_waited_for() {
    let mut session = Session::start();
    let cell = "use woozle::threading::Thread;\nThread::builder().daemon(true).spawn(|| {\n    \
        loop { std::thread::sleep(std::time::Duration::from_millis(10)); }\n})?;\nprintln!(\"end\");";
    // Were it waited for, a note would tell.
    session.run_headless(cell).prints("end\n");
    session.run_headless("println!(\"next\");").prints("next\n");
}

/// Asserts that a consumer of the first cell does not hold up the notebook, and that the second
/// cell reaches it.
#[track_caller]
fn consumer_waits_for_a_later_cell(consumer: &str, release: &str) {
    let mut session = Session::start();
    let first = session.send_headless(consumer);
    session.finish(&first).prints("");
    session.run_headless(release).prints("");
    session.wait_for(&first, |cell| cell.stdout == "consumed\n");
}

#[test]
fn a_thread_that_waits_for_an_event_of_a_later_cell_holds_nothing_up() {
    let consumer = format!("{EVENTS}Thread::spawn(|| {{ GO.wait(); println!(\"consumed\"); }});");
    consumer_waits_for_a_later_cell(&consumer, "GO.set();");
}

#[test]
fn a_thread_that_waits_for_a_message_of_a_later_cell_holds_nothing_up() {
    let consumer = "use std::{sync::mpsc, thread};\nlet (sender, receiver) = mpsc::channel::<u8>();\n\
        thread::spawn(move || if receiver.recv().is_ok() { println!(\"consumed\"); });";
    consumer_waits_for_a_later_cell(consumer, "sender.send(1)?;");
}

#[test]
fn a_thread_that_waits_on_a_condvar_for_a_later_cell_holds_nothing_up() {
    let consumer = "use std::{sync::{Condvar, Mutex}, thread};\n\
        static READY: Mutex<bool> = Mutex::new(false);\nstatic CHANGED: Condvar = Condvar::new();\n\
        thread::spawn(|| {\n    let ready = READY.lock().unwrap();\n    \
        let _ready = CHANGED.wait_while(ready, |ready| !*ready).unwrap();\n    println!(\"consumed\");\n});";
    consumer_waits_for_a_later_cell(
        consumer,
        "*READY.lock().unwrap() = true;\nCHANGED.notify_all();",
    );
}

#[test]
fn a_cell_whose_thread_waits_for_a_later_cell_ends_soon() {
    let mut session = Session::start_with(|kernel| {
        kernel.env("WOOZLE_SETTLE", "0.5");
    });
    // Were it held up, a note would tell.
    let code = format!("{EVENTS}Thread::spawn(|| GO.wait());");
    session.run_headless(&code).prints("");
}

#[test]
fn a_thread_that_works_first_and_waits_then_is_waited_for_until_it_waits() {
    let mut session = Session::start();
    let code = format!(
        "{EVENTS}Thread::spawn(|| {{\n    std::thread::sleep(Duration::from_millis(400));\n    \
        println!(\"worked\");\n    GO.wait();\n}});"
    );
    let cell = session.run_headless(&code);
    assert!(!cell.late);
    cell.prints("worked\n");
}

#[test]
fn a_thread_that_does_not_end_is_cut_by_the_limit_with_a_note() {
    let mut session = Session::start_with(|kernel| {
        kernel.env("WOOZLE_SETTLE", "0.5");
    });
    let code = "std::thread::spawn(|| for n in 0_u64.. { std::thread::sleep(std::time::Duration::from_millis(5)); std::hint::black_box(n); });\n\
        println!(\"started\");";
    let cell = session.run_headless(code).ok();
    assert_eq!(cell.stdout, "started\n");
    assert!(cell.stderr.starts_with("note: "), "{cell:#?}");
    assert!(cell.stderr.contains("thread"), "{cell:#?}");
    session.run_headless("println!(\"next\");").prints("next\n");
}

/// A session in which an earlier cell has left this, which never ends.
fn beside(background: &str) -> Session {
    let mut session = Session::start();
    let code = format!("use std::{{thread, time::Duration, sync::mpsc}};\n{background}");
    session.run(&code).ok();
    session
}

/// Never still.
const LOOP: &str = "thread::spawn(|| loop { thread::sleep(Duration::from_millis(20)) });";

#[test]
fn idle_workers_beside_a_thread_of_another_cell_hold_nothing_up() {
    let mut session = beside(LOOP);
    session
        .run_headless(
            "use rayon::prelude::*;\nprintln!(\"{}\", (0..10u64).into_par_iter().sum::<u64>());",
        )
        .prints("45\n");
    session
        .run_headless(
            "let pool = woozle::concurrent::ThreadPoolExecutor::new(2);\n\
             println!(\"{}\", pool.submit(|| 46).result()?);",
        )
        .prints("46\n");
}

#[test]
fn a_thread_that_waits_for_ever_beside_others_that_are_woken_holds_nothing_up() {
    let mut session = beside(
        "let (sender, receiver) = mpsc::channel();\n\
         thread::spawn(move || for n in 0.. { thread::sleep(Duration::from_millis(20)); sender.send(n).unwrap(); });\n\
         thread::spawn(move || for _ in receiver {});",
    );
    session
        .run_headless(&format!(
            "{EVENTS}Thread::spawn(|| GO.wait());\nprintln!(\"waits\");"
        ))
        .prints("waits\n");
}

#[test]
fn a_cell_waits_for_what_an_earlier_cells_thread_does_for_it() {
    let mut session = beside(LOOP);
    session
        .run(
            "let (ask, asked) = mpsc::channel::<mpsc::Sender<u8>>();\n\
             thread::spawn(move || for answer in asked { thread::sleep(Duration::from_secs(1)); answer.send(47).unwrap(); });",
        )
        .ok();
    let cell = session.run_headless(
        "let (answer, answered) = mpsc::channel();\nlet ask = ask.clone();\n\
         thread::spawn(move || { ask.send(answer).unwrap(); println!(\"{}\", answered.recv().unwrap()); });",
    );
    assert!(!cell.late);
    cell.prints("47\n");
}

/// It looks into its queue from time to time, and computes when it has found something.
#[test]
fn a_cell_waits_for_an_earlier_cells_thread_that_polls() {
    let mut session = beside(
        "let (ask, asked) = mpsc::channel::<mpsc::Sender<u8>>();\n\
         thread::spawn(move || loop {\n\
             let Ok(answer) = asked.recv_timeout(Duration::from_millis(300)) else { continue };\n\
             let begin = std::time::Instant::now();\n\
             while begin.elapsed() < Duration::from_secs(3) {}\n\
             answer.send(48).unwrap();\n\
         });",
    );
    let cell = session.run_headless(
        "let (answer, answered) = mpsc::channel();\nlet ask = ask.clone();\n\
         thread::spawn(move || { ask.send(answer).unwrap(); println!(\"{}\", answered.recv().unwrap()); });",
    );
    assert!(!cell.late);
    cell.prints("48\n");
}

const LATE: &str = "use std::{sync::mpsc, thread, time::Duration};\n\
    fn late(name: &str) { thread::sleep(Duration::from_millis(600)); println!(\"late {name}\"); }\n";

#[test]
fn a_cell_waits_for_an_earlier_cells_thread_that_it_wakes() {
    let mut session = beside(LOOP);
    let consumer = session.send_headless(&format!(
        "{LATE}let (sender, receiver) = mpsc::channel::<&str>();\n\
         thread::spawn(move || for name in receiver {{ thread::spawn(move || late(name)).join().unwrap(); }});"
    ));
    session.finish(&consumer).prints("");
    session.run_headless("sender.send(\"A\")?;").prints("");
    // It belongs to the cell that started the thread.
    assert_eq!(session.cell(&consumer).stdout, "late A\n");
    session.run_headless("drop(sender);").prints("");
}

#[test]
fn an_earlier_cells_thread_that_does_not_end_is_cut_by_the_limit_with_a_note() {
    let mut session = Session::start_with(|kernel| {
        kernel.env("WOOZLE_SETTLE", "0.5");
    });
    let busy = format!(
        "{EVENTS}Thread::spawn(|| {{ GO.wait(); for n in 0_u64.. {{ std::thread::sleep(Duration::from_millis(5)); std::hint::black_box(n); }} }});"
    );
    session.run_headless(&busy).prints("");
    let cell = session.run_headless("GO.set();").ok();
    assert!(cell.stderr.starts_with("note: 1 thread"), "{cell:#?}");
    session.run_headless("println!(\"next\");").prints("next\n");
}

#[test]
fn a_thread_that_another_one_wakes_now_and_then_holds_nothing_up() {
    let mut session = beside(
        "let (sender, receiver) = mpsc::channel();\n\
         thread::spawn(move || for n in 0.. { thread::sleep(Duration::from_millis(5)); sender.send(n).unwrap(); });\n\
         thread::spawn(move || for _ in receiver {});",
    );
    for n in 0..5 {
        let next = format!("{n}\n");
        session
            .run_headless(&format!("println!(\"{n}\");"))
            .prints(&next);
    }
}

/// They are threads of the first cell that uses rayon, or of the one that makes the pool, and work for whoever runs.
#[test]
fn a_cell_waits_for_what_it_gives_to_a_pool_of_rayon() {
    let mut session = beside(LOOP);
    session
        .run(&format!(
            "{LATE}let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build()?;"
        ))
        .ok();
    for name in ["A", "B", "C"] {
        let late = format!("late {name}\n");
        let cell = session.run_headless(&format!("rayon::spawn(|| late({name:?}));"));
        cell.prints(&late);
        let cell = session.run_headless(&format!("pool.spawn(|| late({name:?}));"));
        cell.prints(&late);
    }
}

const STOP: &str = "use std::sync::{Arc, Mutex, atomic::{AtomicBool, AtomicU32, Ordering::SeqCst}};\n\
    use std::{thread, time::{Duration, Instant}};\n\
    static STOP: AtomicBool = AtomicBool::new(false);\n\
    fn nap() { thread::sleep(Duration::from_millis(10)) }\n";

/// A session whose cells are waited for no longer than it takes to see that they are.
fn short_wait() -> Session {
    Session::start_with(|kernel| {
        kernel.env("WOOZLE_SETTLE", "10");
    })
}

/// What they look at, only a later cell changes. What it brings is there when that cell has ended.
#[test]
fn threads_that_look_again_and_again_hold_nothing_up_and_are_waited_for_when_they_find_something() {
    let looking = [
        (
            "thread::spawn(|| { while !STOP.load(SeqCst) { nap(); } println!(\"over\"); });",
            "STOP.store(true, SeqCst);",
        ),
        (
            "let stop = Arc::new(Mutex::new(false));\nlet seen = stop.clone();\n\
          for _ in 0..2 { let seen = seen.clone(); thread::spawn(move || { while !*seen.lock().unwrap() { nap(); } println!(\"over\"); }); }",
            "*stop.lock().unwrap() = true;",
        ),
        (
            "woozle::threading::Thread::spawn(|| loop {\n    if STOP.load(SeqCst) { nap(); nap(); println!(\"over\"); break }\n    nap();\n});",
            "STOP.store(true, SeqCst);",
        ),
        (
            "let pool = woozle::concurrent::ThreadPoolExecutor::new(2);\n\
          pool.submit(|| { while !STOP.load(SeqCst) { unsafe { libc::usleep(5000); } } println!(\"over\"); });",
            "STOP.store(true, SeqCst);",
        ),
    ];
    for (look, release) in looking {
        let mut session = short_wait();
        let first = session.send_headless(&format!("{STOP}{look}"));
        session.finish(&first).prints("");
        session.run_headless("println!(\"next\");").prints("next\n");
        session.run_headless(release).prints("");
        let printed = session.cell(&first).stdout.clone();
        assert_eq!(printed.replace("over\n", ""), "", "{look}");
        assert!(!printed.is_empty(), "{look}");
    }
}

/// Loops that look as if they waited for another cell, but end by themselves.
#[test]
fn a_thread_that_sleeps_again_and_again_and_ends_by_itself_is_waited_for() {
    let mut session = short_wait();
    session.run(STOP).ok();
    for body in [
        "for _ in 0..70 { nap(); } println!(\"end\");",
        "let begin = Instant::now(); while begin.elapsed() < Duration::from_millis(700) { nap(); } println!(\"end\");",
        "static N: AtomicU32 = AtomicU32::new(0); while N.fetch_add(1, SeqCst) < 70 { nap(); } println!(\"end\");",
        "let all = Arc::new(Mutex::new(vec![(); 70])); while all.lock().unwrap().pop().is_some() { nap(); } println!(\"end\");",
        "let mut naps = vec![0; 70]; naps.retain(|_| { nap(); false }); println!(\"end\");",
        "let mut child = std::process::Command::new(\"sleep\").arg(\"0.7\").spawn().unwrap();\n\
         while child.try_wait().unwrap().is_none() { nap(); } println!(\"end\");",
        "let go = Arc::new(AtomicBool::new(false)); let set = go.clone();\n\
         thread::spawn(move || { thread::sleep(Duration::from_millis(700)); set.store(true, SeqCst); });\n\
         while !go.load(SeqCst) { nap(); } println!(\"end\");",
    ] {
        let cell = session.run_headless(&format!("thread::spawn(|| {{ {body} }});"));
        assert!(!cell.late, "{body}");
        cell.prints("end\n");
    }
}
