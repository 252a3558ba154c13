//! Tests of the handle: back-pressure.

use std::sync::mpsc;
use std::thread;

use super::super::buffer::LIMIT;
use super::*;
use crate::wire::Key;

fn handle() -> (IoPub, Parent) {
    let session = Session::new("tester", Key::new(b""));
    let parent = Parent::of(&session.message(Status {
        execution_state: ExecutionState::Idle,
    }));
    (IoPub::new(session), parent)
}

fn fill(iopub: &IoPub, parent: &Parent) {
    while !iopub.lock().is_full(Instant::now()) {
        iopub.stream(parent, StreamName::Stdout, &[b'x'; 10_000]);
    }
}

/// Prints and then tells, on a thread of its own.
fn print(iopub: &IoPub, parent: &Parent, size: usize) -> mpsc::Receiver<()> {
    let (iopub, parent) = (iopub.clone(), parent.clone());
    let (done, is_done) = mpsc::channel();
    thread::spawn(move || {
        iopub.stream(&parent, StreamName::Stdout, &vec![b'y'; size]);
        done.send(()).expect("the test listens");
    });
    is_done
}

#[test]
fn a_full_buffer_makes_the_printer_wait_and_loses_nothing() {
    let (iopub, parent) = handle();
    // Far more than the buffer holds: the printer cannot end before most of it has been taken.
    let size = 5 * LIMIT;
    let printed = print(&iopub, &parent, size);
    iopub.lock().hasten();
    let (mut taken, mut fullest) = (0, 0);
    while taken < size {
        fullest = fullest.max(iopub.lock().pending());
        match iopub.step() {
            Step::Send(_, item) => taken += item.into_stream().expect("it is text").text.len(),
            _ => thread::yield_now(),
        }
        if taken < size - LIMIT - MAX_TEXT {
            assert_eq!(printed.try_recv(), Err(mpsc::TryRecvError::Empty));
        }
    }
    assert_eq!(taken, size);
    assert!(
        fullest < LIMIT + 2 * MAX_TEXT,
        "{fullest} bytes were waiting"
    );
    printed.recv().expect("it goes on in the end");
}

#[test]
fn the_server_can_post_into_a_full_buffer() {
    let (iopub, parent) = handle();
    fill(&iopub, &parent);
    // On this thread: the test would hang if it blocked.
    iopub.post_status(&parent, ExecutionState::Idle);
}

#[test]
fn closing_frees_who_waits() {
    let (iopub, parent) = handle();
    fill(&iopub, &parent);
    let printed = print(&iopub, &parent, 1);
    iopub.close();
    printed.recv().expect("it goes on");
}

#[test]
fn an_interrupt_frees_who_waits() {
    let (iopub, parent) = handle();
    fill(&iopub, &parent);
    let printed = print(&iopub, &parent, 1);
    iopub.interrupt();
    printed.recv().expect("it goes on");
}
