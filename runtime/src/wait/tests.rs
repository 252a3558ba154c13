//! What the host relies on: how a waiting thread looks from outside.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use super::{Deadline, WaitSet, Wanted, waiting};
use crate::testing::{Bunch, until};
use crate::threading::Event;

/// The numbers of a thread's system call, as the kernel shows them; none while it runs.
fn system_call(native_id: i32) -> Option<Vec<u64>> {
    let text = std::fs::read_to_string(format!("/proc/self/task/{native_id}/syscall")).ok()?;
    let number = |word: &str| match word.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16).ok(),
        None => word.parse().ok(),
    };
    text.split_whitespace().map(number).collect()
}

/// Threads are told to be settled by this: a futex wait without a time limit.
#[test]
#[cfg_attr(miri, ignore = "looks at the kernel's own files")]
fn a_wait_without_timeout_is_a_futex_wait_without_one() {
    let futex = if cfg!(target_arch = "x86_64") {
        202
    } else {
        98
    };
    for timed in [false, true] {
        let event = Event::new();
        let other = event.clone();
        let bunch = Bunch::blocked(1, Wanted::Event, move |_| match timed {
            true => assert!(other.wait_timeout(Duration::from_secs(3600))),
            false => other.wait(),
        });
        let native_id = bunch.native_ids()[0];
        let in_futex = || system_call(native_id).filter(|call| call[0] == futex);
        until("it sleeps in a futex wait", || in_futex().is_some());
        let time_limit = in_futex().map(|call| call[4] != 0);
        assert_eq!(time_limit, Some(timed));
        event.set();
        bunch.join();
    }
}

#[test]
fn it_is_known_who_waits_for_what() {
    let set = Arc::new(WaitSet::new());
    let object = set.address();
    let go = Event::new();
    let (inner, ready) = (set.clone(), go.clone());
    let bunch = Bunch::start(2, move |_| {
        inner.wait_until(Wanted::Barrier, Deadline::NEVER, &mut || ready.is_set())
    });
    let mine = || {
        waiting()
            .into_iter()
            .filter(|(_, what)| what.object == object)
            .count()
    };
    until("both wait", || mine() == 2);
    assert!(
        waiting()
            .iter()
            .all(|(_, what)| what.object != object || what.wanted == Wanted::Barrier)
    );
    go.set();
    set.wake_all();
    assert_eq!(bunch.join(), [true, true]);
    assert_eq!(mine(), 0);
}

#[test]
fn a_wake_of_some_wakes_those_that_came_first() {
    let set = Arc::new(WaitSet::new());
    let gone = Arc::new(std::sync::Mutex::new(Vec::new()));
    let permits = Arc::new(AtomicUsize::new(0));
    let bunches: Vec<_> = (0..4)
        .map(|number| {
            let (set, gone, permits) = (set.clone(), gone.clone(), permits.clone());
            Bunch::blocked(1, Wanted::Queue, move |_| {
                let take = |permits: usize| permits.checked_sub(1);
                let mut got = || permits.fetch_update(SeqCst, SeqCst, take).is_ok();
                set.wait_until(Wanted::Queue, Deadline::NEVER, &mut got);
                gone.lock().unwrap().push(number);
            })
        })
        .collect();
    for woken in 1..=4 {
        permits.fetch_add(1, SeqCst);
        set.wake(1);
        until("one more has gone", || gone.lock().unwrap().len() == woken);
    }
    assert_eq!(*gone.lock().unwrap(), [0, 1, 2, 3]);
    bunches.into_iter().for_each(|bunch| drop(bunch.join()));
}
