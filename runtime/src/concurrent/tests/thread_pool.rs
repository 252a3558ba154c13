//! What the thread pool promises.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use super::super::*;
use crate::testing::{Bunch, SHORT, until};
use crate::threading::thread::panics;
use crate::threading::{Barrier, Event, current_thread};
use crate::wait::Wanted;

/// A pool whose threads all run a task that waits for the event.
fn busy(max_workers: usize) -> (ThreadPoolExecutor, Event, Vec<Future<()>>) {
    let (pool, go, begun) = (
        ThreadPoolExecutor::new(max_workers),
        Event::new(),
        Barrier::new(max_workers + 1),
    );
    let running = (0..max_workers)
        .map(|_| {
            let (go, begun) = (go.clone(), begun.clone());
            pool.submit(move || {
                begun.wait().unwrap();
                go.wait();
            })
        })
        .collect();
    begun.wait().unwrap();
    (pool, go, running)
}

#[test]
fn tasks_give_results_and_panics() {
    let pool = ThreadPoolExecutor::new(2);
    assert_eq!(pool.submit(|| 42).result().unwrap(), 42);
    let Err(FutureError::Panicked(panic)) = pool.submit(|| panic!("bother")).result() else {
        unreachable!()
    };
    assert_eq!(panic.message(), "bother");
    assert!(panic.location().unwrap().contains(file!()));
    assert!(panic.thread_name().starts_with("ThreadPoolExecutor-"));
    assert_eq!(
        pool.submit(|| "still there").result().unwrap(),
        "still there"
    );
}

#[test]
fn threads_are_used_again_and_no_more_than_asked_for() {
    let pool = ThreadPoolExecutor::builder()
        .max_workers(3)
        .thread_name_prefix("bee")
        .build();
    for _ in 0..5 {
        assert_eq!(
            pool.submit(|| current_thread().name()).result().unwrap(),
            "bee_0"
        );
        // It completes the future before it is idle: a task in between would get a second thread.
        until("it is idle", || pool.idle() == 1);
    }
    let together = Barrier::new(3);
    let names: Vec<_> = pool
        .map(
            move |_| (together.wait().unwrap(), current_thread().name()).1,
            0..6,
        )
        .map(Result::unwrap)
        .collect();
    for name in ["bee_0", "bee_1", "bee_2"] {
        assert!(names.iter().any(|other| other == name), "{names:?}");
    }
    assert!(format!("{pool:?}").contains("threads: 3"), "{pool:?}");
}

#[test]
fn a_task_that_has_not_begun_can_be_cancelled() {
    let (pool, go, running) = busy(1);
    let ran = Event::new();
    let inner = ran.clone();
    let waiting = pool.submit(move || inner.set());
    assert!(!running[0].cancel() && running[0].running());
    assert!(waiting.cancel());
    go.set();
    running[0].result().unwrap();
    pool.shutdown();
    assert!(!ran.is_set() && waiting.cancelled());
}

#[test]
fn shutdown_runs_or_cancels_what_waits() {
    for cancel_futures in [false, true] {
        let (pool, go, running) = busy(2);
        let waiting: Vec<_> = (0..3).map(|n| pool.submit(move || n)).collect();
        pool.shutdown_with(Shutdown {
            wait: false,
            cancel_futures,
        });
        assert_eq!(waiting[0].cancelled(), cancel_futures);
        assert!(matches!(
            pool.submit(|| 1).result(),
            Err(FutureError::ShutDown)
        ));
        go.set();
        pool.shutdown();
        assert!(running.iter().all(|future| future.result().is_ok()));
        assert!(
            waiting
                .iter()
                .all(|future| future.result().is_ok() != cancel_futures)
        );
    }
}

#[test]
fn the_last_handle_ends_the_pool_after_its_tasks() {
    let (pool, go, running) = busy(1);
    let waiting = pool.submit(|| 42);
    let clone = pool.clone();
    drop(pool);
    assert!(!clone.submit(|| ()).done());
    let dropper = Bunch::blocked(1, Wanted::Thread, {
        let clone = Mutex::new(Some(clone));
        let clone = Arc::new(clone);
        move |_| drop(clone.lock().unwrap().take())
    });
    go.set();
    dropper.join();
    assert!(running[0].done() && waiting.result().unwrap() == 42);
}

#[test]
fn a_task_may_drop_or_shut_down_its_own_pool() {
    let pool = ThreadPoolExecutor::new(1);
    let go = Event::new();
    let (inner, wait) = (pool.clone(), go.clone());
    let future = pool.submit(move || {
        wait.wait();
        inner.shutdown();
        drop(inner);
        42
    });
    drop(pool);
    go.set();
    assert_eq!(future.result().unwrap(), 42);
}

#[test]
fn an_initializer_that_fails_breaks_the_pool() {
    let pool = ThreadPoolExecutor::builder()
        .max_workers(2)
        .initializer(|| panic!("no honey"))
        .build();
    for future in [pool.submit(|| 1), pool.submit(|| 2)] {
        let error = future.result().unwrap_err();
        assert!(matches!(&error, FutureError::BrokenExecutor(_)), "{error}");
        assert!(error.to_string().contains("no honey"), "{error}");
    }
    let late = pool.submit(|| 3).result();
    assert!(matches!(late, Err(FutureError::BrokenExecutor(_))));
    pool.shutdown();
}

#[test]
fn the_initializer_runs_once_per_thread() {
    let count = Arc::new(AtomicUsize::new(0));
    let inner = count.clone();
    let pool = ThreadPoolExecutor::builder()
        .max_workers(2)
        .initializer(move || {
            inner.fetch_add(1, Ordering::SeqCst);
        })
        .build();
    let together = Barrier::new(2);
    assert_eq!(
        pool.map(move |_| together.wait().is_ok(), 0..4)
            .filter(Result::is_ok)
            .count(),
        4
    );
    assert_eq!(count.load(Ordering::SeqCst), 2);
}

#[test]
fn map_keeps_the_order_and_goes_on_after_a_failure() {
    let pool = ThreadPoolExecutor::new(3);
    let results: Vec<_> = pool
        .map(
            |n| {
                assert!(n != 2, "unlucky");
                n * 10
            },
            0..5,
        )
        .map(Result::ok)
        .collect();
    assert_eq!(results, [Some(0), Some(10), None, Some(30), Some(40)]);
    assert_eq!(pool.map(|n: u8| n, []).count(), 0);
}

#[test]
fn map_times_out_and_cancels_when_it_is_dropped() {
    let (pool, go, _running) = busy(1);
    let ran = Arc::new(AtomicUsize::new(0));
    let count = ran.clone();
    let mut results = pool
        .map(move |_| count.fetch_add(1, Ordering::SeqCst), 0..3)
        .timeout(SHORT);
    assert!(matches!(results.next(), Some(Err(FutureError::TimedOut))));
    drop(results);
    go.set();
    pool.shutdown();
    assert_eq!(ran.load(Ordering::SeqCst), 0);
}

#[test]
fn zero_workers_means_the_default() {
    let (zero, default) = (ThreadPoolExecutor::new(0), ThreadPoolExecutor::default());
    assert_eq!(zero.max_workers(), default.max_workers());
    assert!((5..=32).contains(&default.max_workers()));
}

#[test]
fn a_panic_that_the_task_catches_is_no_failure() {
    let pool = ThreadPoolExecutor::new(1);
    let future = pool.submit(|| panics::catch(|| panic!("inside")).is_err());
    assert!(future.result().unwrap());
}

#[test]
fn errors_read_as_their_message() {
    let future = ThreadPoolExecutor::new(1).submit(|| panic!("out of honey"));
    let error = future.result().unwrap_err();
    assert_eq!(format!("{error:?}"), error.to_string());
    assert!(
        format!("{error:?}").ends_with(": out of honey"),
        "{error:?}"
    );
}
