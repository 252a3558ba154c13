//! `%%timeline`: what is drawn of threads, by the file that `:timeline save` writes, and by the picture.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{Cell, Session};

/// What the cells use. A thread that is to be seen waiting is waited for by the report of what threads do.
const SETUP: &str = "use std::sync::{Arc, Barrier, Condvar, Mutex, OnceLock, RwLock, mpsc};\nuse std::thread;\n\
    use woozle::threading::{Event, Lock, Thread, report};\n\
    static JAR: Mutex<u32> = Mutex::new(0);\nstatic LOCK: Lock = Lock::new();\nstatic GO: Event = Event::new();\n\
    fn until_waits(name: &str) {\n    let who = format!(\"`{name}`\");\n\
        while !report().lines().any(|line| line.contains(&who) && line.contains(\" waits\")) {}\n}\n\
    fn start(name: &str, body: impl FnOnce() + Send + 'static) -> thread::JoinHandle<()> {\n\
        thread::Builder::new().name(name.to_owned()).spawn(body).unwrap()\n}";

/// A thread for each kind of wait, and the cell that ends them all.
const ALL_WAIT: &str = "%%timeline\nlet jar = JAR.lock().unwrap();\nlet lock = LOCK.guard();\nlet shelf = Arc::new(RwLock::new(1));\n\
         let read = shelf.read().unwrap();\nlet bell = Arc::new((Mutex::new(false), Condvar::new()));\n\
         let (tx, rx) = mpsc::channel::<u8>();\nlet gate = Arc::new(Barrier::new(2));\n\
         let mut all = vec![\n\
         start(\"Mutex\", || { *JAR.lock().unwrap() += 1; }),\n\
         start(\"Lock\", || drop(LOCK.guard())),\n\
         start(\"Event\", || GO.wait()),\n\
         start(\"Receiver\", move || { rx.recv().unwrap(); }),\n\
         start(\"parked\", || thread::park()),\n\
         ];\n\
         all.push(start(\"RwLock\", { let shelf = Arc::clone(&shelf); move || *shelf.write().unwrap() += 1 }));\n\
         all.push(start(\"Condvar\", { let bell = Arc::clone(&bell); move || {\n\
             let mut rung = bell.0.lock().unwrap();\n\
             while !*rung { rung = bell.1.wait(rung).unwrap(); }\n\
         } }));\n\
         all.push(start(\"Barrier\", { let gate = Arc::clone(&gate); move || { gate.wait(); } }));\n\
         for thread in &all { until_waits(thread.thread().name().unwrap()); }\n\
         drop(jar);\ndrop(lock);\nGO.set();\ntx.send(1).unwrap();\nall[4].thread().unpark();\ndrop(read);\n\
         *bell.0.lock().unwrap() = true;\nbell.1.notify_one();\ngate.wait();\n\
         for thread in all { thread.join().unwrap(); }";

/// What each of them is seen to do: its name, the kind of wait, what it is called, for what, on which line.
const WAITS: [(&str, &str, &str, &str, &str); 8] = [
    (
        "Mutex",
        "lock",
        "waits for a Mutex",
        "JAR",
        "line 10: start(",
    ),
    (
        "Lock",
        "lock",
        "waits for a Lock",
        "LOCK",
        "line 11: start(",
    ),
    (
        "Event",
        "event",
        "waits for an Event",
        "GO",
        "line 12: start(",
    ),
    (
        "Receiver",
        "message",
        "waits for a message",
        "rx",
        "line 13: start(",
    ),
    ("parked", "event", "is parked", "", "line 14: start("),
    (
        "RwLock",
        "lock",
        "waits for an RwLock",
        "shelf",
        "line 16: all.push(",
    ),
    (
        "Condvar",
        "condition",
        "waits on a Condvar",
        "bell.1",
        "line 19: while ",
    ),
    (
        "Barrier",
        "event",
        "waits at a Barrier",
        "gate",
        "line 21: all.push(",
    ),
];

/// What a file says.
struct Timeline {
    events: Vec<Value>,
    /// The threads' names.
    names: BTreeMap<(i64, i64), String>,
}

impl Timeline {
    fn save(session: &mut Session, folder: &Path) -> Self {
        let file = folder.join("run.json");
        let name = file.display();
        session
            .run(&format!(":timeline save {name}"))
            .prints(&format!(
                "{name} can be opened with https://ui.perfetto.dev\n"
            ));
        let text = fs::read_to_string(&file).expect("it is written");
        let file: Value = serde_json::from_str(&text).expect("it is JSON");
        let events = file["traceEvents"].as_array().expect("a list").clone();
        let named = events.iter().filter(|event| event["ph"] == "M");
        let names = named.map(|event| (of(event), string(&event["args"]["name"])));
        Self {
            names: names.collect(),
            events,
        }
    }

    fn threads(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.names.values().map(String::as_str).collect();
        names.sort_unstable();
        names
    }

    /// The events of this kind of a thread.
    fn of<'a>(&'a self, thread: &'a str, category: &'a str) -> impl Iterator<Item = &'a Value> {
        self.events.iter().filter(move |event| {
            event["cat"] == category
                && self
                    .names
                    .get(&of(event))
                    .is_some_and(|name| name == thread)
        })
    }

    /// Whether one thread has woken another one.
    fn has_wake(&self, from: &str, to: &str) -> bool {
        let end = |phase: &'static str, thread: &str| {
            let ends = self
                .of(thread, "wake")
                .filter(move |event| event["ph"] == phase);
            ends.map(|event| event["id"].as_u64()).collect::<Vec<_>>()
        };
        let woken = end("f", to);
        end("s", from).iter().any(|id| woken.contains(id))
    }
}

fn of(event: &Value) -> (i64, i64) {
    let number = |key: &str| event[key].as_i64().expect("a number");
    (number("pid"), number("tid"))
}

fn string(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The only picture of a cell, as HTML.
fn html(cell: &Cell) -> String {
    let [picture] = &cell.displays[..] else {
        panic!("{} displays", cell.displays.len());
    };
    string(&picture["text/html"])
}

#[test]
fn each_kind_of_wait_is_seen_with_its_place_and_who_ends_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut session = Session::start();
    session.run(SETUP).ok();
    let cell = session.run(ALL_WAIT);
    let picture = html(&cell.ok());
    let seen = Timeline::save(&mut session, folder.path());
    let names = [
        "Barrier", "Condvar", "Event", "Lock", "Mutex", "Receiver", "RwLock", "parked", "the cell",
    ];
    assert_eq!(seen.threads(), names);
    assert_eq!(picture.matches("<g class=\"thread\">").count(), names.len());
    for (thread, category, what, object, line) in WAITS {
        let waits: Vec<&Value> = seen.of(thread, category).collect();
        let last = waits
            .last()
            .unwrap_or_else(|| panic!("{thread} has no {category}"));
        assert_eq!(last["name"], what);
        assert_eq!(string(&last["args"]["object"]), object, "{thread}");
        let place = string(&last["args"]["place"]);
        assert!(place.starts_with(line), "{thread}: {place}");
        assert_eq!(last["args"]["woken_by"], "the cell", "{thread}");
        assert!(seen.has_wake("the cell", thread), "{thread}");
    }
    for (thread, lock) in [("Mutex", "JAR"), ("Lock", "LOCK")] {
        let waits = seen.of(thread, "lock").last().expect("it waits");
        let holders = waits["args"]["held_by"].as_array().expect("a list");
        assert_eq!(holders[..], ["the cell"], "{thread}");
        let holds = |thread| {
            seen.of(thread, "hold")
                .any(|hold| hold["args"]["lock"] == lock)
        };
        assert!(holds("the cell"), "{lock}");
    }
    // The last one to be waited for is the last in the list.
    let ends = seen.of("the cell", "end");
    let ends: Vec<String> = ends.map(|wait| string(&wait["name"])).collect();
    assert!(
        ends.iter()
            .all(|end| end.starts_with("waits for the end of ")),
        "{ends:?}"
    );
    assert!(picture.contains("held by the cell"), "{picture}");
    assert!(!picture.contains("woozle_"), "{picture}");
}

#[test]
fn tasks_of_pools_have_lanes_of_their_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut session = Session::start();
    session
        .run(
            "use woozle::concurrent::ThreadPoolExecutor;\nuse woozle::multiprocessing::{Pool, Process};\nuse std::time::Duration;\n\
             fn nap(n: u64) -> u64 { std::thread::sleep(Duration::from_millis(n)); n }",
        )
        .ok();
    session
        .run(
            "%%timeline\nlet threads = ThreadPoolExecutor::new(1);\nlet two = [threads.submit(|| nap(3)), threads.submit(|| nap(4))];\n\
             let pool = Pool::new(2)?;\nlet naps = pool.map(nap, [5, 6])?;\n\
             let child = Process::new(|| { nap(7); println!(\"awake\"); });\nchild.start()?;\nchild.join()?;\n\
             for task in two { task.result()?; }",
        )
        .prints("awake\n");
    let seen = Timeline::save(&mut session, folder.path());
    let threads = seen.threads();
    assert!(threads.contains(&"ThreadPoolExecutor-0_0"), "{threads:?}");
    assert_eq!(seen.of("ThreadPoolExecutor-0_0", "task").count(), 2);
    let processes: Vec<&&str> = threads
        .iter()
        .filter(|name| name.starts_with("process "))
        .collect();
    // A worker that is quick takes both.
    assert!((2..=3).contains(&processes.len()), "{threads:?}");
    let mut sleeps: Vec<String> = processes
        .iter()
        .flat_map(|process| seen.of(process, "sleep"))
        .map(|sleep| string(&sleep["name"]))
        .collect();
    sleeps.sort_unstable();
    assert_eq!(sleeps, ["sleeps 5 ms", "sleeps 6 ms", "sleeps 7 ms"]);
    let tasks = processes
        .iter()
        .map(|process| seen.of(process, "task").count());
    assert_eq!(tasks.sum::<usize>(), 2);
    let printed = processes
        .iter()
        .flat_map(|process| seen.of(process, "print"));
    let printed: Vec<String> = printed
        .map(|print| string(&print["args"]["text"]))
        .collect();
    assert_eq!(printed, ["awake\n"]);
}

#[test]
fn a_cell_is_watched_until_its_threads_have_ended_and_shown_however_it_ends() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut session = Session::start();
    session.run("use std::time::Duration;").ok();
    let late = session.run(
        "%%timeline\nstd::thread::spawn(|| { std::thread::sleep(Duration::from_millis(30)); println!(\"late\"); });",
    );
    late.prints("late\n");
    let seen = Timeline::save(&mut session, folder.path());
    assert_eq!(seen.threads(), ["the cell", "thread 1"]);
    assert_eq!(seen.of("thread 1", "sleep").count(), 1);
    assert_eq!(seen.of("thread 1", "print").count(), 1);

    let failed = session
        .run("%%timeline\nstd::thread::scope(|s| { s.spawn(|| ()); });\npanic!(\"out of honey\")");
    failed.fails_with(&["panicked", "out of honey"]);
    assert!(html(&failed).contains("thread 1"));

    let request =
        session.send("%%timeline\nprintln!(\"waits\");\nwoozle::threading::Event::new().wait();");
    session.wait_for(&request, |cell| cell.stdout.contains("waits"));
    session.interrupt();
    let interrupted = session.finish(&request);
    interrupted.fails_with(&["KeyboardInterrupt"]);
    assert!(html(&interrupted).contains("the cell"));

    // Nothing is recorded of the next one.
    assert!(session.run("1 + 1").displays.is_empty());
    let headless = session.run_headless("%%timeline\nstd::thread::spawn(|| println!(\"late\"));");
    headless.prints("late\n");
}

#[test]
fn a_picture_has_a_bound() {
    let mut session = Session::start();
    let cell = session.run(
        "%%timeline\nuse std::sync::Mutex;\nstatic SUM: Mutex<u64> = Mutex::new(0);\n\
         let threads: Vec<_> = (0..8).map(|_| std::thread::spawn(|| for _ in 0..20_000 {\n\
             *SUM.lock().unwrap() += 1;\n    if *SUM.lock().unwrap() % 8 == 0 { std::thread::yield_now(); }\n})).collect();\n\
         for thread in threads { thread.join().unwrap(); }\nlet sum = *SUM.lock().unwrap();\nprintln!(\"{sum}\");",
    );
    let picture = html(&cell.ok());
    assert!(picture.len() < 600_000, "{} bytes", picture.len());
    session
        .run("%%timeline\nfor _ in 0..200 { std::thread::spawn(|| ()).join().unwrap(); }")
        .ok();
}

#[test]
fn what_cannot_be_saved_is_said() {
    let mut session = Session::start();
    let help = "`:timeline save FILE.json` writes what the last `%%timeline` has shown";
    session.run(":timeline").fails_with(&[help]);
    session.run(":timeline show").fails_with(&[help]);
    let none = "no cell with `%%timeline` has been run";
    session.run(":timeline save a.json").fails_with(&[none]);
    session.run("%%timeline\nlet a = 1;").ok();
    let folder = "/nonexistent/a.json cannot be written";
    session
        .run(":timeline save /nonexistent/a.json")
        .fails_with(&[folder]);
}
