//! Tests of pipes, `wait` and `SimpleQueue`: CPython's promises, and ours.

use std::collections::HashMap;
use std::time::Duration;

use super::super::connection::{wait, wait_timeout};
use super::super::*;
use super::{LONG, SHORT, start, wait_for_ever};

fn echo(connection: Connection<Vec<u8>>) {
    while let Ok(bytes) = connection.recv_bytes() {
        if connection.send_bytes(&bytes).is_err() {
            return;
        }
    }
}

#[test]
fn values_of_all_kinds_go_to_a_process_and_back() {
    type Value = (u8, HashMap<String, Vec<f64>>, Option<String>);
    fn back(connection: Connection<Value>) {
        while let Ok(value) = connection.recv() {
            connection.send(value).unwrap();
        }
    }
    let (ours, theirs) = pipe::<Value>().unwrap();
    let p = start(back, (theirs.clone(),));
    theirs.close();
    let map = HashMap::from([("a".to_owned(), vec![1.5, -0.0]), (String::new(), vec![])]);
    for value in [(1, map, Some("é".to_owned())), (255, HashMap::new(), None)] {
        ours.send(&value).unwrap();
        assert_eq!(ours.recv().unwrap(), value);
    }
    ours.close();
    assert!(p.join().unwrap().success());
}

#[test]
fn a_message_of_100_mb_arrives() {
    let (ours, theirs) = pipe().unwrap();
    let p = start(echo, (theirs.clone(),));
    theirs.close();
    let bytes: Vec<u8> = (0..100_u32 << 20).map(|n| (n / 7) as u8).collect();
    ours.send_bytes(&bytes).unwrap();
    assert!(ours.recv_bytes().unwrap() == bytes);
    for length in [0, 1, (64 << 10) - 1, 64 << 10, (64 << 10) + 1] {
        ours.send_bytes(&bytes[..length]).unwrap();
        assert!(ours.recv_bytes().unwrap() == bytes[..length], "{length}");
    }
    drop(ours);
    assert!(p.join().unwrap().success());
}

#[test]
fn the_end_is_known_on_both_sides() {
    let (a, b) = pipe::<u32>().unwrap();
    a.send(1).unwrap();
    let other = a.clone();
    drop(a);
    assert!(!other.closed());
    other.close();
    assert!(matches!(other.send(1), Err(ConnectionError::Closed)));
    assert!(matches!(other.poll(), Err(ConnectionError::Closed)));
    assert!(matches!(other.fileno(), Err(ConnectionError::Closed)));
    assert_eq!(b.recv().unwrap(), 1);
    assert!(b.poll().unwrap());
    assert!(matches!(b.recv(), Err(ConnectionError::Eof)));
    assert!(matches!(b.send(1), Err(ConnectionError::BrokenPipe)));
    assert_eq!(format!("{other:?}"), "<Connection closed>");
}

#[test]
fn unread_messages_do_not_hide_the_end() {
    let (a, b) = pipe::<u32>().unwrap();
    b.send(7).unwrap(); // nobody reads it
    a.send(1).unwrap();
    drop(a);
    // The system says "connection reset" first.
    assert_eq!(b.recv().unwrap(), 1);
    assert!(matches!(b.recv(), Err(ConnectionError::Eof)));
}

#[test]
fn a_full_pipe_lets_the_sender_wait() {
    let (receiver, sender) = one_way_pipe::<u64>().unwrap();
    const N: u64 = 20_000;
    let p = start(
        |sender: Connection<u64>| (0..N).for_each(|n| sender.send(n).unwrap()),
        (sender.clone(),),
    );
    sender.close();
    // It stands still in `send`: seen from outside.
    crate::testing::until("the sender waits", || {
        let pid = p.pid().unwrap().unwrap();
        let call = std::fs::read_to_string(format!("/proc/{pid}/syscall")).unwrap_or_default();
        call.starts_with(&format!("{} ", libc::SYS_sendmsg))
    });
    for n in 0..N {
        assert_eq!(receiver.recv().unwrap(), n);
    }
    assert!(matches!(receiver.recv(), Err(ConnectionError::Eof)));
    assert!(p.join().unwrap().success());
}

#[test]
fn a_killed_reader_breaks_the_pipe() {
    let (receiver, sender) = one_way_pipe::<Vec<u8>>().unwrap();
    let p = start(
        |_: Connection<Vec<u8>>| wait_for_ever(),
        (receiver.clone(),),
    );
    receiver.close();
    let killer = std::thread::spawn(move || p.kill().and_then(|()| p.join()).unwrap());
    let error = loop {
        if let Err(error) = sender.send(vec![0; 1 << 16]) {
            break error;
        }
    };
    assert!(matches!(error, ConnectionError::BrokenPipe), "{error}");
    assert_eq!(killer.join().unwrap(), Exit::Signal(9));
}

#[test]
fn a_killed_writer_leaves_whole_messages_only() {
    fn write(sender: Connection<Vec<u32>>) {
        for n in 0.. {
            let _ = sender.send(vec![n; 5000 + 100 * (n as usize % 300)]);
        }
    }
    let (receiver, sender) = one_way_pipe::<Vec<u32>>().unwrap();
    let p = start(write, (sender.clone(),));
    sender.close();
    let mut expected = 0;
    let error = loop {
        match receiver.recv() {
            Ok(numbers) => {
                assert_eq!(numbers.len(), 5000 + 100 * (expected as usize % 300));
                assert!(numbers.iter().all(|n| *n == expected));
                expected += 1;
            }
            Err(error) => break error,
        }
        if expected == 50 {
            p.kill().unwrap();
        }
    };
    assert!(
        expected >= 50 && matches!(error, ConnectionError::Eof),
        "{error}"
    );
}

#[test]
fn what_cannot_be_serialised_leaves_the_connection_as_it_was() {
    #[derive(serde::Deserialize)]
    struct Bad;
    impl serde::Serialize for Bad {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("no honey"))
        }
    }
    let (a, b) = pipe::<Bad>().unwrap();
    let error = a.send(Bad).unwrap_err();
    assert!(matches!(error, ConnectionError::Codec(_)) && error.to_string().contains("Bad"));
    assert!(!b.poll().unwrap());
    a.send_bytes(b"x").unwrap();
    assert_eq!(b.recv_bytes().unwrap(), b"x");
}

#[test]
fn what_came_as_something_else_is_an_error() {
    let (a, b) = Connection::<(), String>::pair().unwrap();
    b.send_bytes(&[200, 1]).unwrap();
    assert!(matches!(a.recv(), Err(ConnectionError::Codec(_))));
}

#[test]
fn connections_go_through_connections() {
    let (a, b) = pipe::<Connection<String>>().unwrap();
    let p = start(
        |inbox: Connection<Connection<String>>| {
            inbox.recv().unwrap().send("found".to_owned()).unwrap();
        },
        (b,),
    );
    let (ours, theirs) = pipe().unwrap();
    a.send(&theirs).unwrap();
    theirs.close();
    assert_eq!(ours.recv().unwrap(), "found");
    assert!(matches!(ours.recv(), Err(ConnectionError::Eof)));
    p.join().unwrap();
    let error = a.send(&theirs).unwrap_err(); // a closed one
    assert!(matches!(error, ConnectionError::Codec(_)), "{error}");
}

#[test]
fn wait_gives_all_that_are_ready() {
    let pipes: Vec<_> = (0..4).map(|_| one_way_pipe::<usize>().unwrap()).collect();
    let children: Vec<_> = (0..4)
        .map(|n| {
            start(
                |sender: Connection<usize>, n: usize| {
                    (0..10).for_each(|i| sender.send(10 * n + i).unwrap());
                },
                (pipes[n].1.clone(), n),
            )
        })
        .collect();
    pipes.iter().for_each(|(_, sender)| sender.close());
    let mut open: Vec<_> = pipes.into_iter().map(|(receiver, _)| receiver).collect();
    let mut all = Vec::new();
    while !open.is_empty() {
        let list: Vec<&dyn connection::Waitable> = open.iter().map(|c| c as _).collect();
        let ready = wait(&list).unwrap();
        assert!(!ready.is_empty());
        for place in ready.into_iter().rev() {
            match open[place].recv() {
                Ok(number) => all.push(number),
                Err(ConnectionError::Eof) => drop(open.remove(place)),
                Err(error) => panic!("{error}"),
            }
        }
    }
    all.sort_unstable();
    assert_eq!(all, (0..40).collect::<Vec<_>>());
    assert!(children.iter().all(|p| p.join().unwrap().success()));
}

#[test]
fn wait_knows_timeouts_and_closed_connections() {
    let (a, b) = pipe::<u8>().unwrap();
    let queue = Queue::new().unwrap();
    assert!(wait_timeout(&[&a, &queue], SHORT).unwrap().is_empty());
    assert!(wait_timeout(&[], LONG).unwrap().is_empty());
    queue.put(1).unwrap();
    assert_eq!(wait_timeout(&[&a, &queue], Duration::MAX).unwrap(), [1]);
    b.send(1).unwrap();
    assert_eq!(wait(&[&a, &queue]).unwrap(), [0, 1]);
    a.close();
    assert!(matches!(wait(&[&a]), Err(ConnectionError::Closed)));
}

#[test]
fn a_wait_goes_on_after_a_signal() {
    extern "C" fn nothing(_: i32) {}
    // SAFETY: the handler does nothing; without SA_RESTART, calls that wait come back with EINTR.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = nothing as *const () as usize;
        libc::sigaction(libc::SIGUSR2, &raw const action, std::ptr::null_mut());
    }
    let (a, b) = pipe::<u32>().unwrap();
    let (send_id, id) = std::sync::mpsc::channel();
    let receiver = std::thread::spawn(move || {
        // SAFETY: it only asks.
        send_id.send(unsafe { libc::pthread_self() }).unwrap();
        let first = b.recv().unwrap();
        let ready = wait_timeout(&[&b], LONG).unwrap();
        (first, ready, b.recv().unwrap())
    });
    let id = id.recv().unwrap();
    for n in 0..2 {
        for _ in 0..100 {
            // SAFETY: the thread has not been joined.
            unsafe { libc::pthread_kill(id, libc::SIGUSR2) };
            std::thread::yield_now();
        }
        a.send(n).unwrap();
    }
    assert_eq!(receiver.join().unwrap(), (0, vec![0], 1));
}

#[test]
fn a_simple_queue_is_used_by_many() {
    let (tasks, results) = (SimpleQueue::new().unwrap(), SimpleQueue::new().unwrap());
    fn square(tasks: SimpleQueue<Option<u64>>, results: SimpleQueue<u64>) {
        while let Some(n) = tasks.get().unwrap() {
            results.put(n * n).unwrap();
        }
    }
    assert!(tasks.empty().unwrap());
    let workers: Vec<_> = (0..3)
        .map(|_| start(square, (tasks.clone(), results.clone())))
        .collect();
    for n in 0..100 {
        tasks.put(Some(n)).unwrap();
    }
    let mut squares: Vec<_> = (0..100).map(|_| results.get().unwrap()).collect();
    squares.sort_unstable();
    assert_eq!(squares, (0..100).map(|n| n * n).collect::<Vec<_>>());
    workers.iter().for_each(|_| tasks.put(None).unwrap());
    assert!(workers.iter().all(|p| p.join().unwrap().success()));
    assert!(tasks.empty().unwrap() && results.empty().unwrap());
    results.close();
    assert!(matches!(results.empty(), Err(ConnectionError::Closed)));
}
