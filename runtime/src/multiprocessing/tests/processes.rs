//! Tests of `Process`: CPython's promises, and ours.

use std::io::{Read, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, poll};
use serde::{Deserialize, Serialize};

use super::super::*;
use crate::multiprocessing::transport::descriptors::Descriptor;
use crate::threading::{Run, Thread};

/// A pipe whose writing end can go to a process.
fn pipe() -> (std::fs::File, Descriptor) {
    let (reader, writer) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC).unwrap();
    (reader.into(), Descriptor::new(writer))
}

fn say(pipe: &Descriptor, text: &str) {
    let mut pipe = std::fs::File::from(pipe.try_clone().unwrap());
    pipe.write_all(text.as_bytes()).unwrap();
}

/// Everything that is written into the pipe, once nobody can write into it any more.
fn all_from(mut reader: std::fs::File) -> String {
    let mut text = String::new();
    reader.read_to_string(&mut text).unwrap();
    text
}

fn run<A, F>(target: F, args: A) -> Process
where
    F: Call<A, Output: std::process::Termination> + Copy + 'static,
    A: Serialize + serde::de::DeserializeOwned + 'static,
{
    let p = Process::with_args(target, args).unwrap();
    p.start().unwrap();
    p
}

fn wait_for_ever() {
    loop {
        std::thread::park();
    }
}

#[test]
fn a_process_has_its_arguments_and_memory_of_its_own() {
    fn target(pipe: Descriptor, words: Vec<String>, n: u64) {
        say(
            &pipe,
            &format!("{} {n} {}", words.join("-"), std::process::id()),
        );
    }
    let (reader, writer) = pipe();
    let words = vec!["a".to_owned(), "b".to_owned()];
    let p = run(target, (writer, words, 1_u64 << 60));
    assert_eq!(p.join().unwrap(), Exit::Code(0));
    let pid = p.pid().unwrap().unwrap();
    assert_ne!(pid, std::process::id());
    drop(p); // its arguments hold the writing end
    assert_eq!(all_from(reader), format!("a-b {} {pid}", 1_u64 << 60));
}

#[test]
fn large_arguments_arrive() {
    fn target(bytes: Vec<u8>) -> ExitCode {
        let whole = bytes.len() == 20 << 20 && bytes.iter().all(|byte| *byte == 7);
        if whole {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
    let p = run(target, (vec![7_u8; 20 << 20],));
    assert_eq!(p.join().unwrap(), Exit::Code(0));
}

#[test]
fn the_exit_code_says_how_it_ended() {
    type Case = (&'static str, fn() -> Process, Exit);
    let cases: [Case; 6] = [
        ("returns", || run(|| (), ()), Exit::Code(0)),
        ("panics", || run(|| panic!("bother"), ()), Exit::Code(1)),
        (
            "exit",
            || run(|| std::process::exit(42), ()),
            Exit::Code(42),
        ),
        (
            "an exit code",
            || run(|| ExitCode::from(9), ()),
            Exit::Code(9),
        ),
        (
            "an error",
            || run(|| Err::<(), _>("no honey"), ()),
            Exit::Code(1),
        ),
        (
            "aborts",
            || run(|| std::process::abort(), ()),
            Exit::Signal(6),
        ),
    ];
    for (what, start, expected) in cases {
        assert_eq!(start().join().unwrap(), expected, "{what}");
    }
}

#[test]
fn states_are_those_of_python() {
    let p = Process::new(wait_for_ever);
    assert!(matches!(p.join(), Err(ProcessError::NotStarted(_))));
    assert_eq!(p.exitcode().unwrap(), None);
    assert!(!p.is_alive().unwrap());
    p.start().unwrap();
    assert!(p.is_alive().unwrap());
    assert!(active_children().contains(&p));
    assert!(matches!(p.start(), Err(ProcessError::AlreadyStarted(_))));
    assert!(matches!(
        p.set_daemon(true),
        Err(ProcessError::AlreadyStarted(_))
    ));
    assert!(matches!(p.close(), Err(ProcessError::StillRunning(_))));
    assert_eq!(p.join_timeout(Duration::ZERO).unwrap(), None);
    p.terminate().unwrap();
    assert_eq!(p.join().unwrap(), Exit::Signal(15));
    assert_eq!(p.exitcode().unwrap(), Some(-15));
    assert!(!p.is_alive().unwrap());
    assert!(!active_children().contains(&p));
    p.terminate().unwrap(); // it is gone: nothing happens
    p.close().unwrap();
    assert!(matches!(p.join(), Err(ProcessError::Closed(_))));
    p.close().unwrap();
}

#[test]
fn many_threads_may_join() {
    let p = run(wait_for_ever, ());
    let joining: Vec<_> = (0..8)
        .map(|_| {
            let p = p.clone();
            Thread::spawn(move || p.join().unwrap())
        })
        .collect();
    p.kill().unwrap();
    for thread in joining {
        assert_eq!(thread.join().unwrap(), Exit::Signal(9));
    }
}

#[test]
fn a_sentinel_is_readable_at_the_end() {
    let p = run(wait_for_ever, ());
    let ready = |timeout: Option<Duration>| {
        let timeout = timeout.map(|t| t.try_into().unwrap());
        let sentinel = p.sentinel().unwrap();
        let mut polled = [PollFd::from_borrowed_fd(sentinel, PollFlags::IN)];
        poll(&mut polled, timeout.as_ref()).unwrap() == 1
    };
    assert!(!ready(Some(Duration::ZERO)));
    p.kill().unwrap();
    assert!(ready(None));
}

#[test]
fn a_runner_runs_in_the_process() {
    #[derive(Serialize, Deserialize)]
    struct Counter {
        pipe: Descriptor,
        n: u32,
    }
    impl Run for Counter {
        fn run(&mut self) {
            for i in 0..self.n {
                say(&self.pipe, &i.to_string());
            }
        }
    }
    let (reader, pipe) = pipe();
    let p = Process::of(Counter { pipe, n: 4 }).unwrap();
    p.start().unwrap();
    p.join().unwrap();
    drop(p);
    assert_eq!(all_from(reader), "0123");
}

#[test]
fn a_process_knows_itself_and_its_parent() {
    fn target(pipe: Descriptor) {
        let (me, parent) = (current_process(), parent_process().unwrap());
        say(
            &pipe,
            &format!("{} {} {} {}", me.name, me.daemon, parent.name, parent.pid),
        );
    }
    let (reader, pipe) = pipe();
    let p = Process::with_args(target, (pipe,)).unwrap();
    p.set_name("Wuzzle");
    p.set_daemon(true).unwrap();
    p.start().unwrap();
    p.join().unwrap();
    drop(p);
    let expected = format!("Wuzzle true MainProcess {}", std::process::id());
    assert_eq!(all_from(reader), expected);
}

#[test]
fn children_have_children_but_daemons_have_none() {
    fn child(pipe: Descriptor) {
        let p = Process::with_args(
            |pipe: Descriptor| say(&pipe, &current_process().name),
            (pipe.clone(),),
        );
        let p = p.unwrap();
        match p.start() {
            Ok(()) => assert!(p.join().unwrap().success()),
            Err(error) => say(&pipe, &error.to_string()),
        }
    }
    for daemon in [false, true] {
        let (reader, pipe) = pipe();
        let p = Process::with_args(child, (pipe,)).unwrap();
        p.set_name("Parent");
        p.set_daemon(daemon).unwrap();
        p.start().unwrap();
        p.join().unwrap();
        drop(p);
        let expected = match daemon {
            false => "Parent:1",
            true => "Parent is a daemon, and daemons are not allowed to have child processes",
        };
        assert_eq!(all_from(reader), expected);
    }
}

#[test]
fn threads_of_a_process_are_waited_for_unless_they_are_daemons() {
    fn target(pipe: Descriptor) {
        let daemon = Thread::new(wait_for_ever);
        daemon.set_daemon(true).unwrap();
        daemon.start();
        Thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(50));
            say(&pipe, "done");
        });
    }
    let (reader, pipe) = pipe();
    let p = run(target, (pipe,));
    p.join().unwrap();
    drop(p);
    assert_eq!(all_from(reader), "done");
}

#[test]
fn a_wrong_argument_is_no_trouble() {
    #[derive(Serialize)]
    struct Wrong;
    impl<'de> Deserialize<'de> for Wrong {
        fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
            Err(serde::de::Error::custom("never again"))
        }
    }
    let p = run(|_: Wrong| (), (Wrong,));
    assert_eq!(p.join().unwrap(), Exit::Code(1));

    #[derive(Deserialize)]
    struct Unserialisable;
    impl Serialize for Unserialisable {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("not today"))
        }
    }
    let error = Process::with_args(|_: Unserialisable| (), (Unserialisable,)).unwrap_err();
    assert!(matches!(error, ProcessError::Arguments(_)));
}

#[test]
fn the_end_of_the_forkserver_costs_nothing() {
    let p = run(wait_for_ever, ());
    crate::multiprocessing::children::child::kill_forkserver();
    let q = run(|| (), ());
    assert_eq!(q.join().unwrap(), Exit::Code(0));
    assert!(p.is_alive().unwrap());
    p.kill().unwrap();
    p.join().unwrap();
}

/// A process that starts another one, and is killed: the other one ends too.
#[test]
fn children_end_with_their_parent() {
    fn child(pipe: Descriptor) {
        let p = Process::with_args(
            |pipe: Descriptor| {
                say(&pipe, "+");
                wait_for_ever();
            },
            (pipe,),
        );
        p.unwrap().start().unwrap();
        wait_for_ever();
    }
    let (mut reader, pipe) = pipe();
    let p = run(child, (pipe,));
    reader.read_exact(&mut [0]).unwrap(); // the grandchild runs
    p.kill().unwrap();
    p.join().unwrap();
    drop(p);
    // Only when the last process that can write has ended is there an end to read.
    assert_eq!(all_from(reader), "");
}

#[test]
fn a_thousand_processes_leave_nothing_behind() {
    fn open() -> usize {
        std::fs::read_dir("/proc/self/fd").unwrap().count()
    }
    run(|| (), ()).join().unwrap();
    let before = open();
    let begin = Instant::now();
    for _ in 0..100 {
        let batch: Vec<_> = (0..10).map(|_| run(|| (), ())).collect();
        for p in batch {
            assert!(p.join().unwrap().success());
        }
    }
    println!("a process: {:?}", begin.elapsed() / 1000);
    // Other tests run beside this one, and have a few open at a time.
    assert!(
        open() < before + 200,
        "{before} descriptors became {}",
        open()
    );
}
