//! What `Thread`, `Timer` and the functions around them promise.

use std::sync::{Arc, Mutex, mpsc};

use crate::testing::{Bunch, LONG, SHORT};
use crate::threading::{
    AnyThread, Builder, Event, Run, Thread, ThreadError, Timer, current_thread, enumerate,
};
use crate::wait::Wanted;

/// A thread that runs until the event is set.
pub(super) fn stoppable(builder: Builder) -> (Thread, Event) {
    let stop = Event::new();
    let other = stop.clone();
    (builder.build(move || other.wait()), stop)
}

pub(super) fn started() -> (Thread, Event) {
    let (thread, stop) = stoppable(Thread::builder());
    (thread.start(), stop)
}

#[test]
fn a_life() {
    let (thread, stop) = stoppable(Thread::builder());
    assert_eq!(
        (thread.is_alive(), thread.ident(), thread.native_id()),
        (false, None, None)
    );
    assert!(matches!(thread.join(), Err(ThreadError::NotStarted(_))));
    assert!(matches!(
        thread.join_timeout(SHORT),
        Err(ThreadError::NotStarted(_))
    ));
    thread.start();
    assert!(thread.is_alive() && thread.ident().is_some());
    assert!(matches!(
        thread.join_timeout(SHORT),
        Err(ThreadError::TimedOut(_))
    ));
    stop.set();
    let ident = thread.ident();
    thread.join().unwrap();
    thread.join_timeout(SHORT).unwrap();
    assert!(!thread.is_alive());
    assert_eq!(thread.ident(), ident, "kept after the end");
    assert!(thread.native_id().is_some());
}

#[test]
fn a_thread_starts_once() {
    let (thread, stop) = started();
    assert!(matches!(
        thread.try_start(),
        Err(ThreadError::AlreadyStarted(_))
    ));
    let panic = crate::threading::thread::panics::catch(|| thread.start()).unwrap_err();
    assert!(
        panic.message().contains("threads can only be started once"),
        "{panic}"
    );
    assert!(
        panic.location().unwrap().contains("threads.rs"),
        "the caller's line: {panic}"
    );
    stop.set();
    thread.join().unwrap();
    assert!(matches!(
        thread.try_start(),
        Err(ThreadError::AlreadyStarted(_))
    ));
}

#[test]
fn many_starts_at_once_start_it_once() {
    let thread = Thread::new(|| ());
    let other = thread.clone();
    let started = Bunch::start(4, move |_| other.try_start().is_ok()).join();
    assert_eq!(started.iter().filter(|started| **started).count(), 1);
}

#[test]
fn many_join_and_each_gets_the_value() {
    let go = Event::new();
    let waiting = go.clone();
    let thread = Thread::spawn(move || {
        waiting.wait();
        vec![1, 2, 3]
    });
    let other = thread.clone();
    let joiners = Bunch::blocked(3, Wanted::Thread, move |_| other.join().unwrap());
    go.set();
    assert_eq!(joiners.join(), vec![vec![1, 2, 3]; 3]);
    assert_eq!(thread.take_result().unwrap(), [1, 2, 3]);
    assert!(matches!(thread.join(), Err(ThreadError::ResultTaken(_))));
}

#[test]
fn a_value_that_is_no_clone_is_given_by_the_first_join() {
    #[derive(Debug)]
    struct NoClone(u8);
    type Join = fn(&Thread<NoClone>) -> Result<NoClone, ThreadError>;
    let joins: [Join; 3] = [
        |thread| thread.join(),
        |thread| thread.join_timeout(LONG),
        Thread::take_result,
    ];
    for first in joins {
        let thread = Thread::spawn(|| NoClone(7));
        AnyThread::join(&thread).unwrap();
        assert_eq!(first(&thread).unwrap().0, 7);
        for again in joins {
            let taken = again(&thread).unwrap_err();
            assert!(matches!(taken, ThreadError::ResultTaken(_)), "{taken}");
        }
        AnyThread::join(&thread).unwrap();
    }
}

#[test]
fn an_error_that_is_no_clone_comes_back() {
    let thread = Thread::spawn(|| std::fs::read_to_string("/no/such/file"));
    let error = thread.join().unwrap().unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
    let panicked = Thread::spawn(|| -> std::io::Result<()> { panic!("bother") });
    assert!(matches!(panicked.join(), Err(ThreadError::Panicked(_))));
}

#[test]
fn a_thread_cannot_join_itself() {
    let (send, receive) = mpsc::channel::<AnyThread>();
    let thread = Thread::spawn(move || {
        let me = receive.recv().unwrap();
        [me.join(), me.join_timeout(LONG), current_thread().join()]
            .map(|joined| matches!(joined, Err(ThreadError::JoinCurrent(_))))
    });
    send.send((*thread).clone()).unwrap();
    assert_eq!(thread.join().unwrap(), [true; 3]);
}

#[test]
fn a_panic_comes_back_from_every_join_and_goes_to_the_hook() {
    // The hook is the process's: only this test sets it, and it looks at its own thread alone.
    let reported = Arc::new(Mutex::new(Vec::new()));
    let seen = reported.clone();
    crate::threading::set_excepthook(move |args| {
        if args.thread.name() == "hooked" {
            seen.lock()
                .unwrap()
                .push((args.panic.message().to_owned(), args.thread.is_alive()));
            panic!("the hook fails too");
        }
    });
    let builder = Thread::builder().name("hooked");
    let thread = builder.spawn(|| panic!("bother {}", 1)).unwrap();
    for _ in 0..2 {
        let Err(ThreadError::Panicked(panic)) = thread.join() else {
            panic!("no panic")
        };
        assert_eq!(
            (panic.message(), panic.thread_name()),
            ("bother 1", "hooked")
        );
        assert!(panic.location().unwrap().contains("threads.rs"));
        assert!(panic.to_string().starts_with("hooked panicked at "));
    }
    crate::threading::reset_excepthook();
    assert_eq!(*reported.lock().unwrap(), [("bother 1".to_owned(), true)]);
}

#[test]
fn a_caught_panic_is_no_end() {
    let thread = Thread::spawn(|| {
        let caught = std::panic::catch_unwind(|| panic!("caught"));
        caught.is_err()
    });
    assert!(thread.join().unwrap());
}

#[test]
fn a_callback_in_the_drop_of_a_panic_is_no_second_panic() {
    struct Cancels(crate::concurrent::Future<u8>);
    impl Drop for Cancels {
        fn drop(&mut self) {
            self.0.cancel();
        }
    }
    let future = crate::concurrent::Future::new();
    future.add_done_callback(|_| panic!("in the callback"));
    let cancels = Cancels(future.clone());
    let thread = Thread::spawn(move || {
        let _cancels = cancels;
        panic!("in the thread");
    });
    let Err(ThreadError::Panicked(panic)) = thread.join() else {
        unreachable!()
    };
    assert_eq!(panic.message(), "in the thread");
    assert!(future.cancelled());
}

fn named() {}

mod inner {
    pub(super) fn generic<T>() {}
}

#[test]
fn names() {
    let default = Thread::new(|| ()).name();
    assert!(
        default
            .strip_prefix("Thread-")
            .unwrap()
            .parse::<u64>()
            .is_ok(),
        "{default}"
    );
    assert!(Thread::new(named).name().ends_with(" (named)"));
    assert!(
        Thread::new(inner::generic::<Vec<u8>>)
            .name()
            .ends_with(" (generic)")
    );
    let thread = Thread::builder()
        .name("pooh\0bear")
        .build(|| current_thread().name());
    thread.start();
    assert_eq!(thread.join().unwrap(), "pooh\0bear");
    thread.set_name("tigger");
    assert_eq!(thread.name(), "tigger");
    assert!(
        format!("{thread:?}").starts_with("<Thread(tigger, stopped "),
        "{thread:?}"
    );
}

#[test]
fn daemon_is_inherited_and_fixed_by_the_start() {
    for daemon in [true, false] {
        let parent = Thread::builder().daemon(daemon).spawn(|| {
            (
                Thread::new(|| ()).daemon(),
                Thread::builder().daemon(false).build(|| ()).daemon(),
            )
        });
        assert_eq!(parent.unwrap().join().unwrap(), (daemon, false));
    }
    let (thread, stop) = stoppable(Thread::builder());
    thread.set_daemon(true).unwrap();
    thread.start();
    assert!(thread.daemon());
    assert!(matches!(
        thread.set_daemon(false),
        Err(ThreadError::DaemonAfterStart(_))
    ));
    stop.set();
    thread.join().unwrap();
    assert!(thread.set_daemon(false).is_err() && thread.daemon());
}

#[test]
fn a_stack_of_the_size_that_was_asked_for() {
    fn deep(n: usize) -> usize {
        let page = std::hint::black_box([1_u8; 4096]);
        if n == 0 {
            0
        } else {
            deep(n - 1) + usize::from(page[n % 4096])
        }
    }
    let thread = Thread::builder()
        .stack_size(64 << 20)
        .spawn(|| deep(4000))
        .unwrap();
    assert_eq!(thread.join().unwrap(), 4000);
    let tiny = Thread::builder().stack_size(0).spawn(|| 1).unwrap();
    assert_eq!(tiny.join().unwrap(), 1);
}

#[test]
fn a_stack_that_cannot_be_had_is_an_error_and_the_thread_can_be_tried_again() {
    let thread = Thread::builder()
        .name("huge")
        .stack_size(usize::MAX / 4)
        .build(|| ());
    for _ in 0..2 {
        let error = thread.try_start().unwrap_err();
        assert!(matches!(error, ThreadError::Spawn { .. }), "{error}");
        assert!(!thread.is_alive() && thread.ident().is_none());
        assert!(!enumerate().contains(&thread));
    }
}

#[test]
fn handles_and_errors_go_anywhere() {
    fn anywhere<T: Send + Sync + 'static>() {}
    anywhere::<Thread<std::cell::Cell<u8>>>();
    anywhere::<AnyThread>();
    anywhere::<ThreadError>();
    anywhere::<crate::threading::BrokenBarrier>();
    anywhere::<crate::threading::Local<std::rc::Rc<u8>>>();
    anywhere::<crate::queue::Queue<std::cell::Cell<u8>>>();
    anywhere::<crate::concurrent::Future<std::cell::Cell<u8>>>();
    anywhere::<crate::concurrent::FutureError>();
    anywhere::<crate::concurrent::ThreadPoolExecutor>();
}

#[test]
fn of_gives_the_value_back() {
    struct Task(u32);
    impl Run for Task {
        fn run(&mut self) {
            self.0 += 1;
        }
    }
    let thread = Thread::of(Task(41));
    assert!(thread.name().ends_with(" (Task)"));
    assert_eq!(thread.start().take_result().unwrap().0, 42);
}

#[test]
fn a_timer_fires_once_or_is_cancelled() {
    let (send, receive) = mpsc::channel();
    let timer = Timer::new(SHORT, move || send.send(()).unwrap());
    timer.start();
    timer.join().unwrap();
    assert_eq!(receive.try_iter().count(), 1);
    timer.cancel();

    let timer = Timer::new(LONG, || panic!("not cancelled"));
    timer.start();
    timer.cancel();
    timer.join().unwrap();

    let timer = Timer::new(SHORT, || panic!("cancelled before its start"));
    timer.cancel();
    timer.start();
    timer.join().unwrap();
}
