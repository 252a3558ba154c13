//! Cells that end their own process, and processes that are killed: an answer every time, and the
//! kernel goes on.

use rustix::process::{Pid, Signal, kill_process};

use crate::support::{Cell, Session, Watched, descendants};

/// Runs the cell in a session with a function and a variable, and checks that both are there after it.
fn crash(code: &str, how: &[&str]) -> Cell {
    let mut session = Session::start();
    session
        .run("fn double(n: u32) -> u32 { 2 * n }\nlet kept = vec![1];")
        .ok();
    let cell = session.run(code);
    cell.fails_with(how);
    session.run("(double(21), &kept)").gives("(42, [1])");
    cell
}

#[test]
fn process_exit_ends_the_cell_only() {
    let cell = crash(
        "println!(\"before\");\nstd::process::exit(3)",
        &["crash", "exit code 3"],
    );
    assert_eq!(cell.stdout, "before\n");
    crash("std::process::exit(0)", &["crash", "exit code 0"]);
}

#[test]
fn abort_ends_the_cell_only() {
    let cell = crash(
        "print!(\"before\");\nstd::process::abort()",
        &["crash", "SIGABRT"],
    );
    assert_eq!(cell.stdout, "before");
}

#[test]
fn a_stack_overflow_ends_the_cell_only() {
    let code = "fn deep(n: u64) -> u64 { std::hint::black_box([n; 64])[0] + deep(n + 1) }\ndeep(0)";
    crash(code, &["crash", "stack overflow"]);
}

#[test]
fn an_exit_of_another_thread_ends_the_cell_only() {
    let code = "std::thread::spawn(|| std::process::exit(7)).join().unwrap();";
    crash(code, &["crash", "exit code 7"]);
}

#[test]
fn the_host_may_be_killed_while_a_cell_runs() {
    let mut session = Session::start();
    let request = session.send("println!(\"running\");\nloop { std::thread::park() }");
    session.wait_for(&request, |cell| cell.stdout == "running\n");
    kill_host(&session);
    session.finish(&request).fails_with(&["crash", "SIGKILL"]);
    session.run("1 + 1").gives("2");
}

#[test]
fn the_host_may_be_killed_between_cells() {
    let mut session = Session::start();
    session
        .run("fn double(n: u32) -> u32 { 2 * n }\nlet kept = 1_u32;")
        .ok();
    // The copy is made after the answer; with this one it is there.
    session.run(":checkpoint here").ok();
    kill_host(&session);
    let cell = session.run("double(kept)").ok();
    assert_eq!(cell.result.as_deref(), Some("2"));
    assert!(
        cell.stderr.contains("between two cells") && cell.stderr.contains("SIGKILL"),
        "{cell:#?}"
    );
}

#[test]
fn a_cell_that_had_not_begun_when_the_host_was_killed_runs_in_another_one() {
    let mut session = Session::start();
    session
        .run("fn double(n: u32) -> u32 { 2 * n }\nlet kept = 1_u32;")
        .ok();
    session.run(":checkpoint here").ok();
    signal_host(&session, Signal::STOP);
    // When the warning is there, only running it is left.
    let request = session.send("std::fs::exists(\"x\");\ndouble(kept)");
    session.wait_for(&request, |cell| cell.stderr.contains("must be used"));
    kill_host(&session);
    let cell = session.finish(&request).ok();
    assert_eq!(cell.result.as_deref(), Some("2"));
    assert!(cell.stderr.contains("between two cells"), "{cell:#?}");
    assert_eq!(cell.stderr.matches("must be used").count(), 1, "{cell:#?}");
}

#[test]
fn what_commands_set_after_the_host_was_killed_stays() {
    let mut session = Session::start();
    session.run("let kept = 255_u8;").ok();
    session.run(":checkpoint here").ok();
    kill_host(&session);
    let cell = session.run(":fmt {:x?}").ok();
    assert!(cell.stderr.contains("between two cells"), "{cell:#?}");
    session.run("kept").gives("ff");
    kill_host(&session);
    let cell = session.run(":checkpoint there").ok();
    assert!(cell.stdout.contains("there: after cell"), "{cell:#?}");
    session.run("let kept = 1_u8;").ok();
    session.run(":rollback there").ok();
    session.run("kept").gives("ff");
}

#[test]
fn a_checkpoint_that_the_host_did_not_live_to_make_is_not_listed() {
    let mut session = Session::start();
    session.run("let kept = 1_u32;").ok();
    session.run(":checkpoint here").ok();
    signal_host(&session, Signal::STOP);
    let request = session.send(":timing\n:checkpoint there");
    session.wait_for(&request, |cell| cell.stdout.contains("timing"));
    kill_host(&session);
    session
        .finish(&request)
        .fails_with(&["`there` was not made", "SIGKILL"]);
    let cell = session.run("kept").ok();
    assert!(
        cell.stderr.contains("between two cells") && cell.stderr.contains("SIGKILL"),
        "{cell:#?}"
    );
    session
        .run(":rollback there")
        .fails_with(&["there are: here"]);
}

#[test]
fn where_no_checkpoint_can_be_made_a_crash_goes_back_further() {
    let mut session = Session::start();
    // A thread that cannot be stopped by a signal keeps checkpoints from being made.
    let cell = session
        .run(
            "let honey = 1;\nlet (blocked, is_blocked) = std::sync::mpsc::channel();\nstd::thread::spawn(move || unsafe {\n    let mut all: libc::sigset_t = std::mem::zeroed();\n    \
             libc::sigfillset(&mut all);\n    libc::pthread_sigmask(libc::SIG_BLOCK, &all, std::ptr::null_mut());\n    \
             blocked.send(()).unwrap();\n    loop { libc::pause(); }\n});\nis_blocked.recv()?;",
        )
        .ok();
    drop(cell);
    let told = session.run("honey").ok().stderr + &session.run("honey").ok().stderr;
    session
        .run(":checkpoint here")
        .fails_with(&["`here` was not made"]);
    assert!(told.contains("no checkpoint could be made"), "{told}");
    session
        .run("std::process::abort()")
        .fails_with(&["as it was after cell [0]"]);
    session.run("honey").fails_with(&["E0425"]);
    session.run("let honey = 2;\nhoney").gives("2");
}

fn kill_host(session: &Session) {
    signal_host(session, Signal::KILL).ends();
}

fn signal_host(session: &Session, signal: Signal) -> Watched {
    let hosts = descendants(session.kernel.id());
    let host = hosts
        .into_iter()
        .find(|process| process.name.starts_with("woozle-host"));
    let host = host.expect("a host");
    let id = host.id.try_into().ok().and_then(Pid::from_raw);
    kill_process(id.expect("a process id"), signal).expect("the host takes a signal");
    host
}

/// A cell with a thread that crashes when a file is there, and one that waits for it.
fn doomed(file: &std::path::Path, crash: &str) -> String {
    format!(
        "use std::time::Duration;\nuse woozle::threading::Thread;\n\
         fn fall() {{\n    {crash}\n}}\n\
         fn work() -> u32 {{\n    while !std::path::Path::new({file:?}).exists() {{ std::thread::sleep(Duration::from_millis(1)); }}\n    \
         println!(\"now\");\n    fall();\n    1\n}}\n\
         let kept = vec![1];\n\
         let ours = Thread::builder().name(\"Eeyore\").spawn(|| Thread::builder().name(\"Owl\").spawn(work).unwrap().join()).unwrap();"
    )
}

#[test]
fn a_thread_that_crashes_between_two_cells_is_told_of_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    for (n, (crash, how)) in [
        ("unsafe { *(3 as *mut u8) = 1 }", "SIGSEGV"),
        ("std::process::abort()", "SIGABRT"),
        ("std::process::exit(4)", "exit code 4"),
    ]
    .into_iter()
    .enumerate()
    {
        println!("{crash}");
        let mut session = Session::start();
        let file = folder.path().join(n.to_string());
        let request = session.send(&doomed(&file, crash));
        session.finish(&request).ok();
        // There is a copy with the thread.
        session.run("ours.is_alive()").gives("true");
        session.run(":checkpoint here").ok();
        std::fs::write(&file, "").expect("written");
        let told = session.wait_for(&request, |cell| {
            cell.stderr.contains(" work at cell [1]:9:")
        });
        for part in [how, "on thread `Owl`", "cell [1]:4:", "between two cells"] {
            assert!(told.stderr.contains(part), "{part}: {told:#?}");
        }
        session
            .run("ours.join()??")
            .fails_with(&["Owl crashed", how, "at cell [1]:4:"]);
        session
            .run("(ours.is_alive(), ours.join().is_err(), &kept)")
            .gives("(false, true, [1])");
        session
            .run("std::process::abort()")
            .fails_with(&["threads are as they were before the cell."]);
        session.run("kept.len()").gives("1");
        // It printed once.
        assert_eq!(session.cell(&request).stdout, "now\n");
    }
}

#[test]
fn a_thread_of_std_that_crashes_between_two_cells_cannot_be_joined() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("go");
    let mut session = Session::start();
    let cell = format!(
        "use std::thread;\nuse std::time::Duration;\n\
         let dies = thread::Builder::new().name(\"Tigger\".into()).spawn(|| {{\n\
         while !std::path::Path::new({file:?}).exists() {{ thread::sleep(Duration::from_millis(1)); }}\n\
         unsafe {{ *(3 as *mut u8) = 1 }}\n}})?;\n\
         let waits = thread::spawn(move || dies.join().is_ok());"
    );
    let request = session.send(&cell);
    session.finish(&request).ok();
    session.run(":checkpoint here").ok();
    std::fs::write(&file, "").expect("written");
    session.wait_for(&request, |cell| {
        cell.stderr.contains("SIGSEGV") && cell.stderr.contains("`Tigger`")
    });
    // Whoever waits for it already, and whoever comes later. (std has no `Err` for what is no panic, so it panics.)
    session
        .run("waits.join().unwrap_err().downcast_ref::<String>().is_some()")
        .gives("true");
    // As before the crash: it is alive there, and crashes again.
    std::fs::remove_file(&file).expect("removed");
    session.run(":rollback here").ok();
    session.run("waits.is_finished()").gives("false");
    std::fs::write(&file, "").expect("written");
    let seen = |stderr: &str| stderr.matches("`Tigger`, which has ended").count() == 2;
    session.wait_for(&request, |cell| seen(&cell.stderr));
    session.run("waits.join().unwrap();").fails_with(&["panic"]);
    session.run("1 + 1").gives("2");
}

#[test]
fn a_checkpoint_stays_as_it_was_whatever_happens_at_once_when_it_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("go");
    let mut session = Session::start();
    let request = session.send(&format!(
        "use std::thread;\nuse std::time::Duration;\n\
         let dies = thread::Builder::new().name(\"Tigger\".into()).spawn(|| {{\n\
         while !std::path::Path::new({file:?}).exists() {{ thread::sleep(Duration::from_millis(1)); }}\n\
         unsafe {{ *(3 as *mut u8) = 1 }}\n}})?;"
    ));
    session.finish(&request).ok();
    session.run(":checkpoint here").ok();
    std::fs::write(&file, "").expect("written");
    for crashes in 1..4 {
        let seen = |stderr: &str| stderr.matches("`Tigger`, which has ended").count() == crashes;
        session.wait_for(&request, |cell| seen(&cell.stderr));
        if crashes == 3 {
            std::fs::remove_file(&file).expect("removed");
        }
        session.run(":rollback here").ok();
    }
    session.run("dies.is_finished()").gives("false");
}

#[test]
fn a_pool_whose_thread_crashes_between_two_cells_works_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("go");
    let mut session = Session::start();
    let request = session.send(&format!(
        "use woozle::concurrent::ThreadPoolExecutor;\nlet pool = ThreadPoolExecutor::new(1);\n\
         let dies = pool.submit(|| {{\n\
         while !std::path::Path::new({file:?}).exists() {{ std::thread::sleep(std::time::Duration::from_millis(1)); }}\n\
         unsafe {{ *(3 as *mut u8) = 1 }}\n}});\n\
         let next = pool.submit(|| 5);"
    ));
    session.finish(&request).ok();
    session.run(":checkpoint here").ok();
    std::fs::write(&file, "").expect("written");
    session.wait_for(&request, |cell| cell.stderr.contains("SIGSEGV"));
    session
        .run("dies.result()?")
        .fails_with(&["crashed: SIGSEGV"]);
    // A headless client does not wait for the task that is gone.
    let cell = session.run_headless("(next.result()?, pool.submit(|| 7).result()?)");
    cell.gives("(5, 7)");
}

#[test]
fn a_crash_of_a_thread_that_does_not_wait_leaves_nothing_locked() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut session = Session::start();
    // Most of the time it is in the allocator, the loader, or on its way to print.
    session
        .run(
            "fn busy(file: &str) {\n    let mut n = 0_usize;\n    loop {\n        n += 1;\n        let text = vec![n.to_string(); n % 64];\n        \
             std::hint::black_box(unsafe { libc::dlsym(libc::RTLD_DEFAULT, c\"none\".as_ptr()) });\n        \
             if n % 1024 == 0 { println!(\"{n} {}\", text.len()); }\n        \
             if n % 4096 == 0 && std::path::Path::new(file).exists() { unsafe { *(3 as *mut u8) = 1 } }\n    }\n}",
        )
        .ok();
    for n in 0..4 {
        let file = folder.path().join(n.to_string());
        let request = session.send(&format!("std::thread::spawn(|| busy({file:?}));"));
        session.finish(&request).ok();
        session.run(":checkpoint here").ok();
        std::fs::write(&file, "").expect("written");
        session.wait_for(&request, |cell| cell.stderr.contains("SIGSEGV"));
        session
            .run("println!(\"{}\", vec![1; 10_000].len());\nstd::thread::spawn(|| vec![1; 100]).join().unwrap().len()")
            .gives("100");
    }
}

/// A copy of the process has that thread, too, as it was before it crashed.
#[test]
fn a_thread_that_crashes_again_is_stopped() {
    let mut session = Session::start();
    let cell = "let kept = vec![1];\nuse std::sync::atomic::{AtomicU32, Ordering::SeqCst};\n\
        static WANTED: AtomicU32 = AtomicU32::new(0);";
    session.run(cell).ok();
    // It does so in each cell that waits for it, however often the process is put back.
    let cell = "std::thread::Builder::new().name(\"Eeyore\".into()).spawn(|| loop {\n\
        if WANTED.load(SeqCst) == 1 { unsafe { *(3 as *mut u8) = 1 } }\nstd::thread::yield_now();\n}).unwrap();";
    session.run(cell).ok();
    let wait = "WANTED.store(1, SeqCst);\nstd::thread::sleep(std::time::Duration::from_secs(60));";
    session
        .run(wait)
        .fails_with(&["SIGSEGV", "threads are as they were before the cell."]);
    session
        .run(wait)
        .fails_with(&["SIGSEGV", "but for thread `Eeyore`", "is stopped"]);
    session.run("WANTED.store(1, SeqCst);\nstd::thread::sleep(std::time::Duration::from_millis(50)); kept.len()").gives("1");
    session
        .run("std::thread::spawn(|| 5).join().unwrap()")
        .gives("5");
}

/// What a thread that crashed had for its stack is another one's when the session goes on from before it was made.
#[test]
fn a_thread_in_the_place_of_one_that_was_stopped_goes_on() {
    let mut session = Session::start();
    session
        .run(
            "use std::sync::mpsc::{Sender, channel};\n\
             fn start(crash: bool) -> Sender<(u32, Sender<u32>)> {\n    let (send, receive) = channel::<(u32, Sender<u32>)>();\n    \
             std::thread::spawn(move || {\n        if crash { std::process::abort() }\n        \
             for (n, back) in receive { back.send(n + 1).unwrap(); }\n    });\n    \
             if crash { loop { std::thread::park() } }\n    send\n}\n\
             let idle = std::thread::spawn(|| loop { std::thread::park() });",
        )
        .ok();
    for _ in 0..4 {
        session
            .run("let send = start(true);")
            .fails_with(&["SIGABRT", "as they were before the cell"]);
    }
    session.run("let send = start(false);").ok();
    session.run("std::process::abort()").fails();
    session
        .run("let (back, sum) = channel();\nsend.send((1, back))?;\nsum.recv_timeout(std::time::Duration::from_secs(20))?")
        .gives("2");
}
