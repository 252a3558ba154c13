//! Pools of processes in a session that goes back, again and again: what fails once does not stay failed.

use crate::support::Session;

/// A session with a pool that has not been used yet.
fn session() -> Session {
    let mut session = Session::start();
    let cell = "use std::sync::atomic::{AtomicBool, Ordering::SeqCst};\n\
        use woozle::multiprocessing::Pool;\n\
        static STOP: AtomicBool = AtomicBool::new(false);\n\
        fn square(n: u64) -> u64 { n * n }\n\
        fn die() { unsafe { libc::raise(libc::SIGKILL); } }\n\
        let pool = Pool::new(2)?;";
    session.run(cell).ok();
    session
}

fn works(session: &mut Session) {
    session.run("pool.map(square, 0..4)?").gives("[0, 1, 4, 9]");
}

fn crash(session: &mut Session) {
    session
        .run("std::process::abort()")
        .fails_with(&["SIGABRT"]);
}

#[test]
fn workers_that_crashes_leave_behind_are_no_sign_of_failure() {
    let mut session = session();
    for _ in 0..9 {
        crash(&mut session);
        session.run("1").gives("1");
    }
    works(&mut session);
}

#[test]
fn a_pool_works_after_rollbacks_in_a_row() {
    let mut session = session();
    works(&mut session);
    session.run(":checkpoint there").ok();
    for _ in 0..3 {
        session.run(":rollback there").ok();
        session.run(":rollback there").ok();
        works(&mut session);
    }
}

/// Workers are started all the time, so also while copies are made and while they wake up.
#[test]
fn a_copy_that_was_made_while_a_worker_starts_starts_one_of_its_own() {
    let mut session = session();
    session
        .run("let again = pool.clone();\nstd::thread::spawn(move || while !STOP.load(SeqCst) { let _ = again.apply(die, ()); });")
        .ok();
    for _ in 0..10 {
        crash(&mut session);
    }
    session.run("STOP.store(true, SeqCst);").ok();
    works(&mut session);
}

/// What an initializer had not finished when the process died says nothing of the next worker.
#[test]
fn a_crash_while_initializers_run_does_not_break_the_pool() {
    let mut session = session();
    session
        .run(
            "fn slow(n: u64) { std::thread::sleep(std::time::Duration::from_millis(n)) }\n\
             let pool = Pool::builder().processes(2).initializer(slow, (300,)).build()?;",
        )
        .ok();
    for _ in 0..3 {
        crash(&mut session);
    }
    works(&mut session);
}
