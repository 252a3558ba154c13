//! Interrupts: the cell ends, the session goes on.

use crate::support::Session;

/// Starts this cell, interrupts it when it says that it runs, and runs another one.
fn interrupted(rest: &str) {
    let mut session = Session::start();
    session.run("fn double(n: u32) -> u32 { 2 * n }").ok();
    let request = session.send(&format!("println!(\"running\");\n{rest}"));
    session.wait_for(&request, |cell| cell.stdout == "running\n");
    session.interrupt();
    let cell = session.finish(&request);
    cell.fails_with(&["KeyboardInterrupt"]);
    session.run("double(21)").gives("42");
}

/// Each ends by unwinding: the destructor runs, what is on the way is undone, and the session is the same.
#[test]
fn a_cell_that_waits_or_loops_unwinds() {
    let mut session = Session::start();
    session
        .run(
            "use woozle::threading::{Barrier, Condition, Event, Lock, RLock, Semaphore, Thread};\n\
             use woozle::multiprocessing as mp;\nuse std::time::Duration;\n\
             struct D;\nimpl Drop for D {\n    fn drop(&mut self) { println!(\"dropped\") }\n}\n\
             let mut kept = vec![1];\nlet lock = Lock::new();\nlock.acquire();\n\
             let pool = mp::Pool::new(2)?;\nfn slow(n: u64) -> u64 { std::thread::sleep(Duration::from_millis(50)); n }\n\
             let there = Event::new();\nlet executor = woozle::concurrent::ThreadPoolExecutor::new(1);\n\
             let rlock = RLock::new();\nThread::spawn({ let rlock = rlock.clone(); move || { rlock.acquire(); loop { std::thread::park() } } });\nwhile rlock.try_acquire() { rlock.release()?; }\nlet other = there.clone();\nlet thread = Thread::spawn(move || other.wait());",
        )
        .ok();
    for wait in [
        "loop { std::hint::spin_loop() }",
        "'outer: for a in 0.. { for b in 0..10 { if a == b { continue 'outer } } }",
        "while kept.len() < 10 {}",
        "std::thread::sleep(Duration::from_secs(1000)); kept.push(2);",
        "loop { std::thread::sleep(Duration::from_secs(1000)) }",
        "Event::new().wait();",
        "lock.acquire();",
        "rlock.acquire();",
        "Semaphore::new(0).acquire();",
        "Barrier::new(2).wait()?;",
        "{ let condition = Condition::new(); let mut guard = condition.guard(); guard.wait(); }",
        "thread.join()?;",
        "woozle::queue::Queue::<u8>::new().get();",
        "executor.submit({ let there = there.clone(); move || there.wait() }).result()?;",
        "std::future::pending::<()>().await;",
        "pool.map(slow, 0..400)?;",
        "mp::Queue::<u8>::new()?.get()?;",
        "mp::pipe::<u8>()?.0.recv()?;",
        "mp::Event::new()?.wait();",
        "mp::Semaphore::new(0)?.acquire();",
        "mp::Barrier::new(2)?.wait()?;",
    ] {
        let request = session.send(&format!("let _d = D;\nprintln!(\"running\");\n{wait}"));
        session.wait_for(&request, |cell| cell.stdout == "running\n");
        session.interrupt();
        let cell = session.finish(&request);
        let text = cell.fails();
        assert!(
            text.contains("the cell was interrupted") && !text.contains("process"),
            "{wait}: {text}"
        );
        assert_eq!(cell.stdout, "running\ndropped\n", "{wait}");
        session.run("&kept").gives("[1]");
    }
    session
        .run("there.set();\nthread.join()?;\npool.map(slow, 0..2)?")
        .gives("[0, 1]");
}

#[test]
fn what_is_caught_comes_back() {
    interrupted(
        "loop {\n    let caught = std::panic::catch_unwind(|| woozle::threading::Event::new().wait());\n    \
         drop(caught);\n}",
    );
}

#[test]
fn what_does_not_unwind_goes_back_to_its_checkpoint() {
    let mut session = Session::start();
    session
        .run("let mut kept = vec![1];\nfn spin() { loop { std::hint::spin_loop() } }")
        .ok();
    for cell in [
        "kept.push(2); spin();",
        "kept.push(2); std::thread::spawn(spin).join().unwrap();",
    ] {
        let request = session.send(&format!("println!(\"running\");\n{cell}"));
        session.wait_for(&request, |cell| cell.stdout == "running\n");
        session.interrupt();
        session.finish(&request).fails_with(&[
            "KeyboardInterrupt",
            "did not stop by itself",
            "as they were before",
        ]);
        session.run("&kept").gives("[1]");
    }
}

#[test]
fn a_second_interrupt_does_not_wait() {
    let mut session = Session::start();
    let request = session
        .send("fn spin() { loop { std::hint::spin_loop() } }\nprintln!(\"running\");\nspin();");
    session.wait_for(&request, |cell| cell.stdout == "running\n");
    session.interrupt_twice();
    session.finish(&request).fails_with(&["KeyboardInterrupt"]);
    session.run("1 + 1").gives("2");
}

#[test]
fn an_endless_loop_is_interrupted() {
    interrupted("loop { std::hint::spin_loop() }");
}

#[test]
fn an_endless_wait_is_interrupted() {
    interrupted("woozle::threading::Event::new().wait();");
}

#[test]
fn a_headless_cells_wait_for_its_threads_is_interrupted() {
    let mut session = Session::start();
    let request = session.send_headless(
        "std::thread::spawn(|| { println!(\"running\"); loop { std::hint::spin_loop() } });",
    );
    session.wait_for(&request, |cell| cell.stdout == "running\n");
    session.interrupt();
    session.finish(&request);
    session.run_headless("1 + 1").gives("2");
}

#[test]
fn an_interrupt_between_cells_changes_nothing() {
    let mut session = Session::start();
    session.run("let kept = 1;").ok();
    session.interrupt();
    session.run("kept").gives("1");
}

/// With destructors that sleep on the way out, and whatever calls the function.
#[test]
fn a_sleep_in_a_function_unwinds() {
    let mut session = Session::start();
    session
        .run(
            "use std::time::Duration;\nuse std::thread::sleep;\nlet kept = 1;\n\
             struct D;\nimpl Drop for D {\n    fn drop(&mut self) { sleep(Duration::from_millis(20)); println!(\"dropped\") }\n}\n\
             fn deploy() { let _d = D; println!(\"running\"); sleep(Duration::from_secs(1000)); println!(\"went on\") }",
        )
        .ok();
    for level in ["0", "3"] {
        session.run(&format!(":opt {level}")).ok();
        for call in [
            "deploy();",
            "fn outer() { deploy(); println!(\"went on\") }\nouter();",
            "let closure = || { let _d = D; println!(\"running\"); sleep(Duration::from_secs(1000)); println!(\"went on\") };\nclosure();",
            "{ let _d = D; println!(\"running\"); sleep(Duration::from_secs(1000)); println!(\"went on\") }",
        ] {
            let request = session.send(call);
            session.wait_for(&request, |cell| cell.stdout == "running\n");
            session.interrupt();
            let cell = session.finish(&request);
            let text = cell.fails();
            assert!(
                text.contains("the cell was interrupted") && !text.contains("process"),
                "{call}: {text}"
            );
            assert_eq!(cell.stdout, "running\ndropped\n", "{call}");
            session.run("kept").gives("1");
        }
    }
}

/// Its caller takes a return for the end of its time.
#[test]
fn a_sleep_that_cannot_be_unwound_from_does_not_end_early() {
    let mut session = Session::start();
    session
        .run(
            "unsafe extern \"C\" {\n    fn sleep(seconds: u32) -> u32;\n    fn usleep(time: u32) -> i32;\n}\n\
             extern \"C\" fn callback() { std::thread::sleep(std::time::Duration::from_secs(1000)) }\nlet kept = 1;",
        )
        .ok();
    for call in [
        "unsafe { sleep(1000) }; println!(\"went on\")",
        "unsafe { usleep(1_000_000_000) }; println!(\"went on\")",
        "callback(); println!(\"went on\")",
    ] {
        let request = session.send(&format!("println!(\"running\");\n{{ {call} }}"));
        session.wait_for(&request, |cell| cell.stdout == "running\n");
        session.interrupt();
        let cell = session.finish(&request);
        cell.fails_with(&["KeyboardInterrupt", "as they were before"]);
        assert_eq!(cell.stdout, "running\n", "{call}");
        session.run("kept").gives("1");
    }
}

#[test]
fn a_thread_sleeps_on() {
    let mut session = Session::start();
    session.run("let there = woozle::threading::Event::new();\nlet (other, then) = (there.clone(), std::time::Instant::now());\n\
                 let thread = std::thread::spawn(move || { other.set(); std::thread::sleep(std::time::Duration::from_millis(1500)); then.elapsed() });\nthere.wait();").ok();
    let request = session.send("println!(\"running\");\nwoozle::threading::Event::new().wait();");
    session.wait_for(&request, |cell| cell.stdout == "running\n");
    session.interrupt();
    session.finish(&request).fails_with(&["KeyboardInterrupt"]);
    session
        .run("thread.join().unwrap() >= std::time::Duration::from_millis(1500)")
        .gives("true");
}

#[test]
fn an_interrupt_in_the_last_statement_counts() {
    let mut session = Session::start();
    session.run("let kept = 1;").ok();
    let request = session
        .send("println!(\"running\");\nstd::thread::sleep(std::time::Duration::from_secs(1000))");
    session.wait_for(&request, |cell| cell.stdout == "running\n");
    session.interrupt();
    session.finish(&request).fails_with(&["KeyboardInterrupt"]);
    session.run("kept").gives("1");
}

/// Whoever reads takes a return for the end of the input.
#[test]
fn nothing_is_run_after_an_interrupted_read() {
    let mut session = Session::start();
    session.run("let kept = 1;\nfn ask() { let line = std::io::stdin().lines().next(); println!(\"ran on {line:?}\") }").ok();
    for read in [
        "ask()",
        "let line = std::io::stdin().lines().next(); println!(\"ran on {line:?}\");",
        "std::io::stdin().lines().next()",
        "println!(\"ran on {:?}\", woozle::input(\"\"))",
        "woozle::input(\"\")",
    ] {
        let request = session.send(read);
        session.wait_for(&request, |cell| !cell.prompts.is_empty());
        session.interrupt();
        let cell = session.finish(&request);
        cell.fails_with(&["KeyboardInterrupt"]);
        assert_eq!((&*cell.stdout, &cell.result), ("", &None), "{read}");
        session.run("kept").gives("1");
    }
    // The next answer is not the one that was never given.
    let request = session.send("woozle::input(\"name?\")?");
    session.type_line(&request, "Pooh");
    session.finish(&request).gives("\"Pooh\"");
}

/// The innermost place in the user's cells.
#[test]
fn the_place_is_where_the_cell_waited() {
    let mut session = Session::start();
    session
        .run(
            "use std::time::Duration;\nuse woozle::threading::{Event, Thread};\n\
             let queue = woozle::queue::Queue::<u8>::new();\nlet there = Event::new();\nlet other = there.clone();\nlet thread = Thread::spawn(move || other.wait());\n\
             let pool = woozle::multiprocessing::Pool::new(2)?;\nfn hang(_: u64) -> u64 { loop { std::hint::spin_loop() } }\n\
             fn on<T>(value: T) -> T { println!(\"running\"); value }",
        )
        .ok();
    session
        .run("fn deploy(there: &Event) {\n    println!(\"running\");\n    there.wait();\n}")
        .ok();
    // In one statement with the wait, so that no check between statements comes before it.
    for (wait, place) in [
        (
            "std::thread::sleep(on(Duration::from_secs(1000)));\nprintln!(\"went on\");",
            ":1:1",
        ),
        ("std::thread::sleep(on(Duration::from_secs(1000)))", ":1:1"),
        ("let got = on(&queue).get()?;\ngot", ":1:22"),
        ("on(&thread).join()?;", ":1:13"),
        ("pool.map(hang, on(0..4))?", ":1:6"),
        ("woozle::input(on(\"\"))?", ":1:1"),
        ("for _ in on(0..) { std::hint::spin_loop() }", ":1:19"),
    ] {
        let request = session.send(wait);
        session.wait_for(&request, |cell| cell.stdout == "running\n");
        session.interrupt();
        let cell = session.finish(&request);
        let text = cell.fails();
        assert!(text.contains(place), "{wait}: {text}");
        assert!(!text.contains("called"), "{wait}: {text}");
    }
    let request = session.send("let n = 1;\ndeploy(&there);");
    session.wait_for(&request, |cell| cell.stdout == "running\n");
    session.interrupt();
    session.finish(&request).fails_with(&[
        "--> cell [2]:3:11",
        "called, innermost first:\n  deploy, cell [2]:3\n  cell [10]:2",
    ]);
}

/// The workers that run its tasks are ended.
#[test]
fn a_pool_is_there_after_a_call_that_did_not_end() {
    let mut session = Session::start();
    session
        .run("let pool = woozle::multiprocessing::Pool::new(2)?;\nlet begun = woozle::multiprocessing::Value::new(0u64)?;\n\
              fn square(n: u64) -> u64 { n * n }\nfn hang(begun: woozle::multiprocessing::Value<u64>) { begun.update(|n| *n += 1); loop { std::hint::spin_loop() } }")
        .ok();
    let other = "let old = pool.pids();\nlet asked = pool.map_async(square, 0..1);\nasked.wait();";
    session.run(other).ok();
    let request = session.send("std::thread::spawn({ let begun = begun.clone(); move || { while begun.get() < 2 { std::thread::yield_now() } println!(\"running\"); } });\n\
                                pool.map(hang, vec![begun.clone(); 4])?;");
    session.wait_for(&request, |cell| cell.stdout == "running\n");
    session.interrupt();
    let cell = session.finish(&request);
    cell.fails_with(&["KeyboardInterrupt"]);
    assert_eq!(cell.stderr, "");
    session.run("pool.map(square, 0..4)?").gives("[0, 1, 4, 9]");
    session
        .run("pool.pids().iter().any(|pid| old.contains(pid))")
        .gives("false");
}

/// The cell waits most of the time, since no page takes output that fast.
#[test]
fn a_cell_that_floods_its_output_unwinds() {
    let mut session = Session::start();
    session
        .run("static BEGUN: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);")
        .ok();
    let request = session.send(
        "BEGUN.fetch_add(1, std::sync::atomic::Ordering::SeqCst);\nloop { println!(\"{}\", \"x\".repeat(1000)); }",
    );
    session.wait_for(&request, |cell| cell.stdout.len() > 2_000_000);
    session.interrupt();
    session.finish(&request).fails_with(&["KeyboardInterrupt"]);
    // Nothing went back to a checkpoint.
    session
        .run("BEGUN.load(std::sync::atomic::Ordering::SeqCst)")
        .gives("1");
}
