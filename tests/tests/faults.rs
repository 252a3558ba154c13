//! Every way to die, in every state that a session can be in. The table in `docs/faults.md` is
//! written from what was seen here; with `WOOZLE_BLESS=1` it is written anew.

use std::fmt::Write as _;
use std::path::Path;

use crate::support::{Session, descendants};

/// A way to die: its name, the cell, and what the answer says.
const WAYS: [(&str, &str, &str); 10] = [
    (
        "invalid memory access",
        "unsafe { std::ptr::null_mut::<u8>().write_volatile(1) }",
        "SIGSEGV",
    ),
    (
        "misaligned mapping (SIGBUS)",
        "unsafe { libc::raise(libc::SIGBUS) }",
        "SIGBUS",
    ),
    (
        "illegal instruction",
        "unsafe { libc::raise(libc::SIGILL) }",
        "SIGILL",
    ),
    (
        "arithmetic error",
        "unsafe { libc::raise(libc::SIGFPE) }",
        "SIGFPE",
    ),
    ("abort", "std::process::abort()", "SIGABRT"),
    (
        "stack overflow",
        "fn deep(n: u64) -> u64 { std::hint::black_box([n; 64])[0] + deep(n + 1) }\nstd::hint::black_box(deep(0))",
        "SIGABRT",
    ),
    (
        "panic while panicking",
        "struct Bomb;\nimpl Drop for Bomb {\n    fn drop(&mut self) { panic!(\"again\") }\n}\n{ let _b = Bomb; panic!(\"once\") }",
        "SIGABRT",
    ),
    ("process::exit", "std::process::exit(3)", "exit code 3"),
    (
        "killed",
        "unsafe { libc::kill(libc::getpid(), libc::SIGKILL) }",
        "SIGKILL",
    ),
    (
        "crash of another thread",
        "std::thread::spawn(|| std::process::abort()).join().unwrap()",
        "SIGABRT",
    ),
];

/// A state: its name, the cell that makes it, one that uses it, and what that gives.
const STATES: [(&str, &str, &str, &str); 13] = [
    (
        "variables of many kinds",
        "let mut v = vec![1, 2];\nlet s = String::from(\"é\");\nlet b: Box<dyn Fn(u32) -> u32 + Send> = Box::new(|n| n + 1);\n\
         let m = std::collections::HashMap::from([(1, \"one\")]);\nlet rc = std::rc::Rc::new(5);",
        "v.push(3);\nlet seen = (v.len(), &s, b(1), m[&1], *rc);\nassert!(v.pop() == Some(3));\nseen",
        "(3, \"é\", 2, \"one\", 5)",
    ),
    (
        "statics and thread-locals",
        "static mut N: u32 = 1;\nuse std::sync::Mutex;\nstatic LOG: Mutex<Vec<u8>> = Mutex::new(vec![]);\nLOG.lock().unwrap().push(7);\n\
         use std::cell::Cell;\nthread_local! { static HERE: Cell<u32> = const { Cell::new(0) }; }\nHERE.set(4);",
        "(LOG.lock().unwrap().clone(), HERE.get())",
        "([7], 4)",
    ),
    (
        "threads that run",
        "use std::sync::{Arc, atomic::{AtomicU64, Ordering::SeqCst}};\nlet count = Arc::new(AtomicU64::new(0));\n\
         for _ in 0..4 {\n    let count = count.clone();\n    std::thread::spawn(move || loop { count.fetch_add(1, SeqCst); std::thread::sleep(std::time::Duration::from_millis(1)); });\n}",
        "let before = count.load(SeqCst);\nwhile count.load(SeqCst) < before + 20 {}\ntrue",
        "true",
    ),
    (
        "a rayon pool in use",
        "use rayon::prelude::*;\nlet pool = rayon::ThreadPoolBuilder::new().num_threads(3).build()?;\nlet n: u64 = (0..100u64).into_par_iter().sum();",
        "(pool.install(|| (0..100u64).into_par_iter().sum::<u64>()), (0..10u64).into_par_iter().sum::<u64>(), n)",
        "(4950, 45, 4950)",
    ),
    (
        "threads blocked in std's primitives",
        "use std::sync::{Arc, Barrier, Condvar, Mutex, RwLock, mpsc};\nuse std::thread;\n\
         let mutex = Arc::new(Mutex::new(0));\nlet pair = Arc::new((Mutex::new(false), Condvar::new()));\nlet rw = Arc::new(RwLock::new(1));\nlet barrier = Arc::new(Barrier::new(2));\n\
         let (send, receive) = mpsc::channel::<u32>();\n\
         let a = thread::spawn({ let p = pair.clone(); move || { let mut go = p.0.lock().unwrap(); while !*go { go = p.1.wait(go).unwrap(); } 1 } });\n\
         let b = thread::spawn(move || receive.recv().unwrap());\n\
         let c = thread::spawn({ let barrier = barrier.clone(); move || { barrier.wait(); 3 } });\n\
         let d = thread::spawn(|| { thread::park(); 4 });",
        "*pair.0.lock().unwrap() = true;\npair.1.notify_all();\nsend.send(2)?;\nbarrier.wait();\nd.thread().unpark();\n*mutex.lock().unwrap() += 1;\n\
         [a, b, c, d].map(|t| t.join().unwrap())",
        "[1, 2, 3, 4]",
    ),
    (
        "threads blocked in the runtime's primitives",
        "use woozle::threading::{Barrier, Condition, Event, Lock, RLock, Semaphore, Thread};\n\
         let (event, lock, semaphore, barrier) = (Event::new(), Lock::new(), Semaphore::new(0), Barrier::new(2));\n\
         let condition = Condition::new();\nlet queue = woozle::queue::Queue::<u32>::new();\nlock.acquire();\n\
         let threads = [\n    Thread::spawn({ let event = event.clone(); move || { event.wait(); 1 } }),\n    Thread::spawn({ let lock = lock.clone(); move || { lock.acquire(); 2 } }),\n    \
         Thread::spawn({ let semaphore = semaphore.clone(); move || { semaphore.acquire(); 3 } }),\n    Thread::spawn({ let barrier = barrier.clone(); move || { let _ = barrier.wait(); 4 } }),\n    \
         Thread::spawn({ let queue = queue.clone(); move || queue.get() }),\n];",
        "event.set();\nlock.release()?;\nsemaphore.release();\nbarrier.wait()?;\nqueue.put(5);\nthreads.into_iter().map(|t| t.join().unwrap()).collect::<Vec<_>>()",
        "[1, 2, 3, 4, 5]",
    ),
    (
        "a process pool",
        "use woozle::multiprocessing::Pool;\nfn square(n: u64) -> u64 { n * n }\nlet pool = Pool::new(2)?;\nlet first = pool.map(square, 0..3)?;",
        "(pool.map(square, 2..4)?, first)",
        "([4, 9], [0, 1, 4])",
    ),
    (
        "a thread pool and its futures",
        "use woozle::concurrent::ThreadPoolExecutor;\nuse woozle::threading::Event;\nlet executor = ThreadPoolExecutor::new(2);\nlet go = Event::new();\n\
         let future = executor.submit({ let go = go.clone(); move || { go.wait(); 6 } });",
        "go.set();\n(future.result()?, executor.submit(|| 7).result()?)",
        "(6, 7)",
    ),
    (
        "shared memory",
        "use woozle::multiprocessing as mp;\nlet value = mp::Value::new(3_u64)?;\nlet array = mp::SharedArray::<f64, _>::zeros(ndarray::Ix1(4))?;",
        "value.get()",
        "3",
    ),
    (
        "open files and sockets",
        "use std::io::{Read, Write};\nuse std::os::unix::net::UnixStream;\nlet (mut here, mut there) = UnixStream::pair()?;\nhere.write_all(b\"kept\")?;",
        "let mut text = [0; 4];\nthere.read_exact(&mut text)?;\nhere.write_all(&text)?;\nString::from_utf8_lossy(&text).into_owned()",
        "\"kept\"",
    ),
    (
        "output in flight",
        "let noisy = std::thread::spawn(|| for n in 0.. { println!(\"line {n}\"); std::thread::sleep(std::time::Duration::from_millis(2)); });",
        "noisy.is_finished()",
        "false",
    ),
    (
        "a future that is not done",
        "let alarm = woozle::threading::Event::new();\nlet kept = async { 8 };",
        "alarm.is_set()",
        "false",
    ),
    (
        "many megabytes",
        "let large = vec![7_u8; 64 << 20];",
        "(large.len() >> 20, large[large.len() - 1])",
        "(64, 7)",
    ),
];

#[test]
fn whatever_happens_the_session_goes_on() {
    let mut table = String::from(
        "# What a session survives\n\n\
         Each row is a state of a session, each column a way for a cell to die. In every field the test\n\
         (`tests/tests/faults.rs`, which writes this page) has seen: the cell is answered with an error that says\n\
         how it died; the state is as it was before the cell; it can be used; another cell runs; and\n\
         in the end no process is left.\n\n| |",
    );
    for (way, ..) in WAYS {
        let _ = write!(table, " {way} |");
    }
    table.push_str(&format!("\n|---|{}\n", "---|".repeat(WAYS.len())));
    for (state, make, using, gives) in STATES {
        let mut session = Session::start();
        session.run(make).ok();
        let _ = write!(table, "| {state} |");
        for (way, crash, how) in WAYS {
            println!("{state}: {way}");
            session
                .run(crash)
                .fails_with(&["crash", how, "as they were before"]);
            let cell = session.run(using).ok();
            assert_eq!(
                cell.result.as_deref(),
                Some(gives),
                "{state}: {way}: {cell:#?}"
            );
            session.run("1 + 1").gives("2");
            // What was used up is made again for the next crash.
            session.run(make).ok();
            table.push_str(" kept |");
        }
        let processes = descendants(session.kernel.id());
        session.shut_down();
        for process in processes {
            process.ends();
        }
        table.push('\n');
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/faults.md");
    if std::env::var_os("WOOZLE_BLESS").is_some() {
        std::fs::write(&path, &table).expect("docs/faults.md can be written");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(written, table, "run this test with WOOZLE_BLESS=1");
}
