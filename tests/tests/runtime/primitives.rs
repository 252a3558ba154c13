//! Primitives between cells: the owner is in one cell's library, the waiter in another's, also
//! when the functions that use them are redefined while somebody waits.

use crate::support::Session;

/// A primitive, with a thread that waits for it and what makes the thread go on. An `@` stands for
/// what tells the names of the cases apart.
struct Case {
    name: &'static str,
    /// In a cell of its own.
    owner: &'static str,
    /// What blocks, and then gives 1.
    waits: &'static str,
    wakes: &'static str,
    /// What makes it block once more.
    again: &'static str,
}

const CASES: [Case; 10] = [
    Case {
        name: "Lock",
        owner: "use woozle::threading::Lock;\nstatic P@: Lock = Lock::new();\nP@.acquire();",
        waits: "P@.with(|| 1)",
        wakes: "P@.release().unwrap();",
        again: "P@.acquire();",
    },
    Case {
        name: "RLock",
        owner: "use woozle::threading::RLock;\nstatic P@: RLock = RLock::new();\nP@.acquire();",
        waits: "P@.with(|| P@.with(|| 1))",
        wakes: "P@.release().unwrap();",
        again: "P@.acquire();",
    },
    Case {
        name: "Condition",
        owner: "use std::sync::atomic::{AtomicBool, Ordering::SeqCst};\n\
            use woozle::threading::Condition;\n\
            static P@: Condition = Condition::new();\n\
            static SO@: AtomicBool = AtomicBool::new(false);",
        waits: "P@.guard().wait_for(|| SO@.load(SeqCst)); 1",
        wakes: "let held = P@.guard(); SO@.store(true, SeqCst); held.notify();",
        again: "SO@.store(false, SeqCst);",
    },
    Case {
        name: "Semaphore",
        owner: "use woozle::threading::Semaphore;\nstatic P@: Semaphore = Semaphore::new(0);",
        waits: "P@.acquire(); 1",
        wakes: "P@.release();",
        again: "",
    },
    Case {
        name: "BoundedSemaphore",
        owner: "use woozle::threading::BoundedSemaphore;\n\
            static P@: BoundedSemaphore = BoundedSemaphore::new(1);\nP@.acquire();",
        waits: "P@.acquire(); 1",
        wakes: "P@.release().unwrap();",
        again: "",
    },
    Case {
        name: "Event",
        owner: "use woozle::threading::Event;\nstatic P@: Event = Event::new();",
        waits: "P@.wait(); 1",
        wakes: "P@.set();",
        again: "P@.clear();",
    },
    Case {
        name: "Barrier",
        owner: "use woozle::threading::Barrier;\nstatic P@: Barrier = Barrier::new(2);",
        waits: "P@.wait().map_or(0, |_| 1)",
        wakes: "P@.wait().unwrap();",
        again: "",
    },
    Case {
        name: "Queue",
        owner: "use woozle::queue::Queue;\nstatic P@: Queue<u32> = Queue::new();",
        waits: "P@.get().unwrap_or(0)",
        wakes: "P@.put(1).unwrap();",
        again: "",
    },
    Case {
        name: "SimpleQueue",
        owner: "use woozle::queue::SimpleQueue;\nstatic P@: SimpleQueue<u32> = SimpleQueue::new();",
        waits: "P@.get()",
        wakes: "P@.put(1);",
        again: "",
    },
    Case {
        name: "Future",
        owner: "use std::sync::{LazyLock, Mutex};\nuse woozle::concurrent::Future;\n\
            static P@: LazyLock<Mutex<Future<u32>>> = LazyLock::new(Mutex::default);\n\
            fn future@() -> Future<u32> { P@.lock().unwrap().clone() }",
        waits: "future@().result().unwrap_or(0)",
        wakes: "future@().set_result(1).unwrap();",
        again: "*P@.lock().unwrap() = Future::new();",
    },
];

#[test]
fn the_waiter_is_in_another_cell_than_the_owner_and_the_waker() {
    let mut session = Session::start();
    for (number, case) in CASES.iter().enumerate() {
        let mut step = |code: &str| {
            let code = code.replace('@', &number.to_string());
            // Headless: a cell is over when its threads wait, so when it is, they do.
            let cell = session.run_headless(&code);
            assert!(cell.is_ok(), "{}: {cell:#?}", case.name);
            cell.result
        };
        let Case {
            owner,
            waits,
            wakes,
            again,
            ..
        } = case;
        step(owner);
        step(&format!("fn waits@() -> u32 {{ {waits} }}"));
        step(&format!("fn wakes@() {{ {wakes} }}"));
        step("let t@ = woozle::threading::Thread::spawn(waits@);");
        // The old functions are still waiting when the new ones come.
        step(&format!("fn waits@() -> u32 {{ 10 * {{ {waits} }} }}"));
        step(&format!("fn wakes@() {{ /* anew */ {wakes} }}"));
        assert_eq!(
            step("t@.is_alive()").as_deref(),
            Some("true"),
            "{}",
            case.name
        );
        let first = step("wakes@();\nt@.join()?");
        assert_eq!(first.as_deref(), Some("1"), "{}", case.name);
        step(again);
        step("let t@ = woozle::threading::Thread::spawn(waits@);");
        let second = step("wakes@();\nt@.join()?");
        assert_eq!(second.as_deref(), Some("10"), "{}", case.name);
    }
}

#[test]
fn a_pools_tasks_print_in_the_cell_that_submitted_them() {
    let mut session = Session::start();
    session
        .run(
            "use woozle::concurrent::{ComputePool, ThreadPoolExecutor};\n\
              use woozle::threading::Event;\nstatic GO: Event = Event::new();\n\
              let pool = ThreadPoolExecutor::new(1);\nlet compute = ComputePool::new(1)?;\n\
              let hello = (pool.submit(|| println!(\"a\")), compute.submit(|| println!(\"b\")));\n\
              hello.0.result()?;\nhello.1.result()?;",
        )
        .ok();
    let early = session.send(
        "for word in [\"one\", \"two\"] { pool.submit(move || { GO.wait(); println!(\"{word}\") }); }\n\
         compute.submit(|| { GO.wait(); println!(\"three\") });",
    );
    session.finish(&early).prints("");
    session.run("GO.set();").prints("");
    let cell = session.wait_for(&early, |cell| cell.stdout.lines().count() == 3);
    let mut lines: Vec<_> = cell.stdout.lines().collect();
    lines.sort_unstable();
    assert_eq!(lines, ["one", "three", "two"]);
}

#[test]
fn a_headless_cell_waits_for_the_tasks_that_it_gave_to_an_earlier_cells_pool() {
    let mut session = Session::start();
    session
        .run_headless(
            "use woozle::concurrent::ThreadPoolExecutor;\nlet pool = ThreadPoolExecutor::new(1);\n\
             pool.submit(|| ()).result()?;",
        )
        .prints("");
    session
        .run_headless(
            "for n in 0..3 {\n    pool.submit(move || {\n        \
             std::thread::sleep(std::time::Duration::from_millis(50));\n        \
             println!(\"{n}\");\n    });\n}",
        )
        .prints("0\n1\n2\n");
}

#[test]
fn an_error_that_a_question_mark_returns_is_shown_by_its_message() {
    let mut session = Session::start();
    let cell = session.run(
        "let t = woozle::threading::Thread::builder().name(\"Pooh\").spawn(|| panic!(\"bother\"))?;\n\
         t.join()?;",
    );
    cell.fails_with(&["ThreadError: Pooh panicked at cell [1]:1:", ": bother"]);
    session
        .run("woozle::queue::Queue::<u8>::new().get_nowait()?;")
        .fails_with(&["GetError: the queue is empty"]);
}
