//! What the queues promise: tables over the kinds; in `model`, any sequence of steps.

mod model;

use std::cmp::Ordering as Compare;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::{
    Empty, GetError, LifoQueue, PriorityQueue, PutError, Queue, SimpleQueue, TaskDoneError,
};
use crate::testing::{Bunch, LONG, SHORT, until};
use crate::threading::thread::panics;
use crate::wait::Wanted;

/// Any of the three kinds, of numbers.
trait Kind: Send + Sync {
    fn put(&self, item: u32) -> Result<(), PutError<u32>>;
    fn put_nowait(&self, item: u32) -> Result<(), PutError<u32>>;
    fn put_timeout(&self, item: u32, timeout: Duration) -> Result<(), PutError<u32>>;
    fn get(&self) -> Result<u32, GetError>;
    fn get_nowait(&self) -> Result<u32, GetError>;
    fn get_timeout(&self, timeout: Duration) -> Result<u32, GetError>;
    fn qsize(&self) -> usize;
    fn state(&self) -> (bool, bool);
    fn task_done(&self) -> Result<(), TaskDoneError>;
    fn join(&self);
    fn join_timeout(&self, timeout: Duration) -> bool;
    fn shut_down(&self, immediate: bool);
}

macro_rules! kind {
    ($($kind:ident)*) => {$(
        impl Kind for $kind<u32> {
            fn put(&self, item: u32) -> Result<(), PutError<u32>> { (**self).put(item) }
            fn put_nowait(&self, item: u32) -> Result<(), PutError<u32>> { (**self).put_nowait(item) }
            fn put_timeout(&self, item: u32, timeout: Duration) -> Result<(), PutError<u32>> {
                (**self).put_timeout(item, timeout)
            }
            fn get(&self) -> Result<u32, GetError> { (**self).get() }
            fn get_nowait(&self) -> Result<u32, GetError> { (**self).get_nowait() }
            fn get_timeout(&self, timeout: Duration) -> Result<u32, GetError> {
                (**self).get_timeout(timeout)
            }
            fn qsize(&self) -> usize { (**self).qsize() }
            fn state(&self) -> (bool, bool) { (self.empty(), self.full()) }
            fn task_done(&self) -> Result<(), TaskDoneError> { (**self).task_done() }
            fn join(&self) { (**self).join() }
            fn join_timeout(&self, timeout: Duration) -> bool { (**self).join_timeout(timeout) }
            fn shut_down(&self, immediate: bool) {
                if immediate { self.shutdown_now() } else { self.shutdown() }
            }
        }
    )*};
}

kind!(Queue LifoQueue PriorityQueue);

fn kinds(maxsize: usize) -> Vec<(&'static str, Arc<dyn Kind>)> {
    vec![
        ("Queue", Arc::new(Queue::with_maxsize(maxsize))),
        ("LifoQueue", Arc::new(LifoQueue::with_maxsize(maxsize))),
        (
            "PriorityQueue",
            Arc::new(PriorityQueue::with_maxsize(maxsize)),
        ),
    ]
}

#[test]
fn full_and_empty() {
    for (name, queue) in kinds(2) {
        assert_eq!((queue.qsize(), queue.state()), (0, (true, false)), "{name}");
        queue.put(1).unwrap();
        assert_eq!(
            (queue.qsize(), queue.state()),
            (1, (false, false)),
            "{name}"
        );
        queue.put_nowait(2).unwrap();
        assert_eq!((queue.qsize(), queue.state()), (2, (false, true)), "{name}");
        assert_eq!(queue.put_nowait(3), Err(PutError::Full(3)), "{name}");
        let start = Instant::now();
        assert_eq!(
            queue.put_timeout(4, SHORT),
            Err(PutError::Full(4)),
            "{name}"
        );
        assert!(start.elapsed() >= SHORT, "{name}");
        queue.get().unwrap();
        queue.get_timeout(LONG).unwrap();
        assert_eq!(queue.get_nowait(), Err(GetError::Empty), "{name}");
        assert_eq!(queue.get_timeout(SHORT), Err(GetError::Empty), "{name}");
    }
}

#[test]
fn those_that_wait_go_on_when_they_can() {
    for (name, queue) in kinds(1) {
        let other = queue.clone();
        let getters = Bunch::blocked(3, Wanted::Queue, move |i| match i {
            0 => other.get_timeout(Duration::MAX),
            _ => other.get(),
        });
        for item in 0..3 {
            queue.put(item).unwrap();
        }
        let mut got: Vec<_> = getters.join().into_iter().map(Result::unwrap).collect();
        got.sort();
        assert_eq!(got, [0, 1, 2], "{name}");
        queue.put(9).unwrap();
        let other = queue.clone();
        let putters = Bunch::blocked(3, Wanted::Queue, move |i| other.put(i as u32));
        let mut got: Vec<_> = (0..4).map(|_| queue.get().unwrap()).collect();
        assert!(putters.join().iter().all(Result::is_ok), "{name}");
        got.sort();
        assert_eq!(got, [0, 1, 2, 9], "{name}");
    }
}

#[test]
fn join_waits_for_task_done() {
    for (name, queue) in kinds(0) {
        queue.join();
        assert_eq!(queue.task_done(), Err(TaskDoneError), "{name}");
        queue.put(1).unwrap();
        queue.put(2).unwrap();
        let other = queue.clone();
        let joiner = Bunch::blocked(1, Wanted::Queue, move |_| other.join());
        queue.get().unwrap();
        queue.get().unwrap();
        queue.task_done().unwrap();
        assert!(!queue.join_timeout(SHORT), "{name}");
        assert_eq!(joiner.finished(), 0, "{name}");
        queue.task_done().unwrap();
        joiner.join();
        assert_eq!(queue.task_done(), Err(TaskDoneError), "{name}");
    }
}

#[test]
fn shutdown_lets_what_is_in_it_out() {
    for (name, queue) in kinds(1) {
        queue.put(1).unwrap();
        let other = queue.clone();
        let putter = Bunch::blocked(1, Wanted::Queue, move |_| other.put(2));
        queue.shut_down(false);
        assert_eq!(putter.join(), [Err(PutError::ShutDown(2))], "{name}");
        assert_eq!(queue.put_nowait(3), Err(PutError::ShutDown(3)), "{name}");
        assert_eq!(queue.get(), Ok(1), "{name}");
        assert_eq!(queue.get(), Err(GetError::ShutDown), "{name}");
        assert_eq!(queue.get_nowait(), Err(GetError::ShutDown), "{name}");
        assert!(!queue.join_timeout(SHORT), "{name}");
        queue.task_done().unwrap();
        queue.join();
    }
}

#[test]
fn shutdown_wakes_those_that_wait_and_now_empties() {
    for (name, queue) in kinds(0) {
        let other = queue.clone();
        let getters = Bunch::blocked(2, Wanted::Queue, move |_| other.get());
        queue.shut_down(false);
        assert_eq!(getters.join(), [Err(GetError::ShutDown); 2], "{name}");
    }
    for (name, queue) in kinds(0) {
        for item in 0..3 {
            queue.put(item).unwrap();
        }
        queue.get().unwrap();
        let other = queue.clone();
        let joiner = Bunch::blocked(1, Wanted::Queue, move |_| other.join());
        queue.shut_down(true);
        assert_eq!(
            (queue.qsize(), joiner.finished()),
            (0, 0),
            "one is out: {name}"
        );
        queue.task_done().unwrap();
        joiner.join();
    }
}

#[test]
fn nothing_is_lost_or_doubled_between_threads() {
    for (name, queue) in kinds(3) {
        let count = if cfg!(miri) { 20 } else { 2000 };
        let (source, sink) = (queue.clone(), queue.clone());
        let producers = Bunch::start(3, move |i| {
            (0..count).for_each(|n| source.put(n * 3 + i as u32).unwrap());
        });
        let consumers = Bunch::start(3, move |_| {
            let mut got = Vec::new();
            while let Ok(item) = sink.get() {
                got.push(item);
                sink.task_done().unwrap();
            }
            got
        });
        producers.join();
        queue.join();
        queue.shut_down(false);
        let mut got = consumers.join().concat();
        got.sort();
        assert_eq!(got, (0..count * 3).collect::<Vec<_>>(), "{name}");
    }
}

#[test]
fn one_producers_items_stay_in_order() {
    let (queue, count) = (Queue::with_maxsize(2), 500);
    let source = queue.clone();
    let producer = Bunch::start(1, move |_| {
        (0..count).for_each(|n| source.put(n).unwrap());
        source.shutdown();
    });
    assert!(queue.iter().eq(0..count));
    producer.join();
}

/// Steps drawn from a seed, done to a queue and to a plain `Vec`, must agree.
/// An item whose order fails for 13.
#[derive(PartialEq, Eq)]
struct Fails(u32);

impl Ord for Fails {
    fn cmp(&self, other: &Self) -> Compare {
        assert!(self.0 != 13 && other.0 != 13, "unlucky");
        self.0.cmp(&other.0)
    }
}

impl PartialOrd for Fails {
    fn partial_cmp(&self, other: &Self) -> Option<Compare> {
        Some(self.cmp(other))
    }
}

#[test]
fn an_order_that_panics_leaves_the_queue_usable() {
    let queue = PriorityQueue::<Fails>::new();
    queue.put(Fails(1)).unwrap();
    let panic = panics::catch(|| queue.put(Fails(13))).unwrap_err();
    assert_eq!(panic.message(), "unlucky");
    assert_eq!(queue.qsize(), 2, "it is in the queue");
    queue.shutdown_now();
    queue.join();
    assert!(queue.get().is_err());
}

#[test]
fn items_that_are_thrown_away_may_use_the_queue() {
    struct Tells(Queue<Option<Tells>>, Arc<AtomicUsize>);
    impl Drop for Tells {
        fn drop(&mut self) {
            self.1.fetch_add(self.0.qsize() + 1, Ordering::SeqCst);
        }
    }
    let (queue, told) = (Queue::<Option<Tells>>::new(), Arc::new(AtomicUsize::new(0)));
    queue.put(Some(Tells(queue.clone(), told.clone()))).unwrap();
    queue.shutdown_now();
    assert_eq!(told.load(Ordering::SeqCst), 1);
}

#[test]
fn a_simple_queue_never_fails() {
    let queue = SimpleQueue::new();
    assert_eq!(
        (queue.get_nowait(), queue.get_timeout(SHORT)),
        (Err(Empty), Err(Empty))
    );
    let other = queue.clone();
    let getters = Bunch::blocked(3, Wanted::Queue, move |_| other.get());
    (0..3).for_each(|item| queue.put(item));
    let mut got = getters.join();
    got.sort();
    assert_eq!(got, [0, 1, 2]);
    (0..5).for_each(|item| queue.put(item));
    assert_eq!(queue.qsize(), 5);
    assert!((0..5).all(|item| queue.get_timeout(LONG) == Ok(item)) && queue.empty());
}

#[test]
fn as_many_getters_go_on_as_items_come() {
    let queue = SimpleQueue::new();
    let other = queue.clone();
    let getters = Bunch::blocked(4, Wanted::Queue, move |_| other.get());
    queue.put(1);
    queue.put(2);
    until("two have gone on", || getters.finished() == 2);
    assert_eq!(getters.waiting(Wanted::Queue), 2);
    queue.put(3);
    queue.put(4);
    assert_eq!(getters.join().len(), 4);
}
