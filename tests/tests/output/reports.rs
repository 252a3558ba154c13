//! What the user is told of a crash or a hang: how, in which of the functions, and on which line.

use crate::support::Session;

/// Ways to crash within functions of earlier cells: the cell, and parts of the report.
const CRASHES: &[(&str, &[&str])] = &[
    (
        "let n = 1;\npoke(n)",
        &[
            "SIGSEGV: invalid memory access at address 0x1",
            "cell [1]:3:",
            "in poke at cell [1]:3",
            "at cell [2]:2:1",
        ],
    ),
    (
        "deep(0)",
        &["stack overflow", "in deep at cell [1]:5", " times"],
    ),
    (
        "std::thread::Builder::new().name(\"digger\".into()).spawn(|| deep(0)).unwrap().join().unwrap()",
        &[
            "stack overflow, on thread `digger`",
            "in deep at cell [1]:5",
        ],
    ),
    (
        "leave(3)",
        &[
            "exit code 3, by a call of exit",
            "in leave at cell [1]:6",
            "at cell [5]:1:1",
        ],
    ),
    (
        "fast(&[1, 2], 7)",
        &["SIGILL: illegal instruction", "in fast at cell [1]:"],
    ),
    ("std::process::abort()", &["SIGABRT: abort", "cell [7]:1:1"]),
    (
        "unsafe { libc::raise(libc::SIGFPE); }",
        &["SIGFPE: arithmetic error", "cell [8]:1:10"],
    ),
    (
        "struct Bomb;\nimpl Drop for Bomb {\n    fn drop(&mut self) { panic!(\"again\") }\n}\nlet _bomb = Bomb;\npanic!(\"once\")",
        &[
            "SIGABRT: abort, since a destructor panicked while another panic unwound",
            "unwound: again",
            "cell [9]:3:",
        ],
    ),
    (
        "std::thread::spawn(|| deep(0)).join().unwrap()",
        &[
            "stack overflow, on an unnamed thread",
            "in deep at cell [1]:5",
        ],
    ),
];

#[test]
fn a_crash_is_reported_with_the_users_functions_and_lines() {
    let mut session = Session::start();
    session
        .run(
            "#[inline(never)]\nfn poke(n: usize) {\n    unsafe { std::ptr::without_provenance_mut::<u8>(n).write_volatile(1) }\n}\n\
             fn deep(n: u64) -> u64 { std::hint::black_box([n; 64])[0] + deep(n + 1) }\nfn leave(code: i32) { std::process::exit(code) }\n\
             fn fast(v: &[u32], n: u32) -> u32 {\n    for x in v { if *x + 5 == n { unsafe { std::arch::asm!(\"ud2\") } } }\n    n\n}",
        )
        .ok();
    for (crash, parts) in CRASHES {
        let cell = session.run(crash);
        let text = cell.fails();
        println!("{text}\n");
        for part in *parts {
            assert!(text.contains(part), "{part:?} is not in: {text}\n{cell:#?}");
        }
        for hidden in ["woozle_cell", "cell_", "woozle::"] {
            assert!(!text.contains(hidden), "{hidden}: {text}");
        }
    }
}

#[test]
fn who_needs_more_memory_than_the_limit_is_told_so() {
    let mut session = Session::start();
    session
        .run(":limit memory")
        .prints("the memory is not limited\n");
    session
        .run(":limit memory 1M")
        .fails_with(&["the session has allocated"]);
    session
        .run(":limit memory 512M\nlet kept = vec![1_u8; 1 << 20];")
        .prints("each process may allocate 512 MB\n");
    let small = "let mut all = Vec::new();\nloop { all.push(Box::new([1_u64; 64])); }";
    for cell in ["let big = vec![1_u8; 1 << 30];", small] {
        let cell = session.run(cell);
        cell.fails_with(&[
            "out of memory",
            "the limit is 512 MB",
            "cell [",
            "as they were before",
        ]);
        session.run("kept.len() >> 20").gives("1");
    }
    session
        .run("Vec::<u8>::new().try_reserve(1 << 30).is_err()")
        .gives("true");
    session
        .run(
            "use woozle::multiprocessing::Pool;\nlet pool = Pool::new(1)?;\n\
             pool.apply(|| Vec::<u8>::new().try_reserve(1 << 30).is_err(), ())?",
        )
        .gives("true");
    session
        .run(":limit memory none\n(vec![1_u8; 1 << 30].len() >> 20, kept.len() >> 20)")
        .gives("(1024, 1)");
}

#[test]
fn a_cell_that_can_never_go_on_says_so_while_it_hangs() {
    let mut session = Session::start();
    session
        .run(
            "use woozle::threading::{Event, Lock, Thread};\nuse std::sync::{Arc, Mutex, mpsc};\n\
             let (a, b) = (Lock::new(), Lock::new());\nlet (held, go) = (Event::new(), Event::new());\n\
             let pooh = Thread::builder().name(\"Pooh\").spawn({ let (a, b, held, go) = (a.clone(), b.clone(), held.clone(), go.clone()); move || {\n    \
             b.acquire();\n    held.set();\n    go.wait();\n    a.acquire();\n} });\nheld.wait();",
        )
        .ok();
    let request = session.send("a.acquire();\ngo.set();\nb.acquire();");
    let told = |cell: &crate::support::Cell| cell.stderr.contains("An interrupt ends the cell");
    let cell = session.wait_for(&request, told);
    for part in [
        "this cell cannot go on: every thread waits for another one",
        "the cell waits for a Lock (`b`), which thread `Pooh` holds\n      cell [2]:3:3: b.acquire();\n",
        "thread `Pooh` of cell [1] waits for a Lock (`a`), which the cell's own thread holds\n      cell [1]:9:7: a.acquire();\n",
    ] {
        assert!(
            cell.stderr.contains(part),
            "{part:?} is not in {}",
            cell.stderr
        );
    }
    session.interrupt();
    session.finish(&request).fails_with(&["KeyboardInterrupt"]);

    for (cell, part) in [
        (
            "Event::new().wait();",
            "waits for an Event (`Event::new()`)\n      cell [3]:1:14: ",
        ),
        (
            "a.acquire();",
            "waits for a Lock (`a`), which it holds itself\n      cell [4]:1:3: ",
        ),
        (
            "let (_send, receive) = mpsc::channel::<u32>();\nreceive.recv()?;",
            "waits in Receiver::recv (`receive`)\n      cell [5]:2:9: ",
        ),
        (
            "std::thread::scope(|scope| { scope.spawn(|| std::thread::park()); });",
            "the cell waits in thread::scope\n      cell [6]:1:",
        ),
        (
            "std::thread::spawn(|| std::thread::park()).join().unwrap();",
            "an unnamed thread of cell [7] waits in thread::park\n      cell [7]:1:",
        ),
    ] {
        let request = session.send(cell);
        let said = session.wait_for(&request, told);
        assert!(
            said.stderr.contains(part),
            "{part:?} is not in {}",
            said.stderr
        );
        session.interrupt();
        session.interrupt();
        session.finish(&request).fails_with(&["KeyboardInterrupt"]);
    }
}

#[test]
fn a_cell_that_waits_for_time_or_input_is_left_alone() {
    let mut session = Session::start();
    session
        .run(
            "use woozle::threading::{Event, Thread};\nlet event = Event::new();\n\
             Thread::spawn({ let event = event.clone(); move || { std::thread::sleep(std::time::Duration::from_millis(2500)); event.set(); } });\n\
             event.wait();",
        )
        .prints("");
}
