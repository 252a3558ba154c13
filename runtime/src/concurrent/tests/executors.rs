//! What every executor promises: the same tests for each.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use super::super::*;
use crate::testing::LONG;
use crate::threading::Event;

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
    use crate::process::output;
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
