//! Tests of `protocol`: frames that are whole, and frames that are not.

use std::io::{self, Read};

use super::frame::MAX_FRAME;
use super::*;

fn panic() -> Panic {
    Panic {
        frames: vec![Frame {
            cell: 3,
            address: 7,
        }],
        thread: Some("é".into()),
        message: String::new(),
        place: Some(Place {
            file: "cell [1]".into(),
            line: u32::MAX,
            column: 1,
        }),
    }
}

fn comm(kind: CommKind) -> Comm {
    Comm {
        cell: 4,
        header: Some("{}".into()),
        kind,
        comm_id: "c".into(),
        data: "{\"é\": 1}".into(),
        metadata: "{}".into(),
        buffers: vec![vec![0, 255], Vec::new()],
    }
}

fn commands() -> Vec<Command> {
    vec![
        Command::Comm(comm(CommKind::Message)),
        Command::Comm(comm(CommKind::Close)),
        Command::Load {
            library: "/a b/é.so".into(),
        },
        Command::Run(Run {
            cell: 3,
            library: "x".into(),
            entry: Some("woozle_cell_3".into()),
            settle: Some(u64::MAX),
            recorded: false,
        }),
        Command::Run(Run {
            cell: u32::MAX,
            library: String::new(),
            entry: None,
            settle: None,
            recorded: false,
        }),
        Command::Forget {
            names: vec!["a".into(), "r#match".into()],
        },
        Command::Input {
            number: 1 << 40,
            line: Some("a\nb".into()),
        },
        Command::Input {
            number: 1,
            line: None,
        },
        Command::Limit { memory: None },
        Command::Limit {
            memory: Some(4 << 30),
        },
        Command::Shutdown,
    ]
}

#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn events() -> Vec<Event> {
    let failed = Outcome::Failed {
        type_name: "E".into(),
        message: "m".into(),
        place: Some(Place {
            file: "f".into(),
            line: 1,
            column: 2,
        }),
    };
    let mut events: Vec<Event> = [Outcome::Completed, failed, Outcome::Panicked(panic())]
        .into_iter()
        .map(|outcome| Event::Done {
            cell: 1,
            outcome,
            stored: vec![Stored {
                name: "a".into(),
                type_name: "alloc::vec::Vec<i32>".into(),
                has_end: true,
            }],
            unsettled: 2,
            threads: 1,
            timing: Timing {
                load: 1,
                run: u64::MAX,
                cpu: 3,
            },
        })
        .collect();
    events.extend([
        Event::Ready,
        Event::Measured {
            cell: 1,
            measured: Measured {
                first: 1,
                runs: 2,
                samples: vec![3, 4],
            },
        },
        Event::Output {
            cell: 1,
            stream: Stream::Stderr,
            bytes: vec![0xff, 0, b'\n'],
        },
        Event::Output {
            cell: 1,
            stream: Stream::Stdout,
            bytes: vec![7; 1 << 18],
        },
        Event::Value {
            cell: 1,
            bundle: vec![("text/plain".into(), "é".into())],
        },
        Event::Panic {
            cell: 1,
            panic: panic(),
        },
        Event::InputRequest {
            cell: 1,
            number: 2,
            prompt: "? ".into(),
            password: true,
        },
        Event::Checkpoint {
            id: 3,
            made: Ok(Copied {
                pid: 7,
                threads: 2,
                microseconds: 900,
                resident: 1 << 20,
            }),
        },
        Event::Checkpoint {
            id: 4,
            made: Err("a thread does not stop".into()),
        },
        Event::Resumed,
        Event::Deadlock {
            all: true,
            cell: 1,
            threads: vec![ThreadReport {
                id: 7,
                name: Some("Pooh".into()),
                cell: 2,
                is_daemon: false,
                activity: Activity::Waits {
                    wanted: Some("a Lock".into()),
                    object: u64::MAX,
                    holder: Some(-8),
                },
                frames: vec![0, u64::MAX],
            }],
            maps: "1000-2000 r-xp 0 0 0 /a.so\n".into(),
        },
        Event::ThreadsRequest { number: 6 },
        Event::Threads {
            number: Some(6),
            report: ProcessReport {
                threads: [Activity::Computes, Activity::Sleeps, Activity::InSystemCall]
                    .map(|activity| ThreadReport {
                        id: i32::MAX,
                        name: None,
                        cell: 3,
                        is_daemon: true,
                        activity,
                        frames: Vec::new(),
                    })
                    .into(),
                locks: vec![LockReport {
                    kind: "an RLock".into(),
                    frames: vec![Frame {
                        cell: 9,
                        address: 0x10,
                    }],
                    taken: 1,
                    waits: u64::MAX,
                    total: 3,
                    longest: 2,
                }],
                maps: String::new(),
            },
        },
        Event::LoadFailed {
            library: "l".into(),
            reason: "r".into(),
        },
    ]);
    events
}

fn frames<T: Serialize>(messages: &[T]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for message in messages {
        write_frame(&mut bytes, message).expect("a vector takes it");
    }
    bytes
}

#[test]
fn what_is_written_is_read() {
    let bytes = frames(&commands());
    let mut reader = bytes.as_slice();
    for command in commands() {
        assert_eq!(read_frame(&mut reader).expect("a frame"), Some(command));
    }
    assert_eq!(read_frame::<Command>(&mut reader).expect("the end"), None);
    let bytes = frames(&events());
    let mut reader = bytes.as_slice();
    for event in events() {
        assert_eq!(read_frame(&mut reader).expect("a frame"), Some(event));
    }
    assert_eq!(read_frame::<Event>(&mut reader).expect("the end"), None);
}

/// Gives one byte at a time, and is interrupted before each.
struct Slow<'a>(&'a [u8], bool);

impl Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.1 = !self.1;
        if self.1 {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let length = buffer.len().min(1);
        self.0.read(&mut buffer[..length])
    }
}

#[test]
fn a_frame_may_come_in_pieces() {
    let bytes = frames(&commands());
    let mut reader = Slow(&bytes, false);
    for command in commands() {
        assert_eq!(read_frame(&mut reader).expect("a frame"), Some(command));
    }
    assert_eq!(read_frame::<Command>(&mut reader).expect("the end"), None);
}

#[test]
fn a_stream_that_breaks_off_within_a_frame_is_an_error() {
    let bytes = frames(&[Command::Load {
        library: "abc".into(),
    }]);
    for end in 1..bytes.len() {
        let error = read_frame::<Command>(&mut &bytes[..end]).expect_err("it is cut");
        assert_eq!(
            error.kind(),
            io::ErrorKind::UnexpectedEof,
            "after {end} bytes"
        );
    }
}

#[test]
fn an_impossible_length_is_refused_before_it_is_allocated() {
    for length in [MAX_FRAME + 1, u32::MAX as usize] {
        let length = u32::try_from(length).expect("four bytes").to_le_bytes();
        let error = read_frame::<Event>(&mut length.as_slice()).expect_err("too long");
        assert!(error.to_string().contains("length"), "{error}");
    }
}

#[test]
fn what_is_no_message_is_an_error() {
    let garbage: [&[u8]; 5] = [
        &[0, 0, 0, 0],
        &[1, 0, 0, 0, 99],
        &[2, 0, 0, 0, 0xff, 0xff],
        &[3, 0, 0, 0, 0, 200, 1],
        &[3, 0, 0, 0, 0, 1, 0xff],
    ];
    for bytes in garbage {
        assert!(read_frame::<Command>(&mut &*bytes).is_err(), "{bytes:?}");
    }
}

#[test]
fn no_damage_to_a_frame_is_a_panic() {
    for event in events()
        .iter()
        .filter(|event| !matches!(event, Event::Output { .. }))
    {
        let frame = frames(std::slice::from_ref(event));
        for at in 4..frame.len() {
            for byte in [0, 1, 0x7f, 0x80, 0xff] {
                let mut damaged = frame.clone();
                damaged[at] = byte;
                let _ = read_frame::<Event>(&mut damaged.as_slice());
            }
        }
    }
}

#[test]
fn a_closed_socket_is_an_error_for_the_writer() {
    let (mut own, other) = std::os::unix::net::UnixStream::pair().expect("a socket");
    drop(other);
    assert!(write_frame(&mut own, &Command::Shutdown).is_err());
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400), length in 0_u32..500) {
        let mut framed = length.to_le_bytes().to_vec();
        framed.extend(&bytes);
        for stream in [&bytes, &framed] {
            let mut rest = stream.as_slice();
            while let Ok(Some(_)) = read_frame::<Event>(&mut rest) {}
            let mut rest = stream.as_slice();
            while let Ok(Some(_)) = read_frame::<Command>(&mut rest) {}
        }
    }

    #[test]
    fn any_page_is_read_or_refused(words in proptest::collection::vec(proptest::num::u64::ANY, 0..600), kind in 0_u64..4) {
        let mut words = words;
        if let Some(word) = words.get_mut(crash::KIND) {
            *word = kind;
        }
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        let crash = crash::Crash::read(&bytes);
        proptest::prop_assert!(crash.is_none_or(|crash| crash.frames.len() <= crash::MOST_FRAMES));
    }
}
