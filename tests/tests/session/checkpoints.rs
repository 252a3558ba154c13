//! What a session still has after a crash.

use crate::support::{Session, descendants};

const CRASHES: [(&str, &str); 6] = [
    (
        "unsafe { std::ptr::null_mut::<u8>().write_volatile(1) }",
        "SIGSEGV",
    ),
    ("std::process::abort()", "SIGABRT"),
    ("std::process::exit(3)", "exit code 3"),
    (
        "fn deep(n: u64) -> u64 { std::hint::black_box([n; 64])[0] + deep(n + 1) }\ndeep(0)",
        "stack overflow",
    ),
    ("unsafe { libc::raise(libc::SIGFPE) }", "SIGFPE"),
    (
        "struct Bomb;\nimpl Drop for Bomb {\n    fn drop(&mut self) { panic!(\"again\") }\n}\nlet _b = Bomb;\npanic!(\"once\")",
        "SIGABRT",
    ),
];

#[test]
fn whatever_a_cell_dies_of_variables_statics_and_closures_are_kept() {
    let mut session = Session::start();
    session
        .run(
            "use std::sync::atomic::{AtomicU32, Ordering::SeqCst};\n\
             static COUNT: AtomicU32 = AtomicU32::new(0);\n\
             let text = String::from(\"kept\");\nlet map = std::collections::HashMap::from([(1, vec![2])]);\n\
             let n = 20;\nlet add = move |m: i32| n + m;\n",
        )
        .ok();
    for (round, (crash, how)) in CRASHES.into_iter().enumerate() {
        session.run("COUNT.fetch_add(1, SeqCst);").ok();
        // What the cell does before it dies is undone.
        let cell = session.run(&format!(
            "COUNT.fetch_add(100, SeqCst);\ndrop(text);\n{crash}"
        ));
        cell.fails_with(&["crash", how, "as they were before the cell"]);
        session
            .run("(COUNT.load(SeqCst), &text, &map[&1], add(2))")
            .gives(&format!("({}, \"kept\", [2], 22)", round + 1));
    }
}

#[test]
fn what_processes_share_is_as_before_the_cell() {
    let mut session = Session::start();
    session
        .run(
            "use woozle::multiprocessing as mp;\n\
             let (value, event, semaphore) = (mp::Value::new(1_u32)?, mp::Event::new()?, mp::Semaphore::new(2)?);\n\
             let (held, free) = (mp::RLock::new()?, mp::Lock::new()?);\nheld.acquire()?;",
        )
        .ok();
    for crash in ["std::process::abort()", "std::process::exit(1)"] {
        session
            .run(&format!(
                "value.set(9);\nevent.set();\nsemaphore.acquire();\nheld.release()?;\nfree.acquire()?;\n{crash}"
            ))
            .fails_with(&["as they were before the cell"]);
        // A lock belongs to the thread that had it, though that has another number now.
        session
            .run("held.release()?;\nheld.acquire()?;\nfree.acquire()?;\nfree.release()?;\n(value.get(), event.is_set(), semaphore.value())")
            .gives("(1, false, 2)");
    }
}

#[test]
fn a_result_for_the_process_that_died_is_not_taken_for_ones_own() {
    let mut session = Session::start();
    session
        .run("use woozle::multiprocessing::Pool;\nfn echo(n: u64) -> u64 { n }\nlet pool = Pool::new(2)?;\npool.apply(echo, (1,))?")
        .gives("1");
    for round in 0..10 {
        // The dead process gave its tasks the same numbers as the one that goes on will.
        session
            .run("let lost: Vec<_> = (100..108).map(|n| pool.apply_async(echo, (n,))).collect();\nstd::thread::sleep(std::time::Duration::from_millis(2));\nstd::process::abort()")
            .fails_with(&["SIGABRT"]);
        session
            .run(&format!("pool.map(echo, {round}..{round} + 4)?"))
            .gives(&format!("{:?}", (round..round + 4).collect::<Vec<u64>>()));
    }
}

/// Copies of the process have all its descriptors.
#[test]
fn what_a_cell_closes_is_closed() {
    let mut session = Session::start();
    session
        .run(
            "use std::io::{Read, Write, pipe};\nuse std::net::{TcpListener, TcpStream};\nuse std::process::{Command, Stdio};\nuse std::thread;\n\
             let (mut end, start) = pipe()?;\n\
             let reader = thread::spawn(move || { let mut text = String::new(); end.read_to_string(&mut text).unwrap(); text });\n\
             let mut child = Command::new(\"cat\").stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;\n\
             let listener = TcpListener::bind(\"127.0.0.1:0\")?;\nlet address = listener.local_addr()?;\n\
             let client = TcpStream::connect(address)?;\nlet (mut served, _) = listener.accept()?;\n\
             let echo = thread::spawn(move || served.read_to_end(&mut vec![]).unwrap());",
        )
        .ok();
    session.run("(&start).write_all(b\"through\")?;").ok();
    session
        .run("drop(start);\nreader.join().unwrap()")
        .gives("\"through\"");
    session
        .run("drop(child.stdin.take());\nchild.wait()?.success()")
        .gives("true");
    session
        .run("drop(client);\necho.join().unwrap()")
        .gives("0");
    session
        .run("drop(listener);\nlet again = TcpListener::bind(address)?;\nagain.local_addr()? == address")
        .gives("true");
}

/// A cell that crashes has closed what it has closed, and nothing else.
#[test]
fn what_a_crashed_cell_has_closed_is_at_its_end() {
    let mut session = Session::start();
    session
        .run("use std::io::{Read, Write};\nuse std::os::unix::net::UnixStream;\nlet (one, other) = UnixStream::pair()?;\nlet (here, mut there) = UnixStream::pair()?;")
        .ok();
    session
        .run("drop(one);\nstd::process::abort()")
        .fails_with(&["SIGABRT"]);
    session
        .run("let mut text = vec![];\n((&one).write(b\"x\").is_err(), (&other).read_to_end(&mut text)?, (&one).read_to_end(&mut text)?)")
        .gives("(true, 0, 0)");
    // Its number has not become another file's.
    session
        .run("let files: Vec<_> = (0..5).map(|_| std::fs::File::open(\"/dev/null\").unwrap()).collect();\ndrop(one);\nfiles.iter().all(|file| file.metadata().is_ok())")
        .gives("true");
    session
        .run("(&here).write_all(b\"kept\")?;\nlet mut four = [0; 4];\nthere.read_exact(&mut four)?;\nString::from_utf8_lossy(&four).into_owned()")
        .gives("\"kept\"");
}

#[test]
fn threads_go_on_after_a_crash() {
    let mut session = Session::start();
    session
        .run(
            "use std::sync::{Arc, Condvar, Mutex, mpsc};\nuse std::thread;\nuse std::time::Duration;\n\
             let (ask, questions) = mpsc::channel::<u64>();\nlet (reply, answers) = mpsc::channel::<u64>();\n\
             let worker = thread::spawn(move || { for n in questions { reply.send(2 * n).unwrap(); } \"done\" });\n\
             let pair = Arc::new((Mutex::new(false), Condvar::new()));\nlet there = pair.clone();\n\
             let waiter = thread::spawn(move || { let mut go = there.0.lock().unwrap(); while !*go { go = there.1.wait(go).unwrap(); } 7 });\n\
             let event = woozle::threading::Event::new();\nlet other = event.clone();\n\
             let late = woozle::threading::Thread::spawn(move || { other.wait(); println!(\"late\"); 8 });\n\
             let sleeper = thread::spawn(|| { for _ in 0..100 { thread::sleep(Duration::from_millis(5)); } 9 });\n\
             let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build()?;\n\
             use rayon::prelude::*;\nlet sum: u64 = (0..1000u64).into_par_iter().sum();\nsum",
        )
        .gives("499500");
    for _ in 0..2 {
        session
            .run("unsafe { std::ptr::null_mut::<u8>().write_volatile(1) }")
            .fails_with(&["SIGSEGV"]);
        session
            .run("ask.send(21)?;\nlet sum: u64 = (0..100u64).into_par_iter().sum();\n(answers.recv()?, sum, pool.install(|| 3))")
            .gives("(42, 4950, 3)");
    }
    let cell = session
        .run(
            "*pair.0.lock().unwrap() = true;\npair.1.notify_all();\nevent.set();\ndrop(ask);\n\
             (waiter.join().unwrap(), late.join()?, sleeper.join().unwrap(), worker.join().unwrap())",
        )
        .ok();
    assert_eq!(cell.result.as_deref(), Some("(7, 8, 9, \"done\")"));
}

#[test]
fn late_output_still_goes_to_its_own_cell_after_a_crash() {
    let mut session = Session::start();
    let request = session.send(
        "let event = woozle::threading::Event::new();\nlet there = event.clone();\n\
         std::thread::spawn(move || { there.wait(); println!(\"from before\"); });",
    );
    session.finish(&request);
    session.run("std::process::abort()").fails();
    session.run("event.set();").ok();
    session.wait_for(&request, |cell| cell.stdout == "from before\n");
}

#[test]
fn a_pool_works_on_after_a_crash() {
    let mut session = Session::start();
    session
        .run(
            "use woozle::multiprocessing::Pool;\nfn square(n: u64) -> u64 { n * n }\n\
             let pool = Pool::new(2)?;\npool.map(square, 0..4)?",
        )
        .gives("[0, 1, 4, 9]");
    session.run("std::process::abort()").fails();
    session.run("pool.map(square, 0..4)?").gives("[0, 1, 4, 9]");
    session
        .run("let late = pool.apply_async(square, (5,));\nstd::process::abort()")
        .fails();
    session.run("pool.map(square, 2..4)?").gives("[4, 9]");
}

#[test]
fn what_a_crashed_cell_defines_is_defined() {
    let mut session = Session::start();
    session.run("struct P(u32);\nlet p = P(1);").ok();
    session
        .run("impl P { fn twice(&self) -> u32 { 2 * self.0 } }\nstatic N: u32 = 5;\nstd::process::abort()")
        .fails_with(&["what this cell defines is defined"]);
    session.run("(p.twice(), N)").gives("(2, 5)");
}

#[test]
fn no_copies_pile_up() {
    let mut session = Session::start();
    for n in 0..12 {
        session.run(&format!("let v{n} = {n};")).ok();
    }
    session.run("std::process::abort()").fails();
    session.run("v11").gives("11");
    // At most two, and one that is about to end.
    let hosts = descendants(session.kernel.id());
    let copies = hosts.iter().filter(|p| p.name.starts_with("woozle-asleep"));
    assert!((1..=3).contains(&copies.count()), "{hosts:?}");
    session.shut_down();
    for host in hosts {
        host.ends();
    }
}
