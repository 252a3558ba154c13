//! What `Barrier` promises.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::testing::{Bunch, LONG, SHORT};
use crate::threading::{Barrier, BrokenBarrier, Event};
use crate::wait::Wanted;

#[test]
fn all_go_on_together_again_and_again() {
    let barrier = Barrier::new(4);
    let passed = Arc::new(AtomicUsize::new(0));
    let rounds = if cfg!(miri) { 5 } else { 200 };
    let bunch = Bunch::start(4, {
        let (barrier, passed) = (barrier.clone(), passed.clone());
        move |_| {
            (0..rounds)
                .map(|round| {
                    assert!(passed.load(Ordering::SeqCst) >= round * 4);
                    passed.fetch_add(1, Ordering::SeqCst);
                    let index = barrier.wait().unwrap();
                    assert!(passed.load(Ordering::SeqCst) >= (round + 1) * 4);
                    index
                })
                .sum::<usize>()
        }
    });
    // The places of each round are 0, 1, 2, 3.
    assert_eq!(bunch.join().iter().sum::<usize>(), rounds * 6);
    assert_eq!(
        (barrier.n_waiting(), barrier.broken(), barrier.parties()),
        (0, false, 4)
    );
}

#[test]
fn the_action_runs_once_before_they_go_on() {
    let done = Arc::new(AtomicUsize::new(0));
    let count = done.clone();
    let barrier = Barrier::new(3).with_action(move || {
        count.fetch_add(1, Ordering::SeqCst);
    });
    let seen = done.clone();
    let bunch = Bunch::start(3, move |_| {
        barrier.wait().unwrap();
        seen.load(Ordering::SeqCst)
    });
    assert_eq!(bunch.join(), [1; 3]);
}

/// Each way to break a barrier of three in which two threads wait.
#[test]
fn whatever_breaks_it_reaches_all_until_reset() {
    type Break = fn(&Barrier);
    let cases: [(&str, Break, &str); 4] = [
        ("abort", |barrier| barrier.abort(), "it was aborted"),
        ("timeout", |barrier| drop(barrier.wait_timeout(SHORT)), ""),
        ("action", |barrier| drop(barrier.wait()), "bother"),
        ("reset", |barrier| barrier.reset(), "was reset"),
    ];
    for (name, break_it, message) in cases {
        let parties = if name == "timeout" { 4 } else { 3 };
        let armed = Arc::new(AtomicUsize::new(1));
        let barrier = Barrier::new(parties).with_action(move || {
            assert!(armed.fetch_sub(1, Ordering::SeqCst) != 1, "bother");
        });
        let other = barrier.clone();
        let waiters = Bunch::blocked(2, Wanted::Barrier, move |_| other.wait().unwrap_err());
        assert_eq!(barrier.n_waiting(), 2, "{name}");
        break_it(&barrier);
        for error in waiters.join() {
            assert!(error.to_string().contains(message), "{name}: {error}");
        }
        assert_eq!(barrier.broken(), name != "reset", "{name}");
        if name != "reset" {
            let error = barrier.wait().unwrap_err();
            assert!(error.to_string().contains("is broken"), "{name}: {error}");
        }
        barrier.reset();
        assert_eq!(
            (barrier.broken(), barrier.n_waiting()),
            (false, 0),
            "{name}"
        );
        if name == "action" {
            let other = barrier.clone();
            let again = Bunch::start(3, move |_| other.wait().is_ok());
            assert_eq!(again.join(), [true; 3], "{name}");
        }
    }
}

#[test]
fn abort_and_reset_while_the_action_runs() {
    for reset in [false, true] {
        let (begun, go_on) = (Event::new(), Event::new());
        let barrier = Barrier::new(1).with_action({
            let (begun, go_on) = (begun.clone(), go_on.clone());
            move || {
                begun.set();
                go_on.wait();
            }
        });
        let other = barrier.clone();
        let runner = Bunch::start(1, move |_| other.wait().unwrap_err());
        begun.wait();
        if reset {
            barrier.reset()
        } else {
            barrier.abort()
        }
        go_on.set();
        let error = &runner.join()[0];
        assert!(matches!(error, BrokenBarrier::Reset) == reset, "{error}");
        assert_eq!(barrier.broken(), !reset);
    }
}

#[test]
fn timeouts() {
    let barrier = Barrier::new(2).with_timeout(SHORT);
    assert!(matches!(barrier.wait(), Err(BrokenBarrier::TimedOut)));
    barrier.reset();
    let other = barrier.clone();
    let waiter = Bunch::blocked(1, Wanted::Barrier, move |_| {
        other.wait_timeout(LONG).unwrap()
    });
    assert_eq!(
        barrier.wait().unwrap(),
        1,
        "the call's timeout comes before the barrier's"
    );
    assert_eq!(waiter.join(), [0]);
}

#[test]
fn one_party_goes_on_and_none_is_broken() {
    let (one, none) = (Barrier::new(1), Barrier::new(0));
    assert_eq!([one.wait().unwrap(), one.wait().unwrap()], [0, 0]);
    assert!(matches!(none.wait(), Err(BrokenBarrier::NoParties)));
    none.reset();
    assert!(none.broken() && none.wait().is_err());
}
