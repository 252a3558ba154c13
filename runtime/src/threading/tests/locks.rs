//! What `Lock`, `RLock` and the semaphores promise as locks, and what only some of them do.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::testing::{Bunch, LONG, SHORT, until};
use crate::threading::{BoundedSemaphore, Condition, Lock, RLock, Semaphore};
use crate::wait::Wanted;

/// A type seen as a lock that one thread holds.
trait AsLock: Send + Sync {
    fn acquire(&self);
    fn try_acquire(&self) -> bool;
    fn acquire_timeout(&self, timeout: Duration) -> bool;
    fn release(&self) -> bool;
    fn is_free(&self) -> bool;
    fn with(&self, body: &mut dyn FnMut());
    fn guard_then(&self, body: &mut dyn FnMut());
}

macro_rules! as_lock {
    ($type:ty, $release:expr, $is_free:expr) => {
        impl AsLock for $type {
            fn acquire(&self) {
                self.acquire();
            }
            fn try_acquire(&self) -> bool {
                self.try_acquire()
            }
            fn acquire_timeout(&self, timeout: Duration) -> bool {
                self.acquire_timeout(timeout)
            }
            fn release(&self) -> bool {
                let release: fn(&$type) -> bool = $release;
                release(self)
            }
            fn is_free(&self) -> bool {
                let is_free: fn(&$type) -> bool = $is_free;
                is_free(self)
            }
            fn with(&self, body: &mut dyn FnMut()) {
                self.with(|| body());
            }
            fn guard_then(&self, body: &mut dyn FnMut()) {
                let _held = self.guard();
                assert!(!self.is_free());
                body();
            }
        }
    };
}

as_lock!(Lock, |l| l.release().is_ok(), |l| !l.locked());
as_lock!(RLock, |l| l.release().is_ok(), |l| !l.locked());
as_lock!(
    Semaphore,
    |s| {
        s.release();
        true
    },
    |s| s.value() == 1
);
as_lock!(BoundedSemaphore, |s| s.release().is_ok(), |s| s.value()
    == 1);

type Case = (&'static str, Wanted, Arc<dyn AsLock>);

fn cases() -> Vec<Case> {
    vec![
        ("Lock", Wanted::Lock, Arc::new(Lock::new())),
        ("RLock", Wanted::RLock, Arc::new(RLock::new())),
        ("Semaphore", Wanted::Semaphore, Arc::new(Semaphore::new(1))),
        (
            "BoundedSemaphore",
            Wanted::Semaphore,
            Arc::new(BoundedSemaphore::new(1)),
        ),
    ]
}

/// The cases in which a thread's second acquire waits.
fn not_reentrant() -> Vec<Case> {
    cases()
        .into_iter()
        .filter(|(name, ..)| *name != "RLock")
        .collect()
}

#[test]
fn acquire_and_release() {
    for (name, _, lock) in cases() {
        assert!(lock.is_free(), "{name}");
        lock.acquire();
        assert!(!lock.is_free(), "{name}");
        assert!(lock.release(), "{name}");
        assert!(lock.is_free(), "{name}");
    }
}

#[test]
fn release_of_a_free_lock_is_an_error_and_changes_nothing() {
    for (name, _, lock) in cases() {
        if name == "Semaphore" {
            continue;
        }
        assert!(!lock.release(), "{name}");
        assert!(lock.is_free(), "{name}");
        assert!(lock.try_acquire(), "{name}");
        assert!(lock.release() && !lock.release(), "{name}");
    }
}

#[test]
fn try_acquire_of_another_threads_lock_fails() {
    for (name, _, lock) in cases() {
        lock.acquire();
        let other = lock.clone();
        assert_eq!(
            Bunch::start(1, move |_| other.try_acquire()).join(),
            [false],
            "{name}"
        );
        let other = lock.clone();
        let timeouts = [Duration::ZERO, SHORT];
        let tried = Bunch::start(2, move |i| other.acquire_timeout(timeouts[i])).join();
        assert_eq!(tried, [false, false], "{name}");
        assert!(
            lock.release() && lock.try_acquire(),
            "usable after timeouts: {name}"
        );
    }
}

#[test]
fn a_timeout_takes_its_time_and_a_free_lock_none() {
    for (name, _, lock) in cases() {
        let start = Instant::now();
        assert!(lock.acquire_timeout(LONG), "{name}");
        assert!(start.elapsed() < LONG, "{name}");
        let other = lock.clone();
        let timed = Bunch::start(1, move |_| {
            let start = Instant::now();
            (other.acquire_timeout(SHORT), start.elapsed())
        });
        let (acquired, took) = timed.join()[0];
        assert!(!acquired && took >= SHORT, "{name}: {took:?}");
    }
}

#[test]
fn a_huge_timeout_waits_until_the_release() {
    for (name, wanted, lock) in cases() {
        lock.acquire();
        let other = lock.clone();
        let waiter = Bunch::blocked(1, wanted, move |_| {
            (other.acquire_timeout(Duration::MAX), other.release())
        });
        assert!(lock.release(), "{name}");
        assert_eq!(waiter.join(), [(true, true)], "{name}");
    }
}

#[test]
fn all_waiters_get_their_turn() {
    for (name, wanted, lock) in cases() {
        lock.acquire();
        let other = lock.clone();
        let waiters = Bunch::blocked(5, wanted, move |_| {
            other.acquire();
            other.release()
        });
        assert_eq!(waiters.finished(), 0, "{name}");
        assert!(lock.release(), "{name}");
        assert_eq!(waiters.join(), [true; 5], "{name}");
        assert!(lock.is_free(), "{name}");
    }
}

#[test]
fn a_scope_releases_also_in_a_panic() {
    for (name, _, lock) in cases() {
        lock.with(&mut || assert!(!lock.is_free(), "{name}"));
        assert!(lock.is_free(), "{name}");
        lock.guard_then(&mut || ());
        assert!(lock.is_free(), "{name}");
        for scope in [AsLock::with, AsLock::guard_then] as [fn(&_, &mut dyn FnMut()); 2] {
            let lock: &dyn AsLock = &*lock;
            let panic =
                crate::threading::thread::panics::catch(|| scope(lock, &mut || panic!("bother")));
            assert_eq!(panic.unwrap_err().message(), "bother");
            assert!(lock.is_free(), "{name}");
        }
    }
}

#[test]
fn one_thread_at_a_time() {
    for (name, _, lock) in cases() {
        let inside = Arc::new(AtomicUsize::new(0));
        let other = lock.clone();
        let rounds = if cfg!(miri) { 20 } else { 2000 };
        let bunch = Bunch::start(4, move |_| {
            let mut alone = true;
            for _ in 0..rounds {
                other.acquire();
                alone &= inside.fetch_add(1, Ordering::Relaxed) == 0;
                inside.fetch_sub(1, Ordering::Relaxed);
                other.release();
            }
            alone
        });
        assert_eq!(bunch.join(), [true; 4], "{name}");
        assert!(lock.is_free(), "{name}");
    }
}

#[test]
fn a_second_acquire_waits_for_any_threads_release() {
    for (name, wanted, lock) in not_reentrant() {
        let other = lock.clone();
        let waiter = Bunch::blocked(1, wanted, move |_| {
            other.acquire();
            other.acquire();
        });
        assert!(lock.release(), "{name}");
        waiter.join();
        assert!(lock.release() && lock.is_free(), "{name}");
    }
}

#[test]
fn clones_are_the_same_lock_and_statics_work() {
    static LOCK: Lock = Lock::new();
    static RLOCK: RLock = RLock::new();
    let (lock, rlock) = (LOCK.clone(), RLOCK.clone());
    lock.acquire();
    rlock.acquire();
    assert!(LOCK.locked() && RLOCK.locked());
    assert!(LOCK.release().is_ok() && RLOCK.release().is_ok());
    assert!(!lock.locked() && !rlock.locked());
}

#[test]
fn two_releases_at_once_release_once_each() {
    let lock = Lock::new();
    for _ in 0..if cfg!(miri) { 5 } else { 200 } {
        lock.acquire();
        let other = lock.clone();
        let waiter = Bunch::start(1, move |_| other.acquire());
        let other = lock.clone();
        let released = Bunch::start(3, move |_| other.release().is_ok()).join();
        waiter.join();
        // One release for us, and one for the waiter if it came in between.
        let count = released.iter().filter(|released| **released).count();
        assert!((1..=2).contains(&count), "{count}");
        assert_eq!(lock.locked(), count == 1);
        let _ = lock.release();
    }
}

#[test]
fn a_waiter_is_not_starved_by_a_holder_that_wants_the_lock_again() {
    let lock = Lock::new();
    lock.acquire();
    let got = Arc::new(AtomicUsize::new(0));
    let waiters = Bunch::blocked(2, Wanted::Lock, {
        let (lock, got) = (lock.clone(), got.clone());
        move |_| {
            lock.acquire();
            got.fetch_add(1, Ordering::Relaxed);
            lock.release().unwrap();
        }
    });
    let start = Instant::now();
    while got.load(Ordering::Relaxed) < 2 {
        assert!(start.elapsed() < LONG);
        lock.release().unwrap();
        lock.acquire();
        until("the waiters' patience ends", || {
            start.elapsed() > Duration::from_millis(1)
        });
    }
    waiters.join();
}

#[test]
fn rlock_counts() {
    let lock = RLock::new();
    let counts: Vec<_> = (0..3)
        .map(|_| {
            lock.acquire();
            lock.recursion_count()
        })
        .collect();
    assert_eq!(counts, [1, 2, 3]);
    let other = lock.clone();
    let seen = Bunch::start(1, move |_| (other.recursion_count(), other.release())).join();
    assert_eq!(seen[0].0, 0);
    assert_eq!(
        seen[0].1.unwrap_err().to_string(),
        "cannot release an RLock that this thread has not acquired"
    );
    for left in [2, 1, 0] {
        lock.release().unwrap();
        assert_eq!(lock.recursion_count(), left);
    }
    assert!(!lock.locked() && lock.release().is_err());
}

#[test]
fn guards_can_be_tried() {
    let (lock, rlock, cond) = (
        Lock::new(),
        RLock::new(),
        Condition::with_lock(&Lock::new()),
    );
    let held = (lock.try_guard(), rlock.try_guard(), cond.try_guard());
    assert!(held.0.is_some() && held.1.is_some() && held.2.is_some());
    assert!(lock.try_guard().is_none() && lock.guard_timeout(SHORT).is_none());
    assert!(rlock.try_guard().is_some() && rlock.guard_timeout(SHORT).is_some());
    assert!(cond.try_guard().is_none() && cond.guard_timeout(SHORT).is_none());
}

#[test]
fn a_released_lock_is_left_alone_by_its_guard() {
    let lock = Lock::new();
    let held = lock.guard();
    lock.release().unwrap();
    drop(held);
    assert!(!lock.locked() && lock.try_acquire());
}
