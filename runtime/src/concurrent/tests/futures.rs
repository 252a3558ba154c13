//! What futures promise, and those that wait for many of them.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::super::*;
use crate::glue::cell::block_on;
use crate::testing::{Bunch, LONG, SHORT, until};
use crate::threading::Event;
use crate::wait::Wanted;

#[test]
fn a_futures_states() {
    type Step = fn(&Future<u8>);
    let cases: [(&str, &[Step], &str); 6] = [
        ("new", &[], "<Future pending>"),
        (
            "runs",
            &[|f| assert!(f.set_running_or_notify_cancel().unwrap())],
            "<Future running>",
        ),
        (
            "finished",
            &[|f| f.set_result(1).unwrap()],
            "<Future finished>",
        ),
        (
            "failed",
            &[|f| f.set_exception("no").unwrap()],
            "<Future finished: no>",
        ),
        (
            "cancelled",
            &[|f| assert!(f.cancel() && f.cancel())],
            "<Future cancelled>",
        ),
        (
            "ran",
            &[
                |f| assert!(f.set_running_or_notify_cancel().unwrap()),
                |f| f.set_result(1).unwrap(),
            ],
            "<Future finished>",
        ),
    ];
    for (name, steps, shown) in cases {
        let future = Future::new();
        steps.iter().for_each(|step| step(&future));
        assert_eq!(format!("{future:?}"), shown, "{name}");
        let done = !matches!(name, "new" | "runs");
        assert_eq!(future.done(), done, "{name}");
        assert_eq!(future.running(), name == "runs", "{name}");
        if done {
            assert!(future.set_result(2).is_err() && future.set_exception("late").is_err());
            assert_eq!(future.cancel(), name == "cancelled", "{name}");
        } else {
            assert!(
                matches!(future.result_timeout(SHORT), Err(FutureError::TimedOut)),
                "{name}"
            );
        }
        assert_eq!(
            future.set_running_or_notify_cancel().ok(),
            match name {
                "new" => Some(true),
                "cancelled" => Some(false),
                _ => None,
            }
        );
    }
}

#[test]
fn a_result_reaches_all_that_wait() {
    let future = Future::new();
    let other = future.clone();
    let waiters = Bunch::blocked(3, Wanted::Future, move |i| match i {
        0 => other.result_timeout(Duration::MAX).unwrap(),
        _ => other.result().unwrap(),
    });
    future.set_result("honey").unwrap();
    assert_eq!(waiters.join(), ["honey"; 3]);
    assert_eq!(future.take_result().unwrap(), "honey");
    assert!(matches!(future.result(), Err(FutureError::ResultTaken)));
}

#[test]
fn cancel_and_failure_reach_all_that_wait() {
    for cancel in [true, false] {
        let future = Future::<u8>::new();
        let other = future.clone();
        let waiters = Bunch::blocked(2, Wanted::Future, move |i| match i {
            0 => other.exception().unwrap(),
            _ => other.result().unwrap_err(),
        });
        if cancel {
            future.cancel();
        } else {
            future.set_exception("bother").unwrap();
        }
        for error in waiters.join() {
            assert_eq!(matches!(error, FutureError::Cancelled), cancel, "{error}");
            assert_eq!(error.to_string() == "bother", !cancel, "{error}");
        }
    }
}

#[test]
fn callbacks_come_in_order_once_and_may_panic() {
    type Complete = fn(&Future<u8>);
    let cases: [Complete; 3] = [
        |f| f.set_result(1).unwrap(),
        |f| f.set_exception("no").unwrap(),
        |f| assert!(f.cancel()),
    ];
    for complete in cases {
        let (future, called) = (Future::new(), Arc::new(Mutex::new(Vec::new())));
        for number in 0..4 {
            let called = called.clone();
            future.add_done_callback(move |future| {
                assert!(future.done());
                called.lock().unwrap().push(number);
                assert!(number != 1, "a callback fails");
            });
        }
        assert!(called.lock().unwrap().is_empty());
        complete(&future);
        future.cancel();
        assert_eq!(*called.lock().unwrap(), [0, 1, 2, 3]);
        let late = called.clone();
        future.add_done_callback(move |_| late.lock().unwrap().push(9));
        assert_eq!(*called.lock().unwrap(), [0, 1, 2, 3, 9], "at once if done");
    }
}

#[test]
fn a_callback_may_add_a_callback() {
    let (future, called) = (Future::<u8>::new(), Event::new());
    let inner = called.clone();
    future.add_done_callback(move |future| future.add_done_callback(move |_| inner.set()));
    future.set_result(1).unwrap();
    assert!(called.is_set());
}

#[test]
fn wait_sorts_by_what_is_done() {
    type Complete = fn(&Future<u8>);
    let ok: Complete = |f| f.set_result(1).unwrap();
    let fail: Complete = |f| f.set_exception("no").unwrap();
    let cancel: Complete = |f| assert!(f.cancel());
    // What happens, what is waited for, and how many are done when it returns.
    let cases: [(&[Complete], ReturnWhen, usize); 7] = [
        (&[ok], ReturnWhen::FirstCompleted, 1),
        (&[cancel], ReturnWhen::FirstCompleted, 1),
        (&[fail], ReturnWhen::FirstException, 1),
        (&[ok, fail], ReturnWhen::FirstException, 2),
        (&[ok, ok, cancel], ReturnWhen::FirstException, 3),
        (&[ok, fail, cancel], ReturnWhen::AllCompleted, 3),
        (&[fail, fail, ok], ReturnWhen::AllCompleted, 3),
    ];
    for (number, (steps, when, done)) in cases.into_iter().enumerate() {
        for before in [true, false] {
            let futures: Vec<_> = (0..3).map(|_| Future::new()).collect();
            let complete = || {
                steps
                    .iter()
                    .zip(&futures)
                    .for_each(|(step, future)| step(future))
            };
            if before {
                complete();
            }
            let given = [futures.clone(), futures.clone()].concat();
            let waiter = Bunch::start(1, move |_| wait(&given, when));
            if !before {
                until("it waits", || waiter.waiting(Wanted::Future) == 1);
                complete();
            }
            let sorted = waiter.join().remove(0);
            assert_eq!(
                sorted.done.len() + sorted.not_done.len(),
                3,
                "no doubles: {number}"
            );
            let least = if before { done } else { 1 };
            assert!(
                (least..=done).contains(&sorted.done.len()),
                "{number}: {sorted:?}"
            );
        }
    }
    let never = [Future::<u8>::new()];
    let sorted = wait_timeout(&never, SHORT, ReturnWhen::AllCompleted);
    assert_eq!((sorted.done.len(), sorted.not_done.len()), (0, 1));
    assert!(
        wait::<u8, [Future<u8>; 0]>([], ReturnWhen::FirstCompleted)
            .done
            .is_empty()
    );
}

#[test]
fn as_completed_gives_them_as_they_come() {
    let futures: Vec<_> = (0..4).map(|_| Future::new()).collect();
    futures[2].set_result(2).unwrap();
    let given = [futures.clone(), futures.clone()].concat();
    let mut completed = as_completed(given);
    assert_eq!(completed.next().as_ref(), Some(&futures[2]));
    for index in [3, 0] {
        let future = futures[index].clone();
        let setter = Bunch::start(1, move |_| future.set_result(0).unwrap());
        assert_eq!(completed.next().as_ref(), Some(&futures[index]));
        setter.join();
    }
    futures[1].cancel();
    assert_eq!(completed.next().as_ref(), Some(&futures[1]));
    assert_eq!(completed.next(), None, "each once");
}

#[test]
fn as_completed_times_out_once() {
    let futures = [Future::new(), Future::<u8>::new()];
    futures[0].set_result(1).unwrap();
    let results: Vec<_> = as_completed_timeout(&futures, SHORT).collect();
    assert_eq!(
        results,
        [
            Ok(futures[0].clone()),
            Err(TimedOut {
                unfinished: 1,
                total: 2
            })
        ]
    );
    futures[1].cancel();
    assert_eq!(
        as_completed_timeout(&futures, LONG)
            .filter(Result::is_ok)
            .count(),
        2
    );
}

#[test]
fn a_future_can_be_awaited() {
    struct NoClone(u8);
    let there = Future::new();
    there.set_result(NoClone(1)).unwrap();
    assert_eq!(block_on(there.clone().into_future()).unwrap().0, 1);
    let again = block_on(there.into_future());
    assert!(matches!(again, Err(FutureError::ResultTaken)));

    let late = Future::new();
    let awaiting = late.clone();
    let waiter = Bunch::blocked(1, Wanted::Future, move |_| {
        let awaiting = awaiting.clone();
        block_on(async { awaiting.await.map(|NoClone(n)| n).unwrap() })
    });
    late.set_result(NoClone(2)).unwrap();
    assert_eq!(waiter.join(), [2]);

    let cancelled = Future::<u8>::new();
    cancelled.cancel();
    let ended = block_on(cancelled.into_future());
    assert!(matches!(ended, Err(FutureError::Cancelled)));
}

#[test]
fn whoever_polled_last_is_woken() {
    use std::future::Future as _;
    use std::task::{Context, Poll, Wake, Waker};
    #[derive(Default)]
    struct Count(std::sync::atomic::AtomicU32);
    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        }
    }
    let counts = [(); 2].map(|()| Arc::new(Count::default()));
    let future = Future::new();
    let mut awaited = std::pin::pin!(future.clone().into_future());
    for count in &counts {
        let waker = Waker::from(Arc::clone(count));
        let polled = awaited.as_mut().poll(&mut Context::from_waker(&waker));
        assert!(polled.is_pending());
    }
    future.set_result(3).unwrap();
    let woken = counts.map(|count| count.0.load(std::sync::atomic::Ordering::SeqCst));
    assert_eq!(woken, [0, 1]);
    let polled = awaited.poll(&mut Context::from_waker(Waker::noop()));
    assert!(matches!(polled, Poll::Ready(Ok(3))));
}
