//! Cells that end their own process, and processes that are killed: an answer every time, and the
//! kernel goes on.

use rustix::process::{Pid, Signal, kill_process};

use crate::support::{Cell, Session, descendants};

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
    assert!(told.contains("no checkpoint could be made"), "{told}");
    session
        .run("std::process::abort()")
        .fails_with(&["as it was after cell [0]"]);
    session.run("honey").fails_with(&["E0425"]);
    session.run("let honey = 2;\nhoney").gives("2");
}

fn kill_host(session: &Session) {
    let hosts = descendants(session.kernel.id());
    let host = hosts
        .iter()
        .find(|process| process.name.starts_with("woozle-host"));
    let host = host.expect("a host");
    let id = host.id.try_into().ok().and_then(Pid::from_raw);
    kill_process(id.expect("a process id"), Signal::KILL).expect("killed");
    host.ends();
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
