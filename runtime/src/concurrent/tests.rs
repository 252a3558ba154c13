//! What futures and the executor promise.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::*;
use crate::testing::{Bunch, LONG, SHORT, until};
use crate::threading::{Barrier, Event, current_thread, panics};
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
fn tasks_give_results_and_panics() {
    let pool = ThreadPoolExecutor::new(2);
    assert_eq!(pool.submit(|| 42).result().unwrap(), 42);
    let Err(FutureError::Panicked(panic)) = pool.submit(|| panic!("bother")).result() else {
        unreachable!()
    };
    assert_eq!(panic.message(), "bother");
    assert!(panic.location().unwrap().contains("tests.rs"));
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

/// What every executor promises.
trait Promises: Executor + Clone {
    fn task<T: Send + 'static>(&self, task: impl FnOnce() -> T + Send + 'static) -> Future<T>;
}

impl Promises for ThreadPoolExecutor {
    fn task<T: Send + 'static>(&self, task: impl FnOnce() -> T + Send + 'static) -> Future<T> {
        self.submit(task)
    }
}

impl Promises for ComputePool {
    fn task<T: Send + 'static>(&self, task: impl FnOnce() -> T + Send + 'static) -> Future<T> {
        self.submit(task)
    }
}

/// Makes a test of each promise, for each executor.
macro_rules! executors_promise {
    ($($promise:ident),+ $(,)?) => {
        mod thread_pool_executor {
            $(#[test] fn $promise() { super::$promise(&|n| super::ThreadPoolExecutor::new(n)); })+
        }
        mod compute_pool {
            $(#[test] fn $promise() { super::$promise(&|n| super::ComputePool::new(n).unwrap()); })+
        }
    };
}

executors_promise!(
    a_shutdown_waits_for_all_tasks,
    a_shutdown_may_cancel_what_has_not_begun,
    the_last_handle_finishes_the_tasks,
    a_task_may_shut_its_pool_down,
    a_panic_is_an_error_and_the_pool_goes_on,
    a_result_whose_drop_panics_costs_no_thread,
    tasks_of_one_thread_run_in_order,
);

fn a_shutdown_waits_for_all_tasks<P: Promises>(make: &dyn Fn(usize) -> P) {
    let (pool, done) = (make(2), Arc::new(AtomicUsize::new(0)));
    for _ in 0..20 {
        let done = done.clone();
        pool.task(move || done.fetch_add(1, Ordering::SeqCst));
    }
    pool.shutdown();
    assert_eq!(done.load(Ordering::SeqCst), 20);
    let late = pool.task(|| ());
    assert!(matches!(late.result(), Err(FutureError::ShutDown)));
    pool.shutdown();
}

fn a_shutdown_may_cancel_what_has_not_begun<P: Promises>(make: &dyn Fn(usize) -> P) {
    let (pool, begun, go) = (make(1), Event::new(), Event::new());
    let (tell, wait) = (begun.clone(), go.clone());
    let running = pool.task(move || {
        tell.set();
        wait.wait();
    });
    let waiting: Vec<_> = (0..3).map(|_| pool.task(|| ())).collect();
    begun.wait();
    pool.shutdown_with(Shutdown {
        wait: false,
        cancel_futures: true,
    });
    assert!(waiting.iter().all(Future::cancelled));
    assert!(running.running());
    go.set();
    pool.shutdown();
    assert!(running.result().is_ok());
}

fn the_last_handle_finishes_the_tasks<P: Promises>(make: &dyn Fn(usize) -> P) {
    let pool = make(1);
    let other = pool.clone();
    let futures: Vec<_> = (0..5).map(|n| pool.task(move || n)).collect();
    drop(pool);
    let last = other.task(|| 5);
    drop(other);
    assert!(futures.iter().all(Future::done) && last.done());
}

fn a_task_may_shut_its_pool_down<P: Promises + Send + 'static>(make: &dyn Fn(usize) -> P) {
    let pool = make(1);
    let own = pool.clone();
    pool.task(move || own.shutdown())
        .result_timeout(LONG)
        .unwrap();
    assert!(pool.task(|| ()).exception().is_some());
}

fn a_panic_is_an_error_and_the_pool_goes_on<P: Promises>(make: &dyn Fn(usize) -> P) {
    let pool = make(1);
    let Err(FutureError::Panicked(panic)) = pool.task(|| panic!("out of honey")).result() else {
        panic!("no panic");
    };
    assert_eq!(panic.message(), "out of honey");
    assert_eq!(pool.task(|| 42).result_timeout(LONG).unwrap(), 42);
}

fn a_result_whose_drop_panics_costs_no_thread<P: Promises>(make: &dyn Fn(usize) -> P) {
    struct Bother;
    impl Drop for Bother {
        fn drop(&mut self) {
            panic!("bother");
        }
    }
    let pool = make(1);
    drop(pool.task(|| Bother));
    assert_eq!(pool.task(|| 42).result_timeout(LONG).unwrap(), 42);
    pool.shutdown();
}

fn tasks_of_one_thread_run_in_order<P: Promises>(make: &dyn Fn(usize) -> P) {
    let (pool, order) = (make(1), Arc::new(Mutex::new(Vec::new())));
    for n in 0..50 {
        let order = order.clone();
        pool.task(move || order.lock().unwrap().push(n));
    }
    pool.shutdown();
    assert!(order.lock().unwrap().iter().copied().eq(0..50));
}

#[test]
fn rayon_within_a_task_uses_the_threads_of_its_pool() {
    use rayon::prelude::*;
    let pool = ComputePool::new(3).unwrap();
    let names = pool.submit(|| {
        let name = |_| std::thread::current().name().unwrap_or_default().to_owned();
        assert_eq!(rayon::current_num_threads(), 3);
        (0..100).into_par_iter().map(name).collect::<Vec<_>>()
    });
    for name in names.result().unwrap() {
        assert!(name.starts_with("ComputePool-"), "{name}");
    }
}

#[test]
fn a_task_prints_for_the_cell_that_submitted_it() {
    use crate::output;
    let pool = ThreadPoolExecutor::new(1);
    for cell in [7, 8] {
        let task = std::thread::scope(|scope| {
            let submit = || {
                output::enter_cell(cell);
                pool.submit(output::current_cell)
            };
            scope.spawn(submit).join().unwrap()
        });
        assert_eq!(task.result().unwrap(), cell);
    }
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
