//! Tests of `Pool`: CPython's promises, ours, and workers that die at every stage.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread::sleep;
use std::time::Instant;

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::super::*;
use crate::multiprocessing::transport::descriptors::Descriptor;
use crate::testing::{LONG, SHORT, interrupted, until};
use crate::threading::Thread;

fn pool(processes: usize) -> Pool {
    Pool::new(processes).unwrap()
}

fn square(n: u64) -> u64 {
    n * n
}

fn wait_for_ever() {
    loop {
        std::thread::park();
    }
}

fn kill(pid: u32) {
    let pid = rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
}

fn is_running(pid: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

#[test]
fn results_come_in_order() {
    let pool = pool(3);
    let expected: Vec<_> = (0..1000).map(square).collect();
    assert_eq!(pool.map(square, 0..1000).unwrap(), expected);
    for size in [1, 7, 1000, 5000] {
        let chunked = pool.chunksize(size).unwrap();
        assert_eq!(
            chunked.map(square, 0..1000).unwrap(),
            expected,
            "chunks of {size}"
        );
    }
    let results: Result<Vec<_>, _> = pool.imap(square, 0..1000).collect();
    assert_eq!(results.unwrap(), expected);
    let results: Result<Vec<_>, _> = pool.chunksize(9).unwrap().imap(square, 0..1000).collect();
    assert_eq!(results.unwrap(), expected);
    let unordered: Result<HashSet<_>, _> = pool.imap_unordered(square, 0..1000).collect();
    assert_eq!(unordered.unwrap(), expected.into_iter().collect());
}

#[test]
fn nothing_gives_nothing() {
    let pool = pool(1);
    assert_eq!(pool.map(square, []).unwrap(), [] as [u64; 0]);
    assert_eq!(
        pool.starmap(|a: u8, b: u8| a + b, []).unwrap(),
        [] as [u8; 0]
    );
    assert_eq!(pool.imap(square, []).count(), 0);
    assert_eq!(pool.imap_unordered(square, []).count(), 0);
    assert!(matches!(pool.chunksize(0), Err(PoolError::Zero(_))));
    assert!(matches!(Pool::new(0), Err(PoolError::NoProcesses)));
    let zero = Pool::builder().max_tasks_per_child(0).build();
    assert!(matches!(zero, Err(PoolError::Zero(_))));
}

#[test]
fn functions_of_any_number_of_arguments() {
    let pool = pool(2);
    assert_eq!(pool.apply(|| 7, ()).unwrap(), 7);
    assert_eq!(pool.apply(|a: u8| a, (7,)).unwrap(), 7);
    let eight =
        |a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8, h: u8| vec![a, b, c, d, e, f, g, h];
    let result = pool.apply(eight, (1, 2, 3, 4, 5, 6, 7, 8));
    assert_eq!(result.unwrap(), [1, 2, 3, 4, 5, 6, 7, 8]);
    let words = pool.starmap(|a: String, n: usize| a.repeat(n), [("a".to_owned(), 3)]);
    assert_eq!(words.unwrap(), ["aaa"]);
}

#[test]
fn a_function_pointer_is_a_function() {
    let pool = pool(2);
    // As a closure is that an earlier cell has kept.
    let pointer: fn(u64) -> u64 = |n| n + 1;
    assert_eq!(pool.map(pointer, 0..3).unwrap(), [1, 2, 3]);
    let pointer: fn(u64, u64) -> u64 = |a, b| a * b;
    assert_eq!(pool.apply(pointer, (6, 7)).unwrap(), 42);
    // What only looks like one is refused, and nothing is called.
    let seven: &'static u64 = &7;
    let result = pool.map(move |n: u64| n + *seven, 0..3);
    assert!(matches!(result, Err(PoolError::Captures)), "{result:?}");
}

#[test]
fn arrays_and_other_long_data_come_back_as_they_went() {
    let pool = pool(2);
    for n in [1, 10, 100, 1000] {
        let array = Array2::from_shape_fn((n, n + 1), |(i, j)| (i * j) as f64);
        let double = |array: Array2<f64>| array * 2.0;
        assert_eq!(
            pool.apply(double, (array.clone(),)).unwrap(),
            &array * 2.0,
            "{n}"
        );
        let arrays = vec![array.clone(); 5];
        assert_eq!(pool.map(double, arrays).unwrap(), vec![&array * 2.0; 5]);
    }
    // Longer results than arguments, and the other way round; not plain numbers.
    let words = |n: usize| vec!["Woozle".to_owned(); n];
    assert_eq!(pool.apply(words, (100_000,)).unwrap().len(), 100_000);
    let count = |words: Vec<String>| words.len();
    assert_eq!(pool.apply(count, (words(100_000),)).unwrap(), 100_000);
    let bytes = vec![7_u8; 100 << 20];
    let back = pool
        .apply(|bytes: Vec<u8>| bytes, (bytes.clone(),))
        .unwrap();
    assert!(back == bytes);
}

#[test]
fn a_hundred_thousand_tasks() {
    let pool = pool(2);
    let results = pool.chunksize(1).unwrap().map(square, 0..100_000).unwrap();
    assert!(results.into_iter().eq((0..100_000).map(square)));
}

#[test]
fn a_long_task_does_not_hold_up_the_short_ones_behind_it() {
    fn task(n: u64) -> u64 {
        if n == 600 {
            sleep(LONG);
        }
        n
    }
    let pool = pool(2);
    // The first ones are short: many are given out ahead.
    let mut seen = HashSet::new();
    for result in pool.imap_unordered(task, 0..500) {
        seen.insert(result.unwrap());
    }
    let mut results = pool.imap_unordered(task, 590..700);
    while seen.len() < 500 + 109 {
        let result = results.next_timeout(LONG / 2).unwrap();
        seen.insert(result.unwrap());
    }
    assert!(!seen.contains(&600));
}

#[test]
fn a_task_given_as_a_result_keeps_its_error() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum Trouble {
        TooBig(u32),
    }
    let pool = pool(2);
    let check = |n: u32| {
        if n < 3 {
            Ok(n)
        } else {
            Err(Trouble::TooBig(n))
        }
    };
    let results = pool.map(check, 2..5).unwrap();
    assert_eq!(
        results,
        [Ok(2), Err(Trouble::TooBig(3)), Err(Trouble::TooBig(4))]
    );
}

#[test]
fn a_panic_comes_back_with_its_place_and_touches_nothing_else() {
    fn inner(n: u64) -> u64 {
        assert!(n != 5, "not {n}");
        n
    }
    let pool = pool(2);
    let pids: HashSet<_> = pool.pids().into_iter().collect();
    let error = pool.map(inner, 0..10).unwrap_err();
    let PoolError::Panicked(panic) = &error else {
        panic!("{error}")
    };
    assert_eq!(panic.message(), "not 5");
    assert!(
        panic.location().unwrap().contains("pools.rs:"),
        "{:?}",
        panic.location()
    );
    assert!(pids.contains(&panic.pid()));
    // The same workers go on.
    assert_eq!(pool.map(inner, 0..5).unwrap().len(), 5);
    assert_eq!(pool.pids().into_iter().collect::<HashSet<_>>(), pids);
    // The error of the first item in order; `imap` gives the others, too.
    let first = |n: u64| -> u64 { panic!("{n}") };
    let error = pool.chunksize(1).unwrap().map(first, 3..9).unwrap_err();
    assert!(error.to_string().contains(": 3 "), "{error}");
    let results: Vec<_> = pool.imap(inner, 4..7).collect();
    assert!(matches!(
        results[..],
        [Ok(4), Err(PoolError::Panicked(_)), Ok(6)]
    ));
}

#[test]
fn a_worker_that_dies_costs_its_task_alone() {
    fn task(n: u64) -> u64 {
        match n {
            3 => std::process::abort(),
            5 => std::process::exit(9),
            // SAFETY: it is no memory of ours, which is the point.
            7 => unsafe { std::ptr::null::<u64>().read_volatile() },
            n => n,
        }
    }
    let pool = pool(2);
    let results: Vec<_> = pool.imap(task, 0..200).collect();
    for (n, result) in (0..200).zip(results) {
        match (n, result) {
            (3, Err(PoolError::WorkerDied { exit, .. })) => assert_eq!(exit, Exit::Signal(6)),
            (5, Err(PoolError::WorkerDied { exit, .. })) => assert_eq!(exit, Exit::Code(9)),
            (7, Err(PoolError::WorkerDied { exit, .. })) => {
                assert!(matches!(exit, Exit::Signal(_)), "{exit}");
            }
            (n, result) => assert_eq!(result.unwrap(), n),
        }
    }
    assert_eq!(pool.pids().len(), 2);
}

#[test]
fn workers_are_killed_idle_and_in_a_task() {
    let pool = pool(2);
    let idle = pool.pids();
    for pid in &idle {
        kill(*pid);
    }
    until("new workers", || {
        let pids = pool.pids();
        pids.len() == 2 && pids.iter().all(|pid| !idle.contains(pid))
    });
    assert_eq!(pool.map(square, 0..10).unwrap().len(), 10);

    // A task that was not begun with would go to another worker.
    let (reader, writer) = rustix::pipe::pipe().unwrap();
    let begin = |pipe: Descriptor| {
        rustix::io::write(&pipe, b"!").unwrap();
        wait_for_ever();
    };
    let result = pool.apply_async(begin, (Descriptor::new(writer),));
    assert_eq!(rustix::io::read(&reader, &mut [0]).unwrap(), 1);
    let begun = Instant::now();
    for pid in pool.pids() {
        kill(pid);
    }
    let Err(PoolError::WorkerDied { exit, .. }) = result.get() else {
        panic!("the task cannot end")
    };
    assert_eq!(exit, Exit::Signal(9));
    assert!(begun.elapsed() < LONG);
    assert_eq!(pool.map(square, 0..10).unwrap().len(), 10);
}

#[test]
fn a_worker_is_killed_while_it_sends_a_large_result() {
    #[derive(Deserialize)]
    struct Killing(u32);
    impl Serialize for Killing {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            use serde::ser::SerializeSeq;
            let mut numbers = serializer.serialize_seq(Some(1 << 20))?;
            for n in 0..1 << 20 {
                if n == 1 << 19 && self.0 == 1 {
                    kill(std::process::id());
                }
                numbers.serialize_element(&n)?;
            }
            numbers.end()
        }
    }
    let pool = pool(2);
    let result = pool.apply(|| Killing(1), ());
    assert!(matches!(result, Err(PoolError::WorkerDied { .. })));
    assert_eq!(pool.map(square, 0..10).unwrap().len(), 10);
}

#[test]
fn an_initializer_runs_in_each_worker_also_in_a_new_one() {
    static OFFSET: AtomicU32 = AtomicU32::new(0);
    fn initialize(offset: u32) {
        OFFSET.store(offset, Ordering::Relaxed);
    }
    fn add(n: u32) -> u32 {
        if n == 99 {
            std::process::abort();
        }
        n + OFFSET.load(Ordering::Relaxed)
    }
    let pool = Pool::builder()
        .processes(2)
        .initializer(initialize, (100,))
        .build()
        .unwrap();
    assert_eq!(pool.map(add, 0..4).unwrap(), [100, 101, 102, 103]);
    assert!(pool.apply(add, (99,)).is_err());
    let results = pool.chunksize(1).unwrap().map(add, 0..50).unwrap();
    assert!(results.into_iter().eq(100..150));
    assert_eq!(OFFSET.load(Ordering::Relaxed), 0, "it is the workers' own");
}

#[test]
fn an_initializer_that_fails_gives_one_clear_error() {
    fn panics() {
        panic!("no honey");
    }
    let failing: [fn() -> PoolBuilder; 2] = [
        || Pool::builder().initializer(panics, ()),
        || Pool::builder().initializer(|| std::process::abort(), ()),
    ];
    for make in failing {
        let pool = make().processes(3).build().unwrap();
        let result = pool.map(square, 0..100);
        let Err(PoolError::Initializer(_)) = result else {
            panic!("{result:?}")
        };
        let again = pool.apply(square, (3,)).unwrap_err();
        assert!(matches!(again, PoolError::Initializer(_)), "{again}");
        until("all workers have ended", || pool.pids().is_empty());
    }
}

#[test]
fn workers_are_replaced_after_so_many_tasks() {
    let pool = Pool::builder()
        .processes(2)
        .max_tasks_per_child(3)
        .build()
        .unwrap();
    let pids = pool
        .chunksize(1)
        .unwrap()
        .map(|_: u8| std::process::id(), 0..30)
        .unwrap();
    let mut counts = std::collections::HashMap::new();
    for pid in pids {
        *counts.entry(pid).or_insert(0) += 1;
    }
    assert!(counts.values().all(|count| *count <= 3), "{counts:?}");
    assert!(counts.len() >= 10);
}

#[test]
fn timeouts_pass_and_the_task_goes_on() {
    let pool = pool(1);
    let (reader, writer) = rustix::pipe::pipe().unwrap();
    fn wait_for(pipe: Descriptor) -> u8 {
        let mut byte = [0];
        rustix::io::read(&pipe, &mut byte).unwrap();
        byte[0]
    }
    let result = pool.apply_async(wait_for, (Descriptor::new(reader),));
    assert!(matches!(
        result.get_timeout(SHORT),
        Err(PoolError::TimedOut)
    ));
    assert!(!result.wait_timeout(SHORT));
    assert!(!result.ready());
    assert_eq!(result.successful(), None);
    rustix::io::write(&writer, &[42]).unwrap();
    assert_eq!(result.get().unwrap(), 42);
    assert_eq!(result.successful(), Some(true));
    assert!(matches!(result.get(), Err(PoolError::ResultTaken)));
}

#[test]
fn descriptors_travel_there_and_back() {
    let pool = pool(1);
    let echo = |pipe: Descriptor| (1, pipe.clone(), pipe);
    let (reader, writer) = rustix::pipe::pipe().unwrap();
    let (_, first, second) = pool.apply(echo, (Descriptor::new(writer),)).unwrap();
    for end in [first, second] {
        rustix::io::write(&end, b"x").unwrap();
        let mut byte = [0];
        assert_eq!(rustix::io::read(&reader, &mut byte).unwrap(), 1);
    }
}

#[test]
fn callbacks_are_called_before_the_result_is_ready() {
    let pool = pool(2);
    let (said, heard) = mpsc::channel();
    let say = said.clone();
    let result = pool
        .apply_async(square, (7,))
        .on_result(move |n| say.send(*n).unwrap())
        .on_error(|error| panic!("{error}"));
    result.wait();
    assert_eq!(heard.try_recv(), Ok(49));
    let result = pool
        .apply_async(|n: u64| 1 / n, (0,))
        .on_result(|n| panic!("{n}"))
        .on_error(move |_| said.send(0).unwrap());
    result.wait();
    assert_eq!(heard.try_recv(), Ok(0));
    // Without anybody who waits; and a callback may use the pool.
    let (said, heard) = mpsc::channel();
    let again = pool.clone();
    let _ = pool.apply_async(square, (3,)).on_result(move |n| {
        let _ = again
            .apply_async(square, (*n,))
            .on_result(move |n| said.send(*n).unwrap());
    });
    assert_eq!(heard.recv_timeout(LONG), Ok(81));
}

#[test]
fn imap_reads_its_input_as_its_results_are_taken() {
    let read = Arc::new(AtomicUsize::new(0));
    let input = (0..).inspect({
        let read = read.clone();
        move |_| {
            read.fetch_add(1, Ordering::Relaxed);
        }
    });
    let pool = pool(2);
    let mut results = pool.imap(square, input);
    for n in 0..100 {
        assert_eq!(results.next().unwrap().unwrap(), n * n);
        assert!(read.load(Ordering::Relaxed) as u64 <= n + 20);
    }
}

#[test]
fn a_pool_is_closed_and_joined() {
    let pool = pool(2);
    let results: Vec<_> = (0..20).map(|n| pool.apply_async(square, (n,))).collect();
    assert!(matches!(pool.join(), Err(PoolError::StillRunning)));
    let pids = pool.pids();
    pool.close();
    assert!(matches!(
        pool.apply(square, (1,)),
        Err(PoolError::NotRunning)
    ));
    assert!(matches!(pool.map(square, []), Err(PoolError::NotRunning)));
    pool.join().unwrap();
    for (n, result) in (0..20).zip(results) {
        assert_eq!(result.get().unwrap(), n * n);
    }
    assert!(!pids.into_iter().any(is_running));
    assert_eq!(format!("{pool:?}"), "<Pool state=CLOSE pool_size=2>");
}

#[test]
fn a_pool_is_terminated_and_dropped() {
    for drop_it in [false, true] {
        let pool = pool(2);
        let results: Vec<_> = (0..6)
            .map(|_| pool.apply_async(wait_for_ever, ()))
            .collect();
        let pids = pool.pids();
        let waiting = Thread::spawn({
            let result = results[0].clone();
            move || result.get().unwrap_err().to_string()
        });
        if drop_it {
            drop(pool);
        } else {
            pool.terminate();
            pool.join().unwrap();
        }
        assert!(!pids.into_iter().any(is_running));
        for result in results {
            assert!(matches!(result.get(), Err(PoolError::Terminated)));
        }
        assert_eq!(waiting.join().unwrap(), PoolError::Terminated.to_string());
    }
}

#[test]
fn many_threads_use_a_pool() {
    let pool = pool(2);
    let results = Arc::new(Mutex::new(HashSet::new()));
    let threads: Vec<_> = (0..8_u64)
        .map(|thread| {
            let (pool, results) = (pool.clone(), results.clone());
            Thread::spawn(move || {
                for n in 0..200 {
                    let n = thread * 1000 + n;
                    assert_eq!(pool.apply(square, (n,)).unwrap(), n * n);
                    results.lock().unwrap().insert(n);
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    assert_eq!(results.lock().unwrap().len(), 1600);
}

#[test]
fn what_cannot_be_serialised_is_an_error() {
    struct Odd(&'static str);
    impl Serialize for Odd {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            match self.0 {
                "there" => Err(serde::ser::Error::custom("no")),
                text => serializer.serialize_bool(text == "result"),
            }
        }
    }
    impl<'de> Deserialize<'de> for Odd {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            match bool::deserialize(deserializer)? {
                true => Ok(Self("there")),
                false => Err(serde::de::Error::custom("no")),
            }
        }
    }
    let pool = pool(1);
    let id = |odd: Odd| odd;
    let error = |text| pool.apply(id, (Odd(text),)).err().unwrap();
    assert!(matches!(error("there"), PoolError::Arguments(_)));
    assert!(matches!(error("here"), PoolError::Arguments(_)));
    assert!(matches!(error("result"), PoolError::Result(_)));
    assert_eq!(pool.apply(square, (3,)).unwrap(), 9);
}

#[test]
fn random_numbers_differ_between_workers() {
    let pool = pool(4);
    let numbers = pool
        .chunksize(1)
        .unwrap()
        .map(|_: u8| rand::random::<u64>(), 0..100)
        .unwrap();
    assert_eq!(numbers.into_iter().collect::<HashSet<_>>().len(), 100);
}

/// What this process has: descriptors, threads, mappings of shared segments.
fn belongings() -> (usize, usize, usize) {
    let count = |folder: &str| std::fs::read_dir(folder).unwrap().count();
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let segments = maps.lines().filter(|line| line.contains("memfd:woozle"));
    (
        count("/proc/self/fd"),
        count("/proc/self/task"),
        segments.count(),
    )
}

/// In a process of its own, where no other test opens anything.
#[test]
fn a_thousand_pools_leave_nothing_behind() {
    let p = Process::new(|| {
        let use_one = || {
            let pool = pool(2);
            assert_eq!(pool.map(square, 0..4).unwrap(), [0, 1, 4, 9]);
            assert_eq!(
                pool.apply(|v: Vec<u8>| v.len(), (vec![0; 50_000],))
                    .unwrap(),
                50_000
            );
            pool.pids()
        };
        use_one();
        let before = belongings();
        for _ in 0..1000 {
            let pids = use_one();
            assert!(!pids.into_iter().any(is_running));
        }
        until("all is as it was", || belongings() <= before);
    });
    p.start().unwrap();
    assert_eq!(p.join().unwrap(), Exit::Code(0));
}

#[test]
fn a_limit_of_processes_or_descriptors_is_a_clear_error() {
    let p = Process::new(|| {
        let limit = rustix::process::Rlimit {
            current: Some(40),
            maximum: Some(40),
        };
        rustix::process::setrlimit(rustix::process::Resource::Nofile, limit).unwrap();
        let error = Pool::new(100).unwrap_err();
        assert!(matches!(error, PoolError::Start(_)), "{error}");
        assert!(
            error
                .to_string()
                .starts_with("cannot start a worker process: ")
        );
        // All is given back, and a smaller one works.
        let pool = pool(2);
        assert_eq!(pool.map(square, 0..4).unwrap(), [0, 1, 4, 9]);
    });
    p.start().unwrap();
    assert_eq!(p.join().unwrap(), Exit::Code(0));
}

/// Runs it while this process, of which nobody else uses anything, may open no descriptor from this number on.
fn with_descriptors<R>(below: u64, body: impl FnOnce() -> R) -> R {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let low = Rlimit {
        current: Some(below),
        ..limit
    };
    setrlimit(Resource::Nofile, low).unwrap();
    let result = body();
    setrlimit(Resource::Nofile, limit).unwrap();
    result
}

fn fails_to_start<T: std::fmt::Debug>(result: Result<T, PoolError>) {
    let Err(PoolError::Start(_)) = result else {
        panic!("{result:?}")
    };
}

#[test]
fn what_could_not_be_started_can_be_later() {
    let p = Process::new(|| {
        // The first use of processes here, which fails at one place after the other.
        for below in 0.. {
            let use_one = || Pool::new(1)?.map(square, 0..4);
            match with_descriptors(below, use_one) {
                Ok(squares) => {
                    assert_eq!(squares, [0, 1, 4, 9]);
                    break;
                }
                error => fails_to_start(error),
            }
        }
        let first = pool(3);
        let second = pool(2);
        let pools = [&first, &second];
        with_descriptors(0, || {
            pools.iter().flat_map(|pool| pool.pids()).for_each(kill);
            until("all workers have ended", || {
                pools.iter().all(|pool| pool.pids().is_empty())
            });
            let many = first.chunksize(1).unwrap().map(square, 0..1000);
            fails_to_start(many);
            fails_to_start(first.apply(square, (3,)));
            let each: Vec<_> = first.imap(square, 0..50).collect();
            assert_eq!(each.len(), 50);
            each.into_iter().for_each(fails_to_start);
            let late = second.map_async(square, 0..4);
            second.close();
            fails_to_start(late.get());
            second.join().unwrap();
        });
        assert_eq!(first.map(square, 0..4).unwrap(), [0, 1, 4, 9]);
        assert_eq!(first.pids().len(), 3);
    });
    p.start().unwrap();
    assert_eq!(p.join().unwrap(), Exit::Code(0));
}

#[test]
fn a_pool_that_has_lost_workers_grows_again() {
    let p = Process::new(|| {
        let pool = pool(3);
        let mut others = pool.pids();
        let first = others.remove(0);
        with_descriptors(0, || {
            others.iter().for_each(|pid| kill(*pid));
            until("one is left", || pool.pids() == [first]);
            assert_eq!(pool.map(square, 0..4).unwrap(), [0, 1, 4, 9]);
        });
        until("there are three", || {
            assert_eq!(pool.apply(square, (3,)).unwrap(), 9);
            pool.pids().len() == 3
        });
    });
    p.start().unwrap();
    assert_eq!(p.join().unwrap(), Exit::Code(0));
}

#[test]
fn workers_that_have_ended_for_nothing_are_forgotten() {
    let pool = pool(2);
    for _ in 0..3 {
        // More than the pool takes for a sign that workers cannot live here.
        for _ in 0..20 {
            let Some(pid) = pool.pids().first().copied() else {
                break;
            };
            kill(pid);
            until("it has ended", || !pool.pids().contains(&pid));
        }
        assert_eq!(pool.map(square, 0..4).unwrap(), [0, 1, 4, 9]);
        until("there are two", || {
            assert_eq!(pool.apply(square, (3,)).unwrap(), 9);
            pool.pids().len() == 2
        });
    }
}

#[test]
fn an_initializer_may_fail_for_a_while() {
    let honey = Value::new(0_u32).unwrap();
    let look = |honey: Value<u32>| assert_eq!(honey.get(), 1);
    let pool = Pool::builder()
        .processes(2)
        .initializer(look, (honey.clone(),));
    let pool = pool.build().unwrap();
    for _ in 0..3 {
        let result = pool.map(square, 0..4);
        assert!(
            matches!(result, Err(PoolError::Initializer(_))),
            "{result:?}"
        );
    }
    honey.set(1);
    assert_eq!(pool.map(square, 0..4).unwrap(), [0, 1, 4, 9]);
}

/// Says that it has begun, and waits.
fn begin(begun: Value<u32>, go: Event) {
    begun.update(|n| *n += 1);
    go.wait();
}

#[test]
fn an_interrupted_call_leaves_no_tasks_behind() {
    type Verb = fn(&Pool, Vec<(Value<u32>, Event)>);
    let verbs: [(&str, Verb); 8] = [
        ("map", |pool, items| {
            let _ = pool.map(|(begun, go)| begin(begun, go), items);
        }),
        ("starmap", |pool, items| {
            let _ = pool.starmap(begin, items);
        }),
        ("chunks", |pool, items| {
            let _ = pool.chunksize(8).unwrap().starmap(begin, items);
        }),
        ("Workers::map", |pool, items| {
            let _ = Workers::map(pool, |(begun, go)| begin(begun, go), items);
        }),
        ("map_async", |pool, items| {
            let result = pool.map_async(|(begun, go)| begin(begun, go), items);
            let _ = result.clone().get();
        }),
        ("wait", |pool, items| {
            pool.starmap_async(begin, items).wait()
        }),
        ("imap", |pool, items| {
            for _ in pool.imap(|(begun, go)| begin(begun, go), items) {}
        }),
        ("imap_unordered", |pool, items| {
            for _ in pool.imap_unordered(|(begun, go)| begin(begun, go), items) {}
        }),
    ];
    for (name, verb) in verbs {
        let (begun, go) = (Value::new(0).unwrap(), Event::new().unwrap());
        let pool = pool(2);
        let call = {
            let items = vec![(begun.clone(), go.clone()); 40];
            let pool = pool.clone();
            move || verb(&pool, items)
        };
        let ended = interrupted(call, || begun.get() == 2);
        assert!(ended.is_err(), "{name}");
        // Others are in the place of the workers whose tasks do not end.
        assert_eq!(pool.map(square, 0..4).unwrap(), [0, 1, 4, 9], "{name}");
        pool.close();
        pool.join().unwrap();
        assert_eq!(begun.get(), 2, "{name}");
    }
}

#[test]
fn an_interrupted_call_takes_nothing_of_another_one_along() {
    let pool = Pool::new(1).unwrap();
    let (begun, go) = (Value::new(0).unwrap(), Event::new().unwrap());
    // Quick tasks, so that the worker is given several at a time.
    pool.map(square, 0..500).unwrap();
    let (asked, other) = (Event::new().unwrap(), Arc::new(Mutex::new(None)));
    let call = {
        let (pool, begun) = (pool.clone(), begun.clone());
        move || drop(pool.apply(begin, (begun, go)))
    };
    let later = {
        let (pool, begun, asked, other) =
            (pool.clone(), begun.clone(), asked.clone(), other.clone());
        std::thread::spawn(move || {
            until("the task runs", || begun.get() == 1);
            *other.lock().unwrap() = Some(pool.map_async(square, 0..10));
            asked.set();
        })
    };
    assert!(interrupted(call, || asked.is_set()).is_err());
    later.join().unwrap();
    let other = other.lock().unwrap().take().unwrap();
    let squares: Vec<u64> = (0..10).map(|n| n * n).collect();
    assert_eq!(other.get().unwrap(), squares);
}

#[test]
fn an_interrupted_call_on_threads_leaves_no_tasks_behind() {
    let (begun, go) = (Value::new(0).unwrap(), Event::new().unwrap());
    let pool = ThreadPool::new(2).unwrap();
    let call = {
        let items = vec![(begun.clone(), go.clone()); 40];
        let pool = pool.clone();
        move || {
            let _ = pool.starmap(begin, items);
        }
    };
    assert!(interrupted(call, || begun.get() == 2).is_err());
    go.set();
    assert_eq!(pool.map(square, 2..4).unwrap(), [4, 9]);
    pool.close();
    pool.join().unwrap();
    assert_eq!(begun.get(), 2);
}

#[test]
fn what_can_still_be_asked_for_goes_on() {
    let (begun, go) = (Value::new(0).unwrap(), Event::new().unwrap());
    let pool = pool(2);
    let items = || vec![(begun.clone(), go.clone()); 4];
    // A result that was there before the cell, and an iterator that is given up, as in Python.
    let result = pool.starmap_async(begin, items());
    drop(pool.imap(|(begun, go)| begin(begun, go), items()));
    let wait = {
        let result = result.clone();
        move || result.wait()
    };
    assert!(interrupted(wait, || begun.get() == 2).is_err());
    // An iterator that outlives the interrupt.
    let kept = pool.imap(|(begun, go)| begin(begun, go), items());
    let kept = Arc::new(Mutex::new(kept));
    let next = {
        let kept = kept.clone();
        move || drop(kept.lock().unwrap().next())
    };
    assert!(interrupted(next, || kept.try_lock().is_err()).is_err());
    let mut kept = kept.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    go.set();
    result.get().unwrap();
    assert_eq!(kept.by_ref().count(), 4);
    pool.close();
    pool.join().unwrap();
    assert_eq!(begun.get(), 12);
}
