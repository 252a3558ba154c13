//! Tests of workers that fail, die, or are replaced.

use super::*;

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
        panic.location().unwrap().contains("pools/workers.rs:"),
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
