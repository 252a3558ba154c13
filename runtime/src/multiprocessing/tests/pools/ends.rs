//! Tests of a pool's beginning and end, and of what it leaves behind.

use super::*;

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
