//! What `Condition` promises, over its own lock, an `RLock` and a `Lock`.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::testing::{Bunch, LONG, SHORT, until};
use crate::threading::thread::panics;
use crate::threading::{Condition, Lock, RLock};
use crate::wait::Wanted;

fn cases() -> Vec<(&'static str, Condition)> {
    vec![
        ("own", Condition::new()),
        ("rlock", Condition::with_rlock(&RLock::new())),
        ("lock", Condition::with_lock(&Lock::new())),
    ]
}

/// A thread that waits, whose number is noted when it goes on.
fn waiter(cond: &Condition, order: &Arc<Mutex<Vec<usize>>>, number: usize) -> Bunch<()> {
    let (cond, order) = (cond.clone(), order.clone());
    Bunch::blocked(1, Wanted::Condition, move |_| {
        let held = cond.guard();
        held.wait();
        order.lock().unwrap().push(number);
    })
}

#[test]
fn notify_wakes_in_the_order_of_arrival() {
    for (name, cond) in cases() {
        let order = Arc::default();
        let waiters: Vec<_> = (0..6).map(|i| waiter(&cond, &order, i)).collect();
        let noted = || order.lock().unwrap().clone();
        cond.guard().notify();
        until("the first has gone on", || noted() == [0]);
        cond.guard().notify_n(2);
        until("two more have gone on", || noted().len() == 3);
        let mut middle = noted()[1..].to_vec();
        middle.sort();
        assert_eq!(middle, [1, 2], "{name}");
        cond.guard().notify_all();
        waiters.into_iter().for_each(|waiter| drop(waiter.join()));
        assert_eq!(noted().len(), 6, "{name}");
    }
}

#[test]
fn a_notification_without_waiters_is_lost() {
    for (name, cond) in cases() {
        let held = cond.guard();
        held.notify_all();
        held.notify_n(0);
        assert!(!held.wait_timeout(SHORT), "{name}");
    }
}

#[test]
fn the_notified_goes_on_only_when_the_lock_is_free() {
    for (name, cond) in cases() {
        let order = Arc::default();
        let waiter = waiter(&cond, &order, 0);
        let held = cond.guard();
        held.notify();
        until("it wants the lock", || {
            waiter.waiting(Wanted::Lock) + waiter.waiting(Wanted::RLock) == 1
        });
        assert_eq!(waiter.finished(), 0, "{name}");
        drop(held);
        waiter.join();
    }
}

#[test]
fn wait_releases_an_rlock_whole_and_takes_it_back_whole() {
    let lock = RLock::new();
    let cond = Condition::with_rlock(&lock);
    let _outer = lock.guard();
    let held = cond.guard();
    let other = cond.clone();
    let notifier = Bunch::start(1, move |_| other.guard().notify());
    held.wait();
    assert_eq!(lock.recursion_count(), 2);
    notifier.join();
}

#[test]
fn wait_for_looks_after_each_notification() {
    for (name, cond) in cases() {
        let (state, asked) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (other, seen, count) = (cond.clone(), state.clone(), asked.clone());
        let waiter = Bunch::blocked(1, Wanted::Condition, move |_| {
            other.guard().wait_for(|| {
                count.fetch_add(1, Ordering::SeqCst);
                seen.load(Ordering::SeqCst) == 4
            });
        });
        for step in 1..=4 {
            let held = cond.guard();
            state.store(step, Ordering::SeqCst);
            held.notify();
            drop(held);
            until("it has looked", || asked.load(Ordering::SeqCst) == step + 1);
        }
        waiter.join();
        assert_eq!(asked.load(Ordering::SeqCst), 5, "{name}");
    }
}

#[test]
fn timeouts() {
    for (name, cond) in cases() {
        let held = cond.guard();
        let start = Instant::now();
        assert!(!held.wait_timeout(SHORT), "{name}");
        assert!(!held.wait_for_timeout(SHORT, || false), "{name}");
        assert!(start.elapsed() >= 2 * SHORT, "{name}");
        assert!(held.wait_for_timeout(Duration::ZERO, || true), "{name}");
        assert!(!held.wait_for_timeout(Duration::ZERO, || false), "{name}");
        drop(held);
        let other = cond.clone();
        let waiter = Bunch::blocked(1, Wanted::Condition, move |_| {
            other.guard().wait_timeout(LONG)
        });
        cond.guard().notify();
        assert_eq!(waiter.join(), [true], "{name}");
        assert!(format!("{cond:?}").contains("waiters: 0"), "{cond:?}");
    }
}

#[test]
fn a_timed_out_waiter_takes_no_notification() {
    for (name, cond) in cases() {
        let order = Arc::default();
        assert!(!cond.guard().wait_timeout(SHORT), "{name}");
        let waiter = waiter(&cond, &order, 1);
        cond.guard().notify();
        waiter.join();
    }
}

#[test]
fn a_lock_released_under_the_guard_is_named() {
    let lock = Lock::new();
    let cond = Condition::with_lock(&lock);
    let held = cond.guard();
    lock.release().unwrap();
    let wait = panics::catch(|| held.wait()).unwrap_err();
    let notify = panics::catch(|| held.notify()).unwrap_err();
    assert!(
        wait.message().contains("cannot wait on a Condition"),
        "{wait}"
    );
    assert!(
        notify.message().contains("cannot notify a Condition"),
        "{notify}"
    );
    assert!(
        wait.location().unwrap().contains("conditions.rs"),
        "the caller's line: {wait}"
    );
    drop(held);
    assert!(cond.try_guard().is_some());
}

#[test]
fn a_panicking_predicate_leaves_the_condition_usable() {
    for (name, cond) in cases() {
        let panic = panics::catch(|| cond.guard().wait_for(|| panic!("bother"))).unwrap_err();
        assert_eq!(panic.message(), "bother", "{name}");
        assert!(cond.try_guard().is_some(), "{name}");
    }
}
