//! Tests of `Queue` and `JoinableQueue`: CPython's promises, and ours.

use std::time::Duration;

use super::super::*;
use super::{LONG, SHORT, open_descriptors, start, wait_for_ever};
use crate::testing::until;

/// More than the system's buffer takes.
const MANY: u32 = 5_000;

#[test]
fn items_of_one_process_come_in_order() {
    let queue = Queue::new().unwrap();
    let put = |queue: Queue<(u32, u32)>, who: u32| {
        (0..MANY).for_each(|n| queue.put((who, n)).unwrap());
    };
    let children: Vec<_> = (0..2).map(|who| start(put, (queue.clone(), who))).collect();
    let mut next = [0, 0];
    for _ in 0..2 * MANY {
        let (who, n) = queue.get_timeout(LONG).unwrap();
        assert_eq!(n, next[who as usize]);
        next[who as usize] += 1;
    }
    assert!(children.iter().all(|p| p.join().unwrap().success()));
    assert!(queue.empty() && queue.qsize() == 0);
}

#[test]
fn put_does_not_wait_and_nothing_is_empty_to_who_put_it() {
    let queue = Queue::new().unwrap();
    (0..MANY).for_each(|n| queue.put(n).unwrap());
    assert_eq!(queue.qsize(), MANY as usize);
    for n in 0..MANY {
        assert!(!queue.empty());
        assert_eq!(queue.get_nowait().unwrap(), n);
    }
    assert!(matches!(queue.get_nowait(), Err(GetError::Empty)));
    queue.put(1).unwrap(); // the feeder's work is done: this goes by itself
    assert_eq!(queue.get().unwrap(), 1);
}

#[test]
fn a_process_sends_what_it_put_before_it_ends() {
    for exit in [false, true] {
        let queue = Queue::new().unwrap();
        let target = |queue: Queue<u32>, exit: bool| {
            (0..MANY).for_each(|n| queue.put(n).unwrap());
            if exit {
                std::process::exit(0);
            }
        };
        let p = start(target, (queue.clone(), exit));
        for n in 0..MANY {
            assert_eq!(queue.get_timeout(LONG).unwrap(), n);
        }
        assert!(p.join().unwrap().success());
    }
}

#[test]
fn cancel_join_thread_lets_a_process_end() {
    let queue = Queue::new().unwrap();
    let target = |queue: Queue<u32>| {
        (0..MANY).for_each(|n| queue.put(n).unwrap());
        queue.cancel_join_thread();
    };
    let p = start(target, (queue.clone(),));
    assert_eq!(p.join_timeout(LONG).unwrap(), Some(Exit::Code(0)));
    let rest = std::iter::from_fn(|| queue.get_nowait().ok()).collect::<Vec<_>>();
    assert!(rest.len() < MANY as usize);
    assert!(rest.into_iter().eq(0..queue_length(&queue)));
    fn queue_length(queue: &Queue<u32>) -> u32 {
        MANY - queue.qsize() as u32
    }
}

#[test]
fn join_thread_waits_until_all_is_sent() {
    let queue = Queue::new().unwrap();
    (0..MANY).for_each(|n| queue.put(n).unwrap());
    queue.close();
    assert!(matches!(queue.put(1), Err(PutError::Closed(1))));
    assert!(matches!(queue.get(), Err(GetError::Closed)));
    let target = |queue: Queue<u32>| (0..MANY).for_each(|n| assert_eq!(queue.get().unwrap(), n));
    let p = start(target, (queue.clone(),));
    queue.join_thread();
    assert!(p.join().unwrap().success());
}

#[test]
fn a_bound_holds_across_processes() {
    let queue = Queue::with_maxsize(3).unwrap();
    let p = start(
        |queue: Queue<u32>| (0..100).for_each(|n| queue.put(n).unwrap()),
        (queue.clone(),),
    );
    until("the queue is full", || queue.full());
    assert_eq!(queue.qsize(), 3);
    assert!(matches!(queue.put_nowait(7), Err(PutError::Full(7))));
    assert!(matches!(
        queue.put_timeout(7, SHORT),
        Err(PutError::Full(7))
    ));
    for n in 0..100 {
        assert!(queue.qsize() <= 3);
        assert_eq!(queue.get().unwrap(), n);
    }
    assert!(p.join().unwrap().success());
    assert!(!queue.full() && queue.empty());
    let huge = Queue::with_maxsize(usize::MAX).unwrap();
    huge.put_nowait(1).unwrap();
    assert_eq!(huge.get_timeout(Duration::MAX).unwrap(), 1);
}

#[test]
fn a_getter_that_is_killed_takes_no_more_than_one_item() {
    let queue = Queue::new().unwrap();
    // Killed as it waits: nothing is lost.
    let ready = SimpleQueue::new().unwrap();
    let target = |ready: SimpleQueue<()>, queue: Queue<u32>| {
        ready.put(()).unwrap();
        queue.get().unwrap();
    };
    let p = start(target, (ready.clone(), queue.clone()));
    ready.get().unwrap();
    p.kill().unwrap();
    p.join().unwrap();
    queue.put(1).unwrap();
    assert_eq!(queue.get_timeout(LONG).unwrap(), 1);
    // Killed in the middle of work.
    let target = |queue: Queue<u32>, seen: Queue<u32>| {
        loop {
            seen.put(queue.get().unwrap()).unwrap();
        }
    };
    let seen = Queue::new().unwrap();
    let p = start(target, (queue.clone(), seen.clone()));
    (0..1000).for_each(|n| queue.put(n).unwrap());
    seen.get().unwrap();
    p.kill().unwrap();
    p.join().unwrap();
    let mut found = 1;
    while seen.get_timeout(SHORT).is_ok() {
        found += 1;
    }
    while queue.get_timeout(SHORT).is_ok() {
        found += 1;
    }
    // One may be lost in its hands, or, if it had its own feeder, what that had not sent.
    assert!(found > 1 && found <= 1000, "{found}");
    queue.put(5).unwrap();
    assert_eq!(queue.get_timeout(LONG).unwrap(), 5);
}

#[test]
fn a_putter_that_is_killed_does_not_stop_the_others() {
    let queue = Queue::with_maxsize(1).unwrap();
    queue.put(0).unwrap();
    let ready = SimpleQueue::new().unwrap();
    let target = |ready: SimpleQueue<()>, queue: Queue<u32>| {
        ready.put(()).unwrap();
        queue.put(1).unwrap();
    };
    let p = start(target, (ready.clone(), queue.clone()));
    ready.get().unwrap();
    p.kill().unwrap();
    p.join().unwrap();
    assert_eq!(queue.get().unwrap(), 0);
    queue.put_timeout(2, LONG).unwrap();
    assert_eq!(queue.get().unwrap(), 2);
}

#[test]
fn an_item_that_cannot_be_serialised_comes_back_from_put() {
    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Bad(u32);
    impl serde::Serialize for Bad {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("no honey"))
        }
    }
    let queue = Queue::new().unwrap();
    let error = queue.put(Bad(1)).unwrap_err();
    assert!(error.to_string().contains("Bad"), "{error}");
    assert_eq!(error.into_item(), Bad(1));
    assert_eq!(queue.qsize(), 0);
    // More descriptors than a message can have.
    let pipes: Vec<_> = (0..101).map(|_| pipe::<()>().unwrap()).collect();
    let queue = Queue::new().unwrap();
    let error = queue.put(pipes).unwrap_err();
    assert!(error.to_string().contains("descriptors"), "{error}");
}

#[test]
fn large_items_and_queues_go_through_queues() {
    let outer = Queue::new().unwrap();
    let p = start(
        |outer: Queue<Queue<Vec<u8>>>| {
            let inner = outer.get().unwrap();
            (0..10).for_each(|n| inner.put(vec![n; 10 << 20]).unwrap());
        },
        (outer.clone(),),
    );
    let inner = Queue::new().unwrap();
    outer.put(inner.clone()).unwrap();
    for n in 0..10 {
        let item = inner.get_timeout(LONG).unwrap();
        assert!(item.len() == 10 << 20 && item.iter().all(|byte| *byte == n));
    }
    assert!(p.join().unwrap().success());
}

#[test]
fn join_waits_for_task_done_in_all_processes() {
    let queue = JoinableQueue::new().unwrap();
    let done = Queue::new().unwrap();
    let target = |queue: JoinableQueue<u32>, done: Queue<u32>| {
        while let Ok(n) = queue.get() {
            done.put(n).unwrap();
            queue.task_done().unwrap();
        }
    };
    let workers: Vec<_> = (0..3)
        .map(|_| start(target, (queue.clone(), done.clone())))
        .collect();
    (0..100).for_each(|n| queue.put(n).unwrap());
    queue.join();
    let mut all: Vec<_> = std::iter::from_fn(|| done.get_nowait().ok()).collect();
    all.sort_unstable();
    assert_eq!(all, (0..100).collect::<Vec<_>>());
    assert!(queue.task_done().is_err());
    assert!(queue.join_timeout(Duration::ZERO));
    for p in workers {
        p.terminate().unwrap();
        p.join().unwrap();
    }
    queue.put(1).unwrap();
    assert!(!queue.join_timeout(SHORT));
}

#[test]
fn a_thousand_queues_leave_nothing_behind() {
    let before = open_descriptors();
    for n in 0..1000 {
        let queue = Queue::new().unwrap();
        queue.put(n).unwrap();
        let (a, b) = pipe::<Queue<u32>>().unwrap();
        a.send(&queue).unwrap();
        drop(queue);
        assert_eq!(b.recv().unwrap().get().unwrap(), n);
        // Dropped with a feeder at work.
        if n % 100 == 0 {
            let full = Queue::new().unwrap();
            (0..MANY).for_each(|n| full.put(n).unwrap());
        }
    }
    // Other tests run beside this one, and have some open at a time; feeders are about to end.
    until("descriptors are closed", || {
        open_descriptors() < before + 200
    });
    let feeders = || {
        let tasks = std::fs::read_dir("/proc/self/task").unwrap();
        let names = tasks.filter_map(|task| std::fs::read(task.ok()?.path().join("comm")).ok());
        names.filter(|name| name == b"woozle-feeder\n").count()
    };
    until("feeders end", || feeders() < 5);
}

#[test]
fn a_killed_process_with_a_feeder_leaves_a_queue_that_works() {
    let queue = Queue::new().unwrap();
    let target = |queue: Queue<u32>| {
        (0..MANY).for_each(|n| queue.put(n).unwrap());
        wait_for_ever();
    };
    let p = start(target, (queue.clone(),));
    until("all is put", || queue.qsize() == MANY as usize);
    p.kill().unwrap();
    p.join().unwrap();
    let mut expected = 0;
    while let Ok(n) = queue.get_nowait() {
        assert_eq!(n, expected);
        expected += 1;
    }
    assert!(expected > 0 && expected < MANY);
    queue.put(7).unwrap();
    assert_eq!(queue.get().unwrap(), 7);
}
