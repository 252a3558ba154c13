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
