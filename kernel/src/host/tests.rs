//! Tests of `host`, with shell scripts that stand for the cell host.

use std::collections::BTreeMap;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Command as Process, ExitStatus};
use std::sync::{Arc, Mutex};

use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
use woozle::protocol::{Comm, Command, Event, Frame, Measured, Panic, Place, Stream, write_frame};

use super::crash_page::CrashPage;
use super::reader::Pipes;
use super::{Death, FromHost, Host, OutputSink};
use crate::system::lock::LockUnpoisoned as _;

/// Notes what it is told.
#[derive(Debug, Default)]
struct Notes(Mutex<Vec<String>>);

impl Notes {
    fn add(&self, note: String) {
        self.0.lock_unpoisoned().push(note);
    }

    fn all(&self) -> Vec<String> {
        self.0.lock_unpoisoned().clone()
    }
}

impl OutputSink for Notes {
    fn output(&self, cell: u32, stream: Stream, bytes: &[u8]) {
        self.add(format!(
            "{cell} {stream:?} {}",
            String::from_utf8_lossy(bytes)
        ));
    }

    fn value(&self, cell: u32, bundle: Vec<(String, String)>) {
        self.add(format!("{cell} {bundle:?}"));
    }

    fn display(
        &self,
        cell: u32,
        data: Vec<(String, String)>,
        display_id: Option<String>,
        update: bool,
    ) {
        self.add(format!("{cell} {data:?} {display_id:?} {update}"));
    }

    fn clear_output(&self, cell: u32, wait: bool) {
        self.add(format!("{cell} clear {wait}"));
    }

    fn comm(&self, comm: Comm) {
        self.add(format!("{} {:?} {}", comm.cell, comm.kind, comm.comm_id));
    }

    fn measured(&self, cell: u32, measured: &Measured) {
        self.add(format!("{cell} {measured:?}"));
    }

    fn panic(&self, cell: u32, panic: &Panic) {
        self.add(format!("{cell} panic {}", panic.message));
    }

    fn gone(&self) {}
}

/// A host that says these things and then does what a script says.
struct Script {
    folder: tempfile::TempDir,
    notes: Arc<Notes>,
}

impl Script {
    /// The script is written by another process, so that no child of another test has it open for
    /// writing when it is run.
    fn new(events: &[Event], then: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut frames = Vec::new();
        for event in events {
            write_frame(&mut frames, event).expect("a vector takes it");
        }
        std::fs::write(folder.path().join("frames"), frames).expect("it can be written");
        let script = format!(
            "#!/bin/sh\ncat '{}/frames' >&0\n{then}\n",
            folder.path().display()
        );
        let path = folder.path().join("host");
        let written = Process::new("sh")
            .args(["-c", "printf '%s' \"$2\" > \"$1\" && chmod +x \"$1\"", "sh"])
            .arg(path)
            .arg(script)
            .status();
        assert!(written.is_ok_and(|status| status.success()));
        Self {
            folder,
            notes: Arc::default(),
        }
    }

    fn program(&self) -> PathBuf {
        self.folder.path().join("host")
    }

    fn start(&self) -> std::io::Result<Host> {
        Host::start(
            &self.program(),
            &BTreeMap::new(),
            Arc::clone(&self.notes) as Arc<dyn OutputSink>,
        )
    }
}

/// How the host has ended.
fn end(host: &Host) -> String {
    match host.receive() {
        FromHost::Gone(death) => death.to_string(),
        FromHost::Event(event) => panic!("{event:?}"),
    }
}

#[test]
fn what_threads_produce_goes_out_and_the_rest_to_the_session() {
    let panic = Panic {
        thread: None,
        frames: vec![Frame {
            cell: 1,
            address: 7,
        }],
        message: "boom".into(),
        place: Some(Place {
            file: "cell [1]".into(),
            line: 1,
            column: 1,
        }),
    };
    let failed = Event::LoadFailed {
        library: "x".into(),
        reason: "y".into(),
    };
    let script = Script::new(
        &[
            Event::Ready,
            Event::Output {
                cell: 1,
                stream: Stream::Stdout,
                bytes: b"a\n".to_vec(),
            },
            Event::Value {
                cell: 2,
                bundle: vec![("text/plain".into(), "1".into())],
            },
            Event::Panic { cell: 3, panic },
            failed.clone(),
        ],
        "exit 7",
    );
    let host = script.start().expect("it is ready");
    assert!(matches!(host.receive(), FromHost::Event(event) if event == failed));
    assert_eq!(
        script.notes.all(),
        [
            "1 Stdout a\n",
            "2 [(\"text/plain\", \"1\")]",
            "3 panic boom"
        ]
    );
    assert_eq!(end(&host), "exit code 7");
    assert_eq!(end(&host), "exit code 0", "and nothing comes any more");
}

#[test]
fn its_last_words_belong_to_the_cell_that_wrote_last() {
    let output = Event::Output {
        cell: 4,
        stream: Stream::Stdout,
        bytes: b"a".to_vec(),
    };
    let script = Script::new(
        &[Event::Ready, output],
        "echo out; echo err >&2; kill -ABRT $$",
    );
    let host = script.start().expect("it is ready");
    assert_eq!(end(&host), "signal 6, SIGABRT: abort");
    assert_eq!(
        script.notes.all(),
        ["4 Stdout a", "4 Stdout out\n", "4 Stderr err\n"]
    );
}

#[test]
fn a_host_that_cannot_start_is_an_error() {
    let script = Script::new(&[], "echo no honey >&2; exit 3");
    let error = script.start().expect_err("it ends").to_string();
    assert_eq!(error, "it ended at once (exit code 3): no honey");
    let missing = script.folder.path().join("missing");
    let notes: Arc<dyn OutputSink> = Arc::<Notes>::default();
    assert!(Host::start(&missing, &BTreeMap::new(), notes).is_err());
}

#[test]
fn a_host_that_talks_nonsense_is_ended() {
    let nonsense = "printf '\\001\\000\\000\\000\\377' >&0; exec cat";
    let script = Script::new(&[Event::Ready], nonsense);
    let host = script.start().expect("it is ready");
    assert_eq!(end(&host), "signal 9, SIGKILL: killed");
}

#[test]
fn a_killed_host_takes_its_children_along() {
    // the child holds the socket open: the reader sees the end only if it is killed too
    let script = Script::new(&[Event::Ready], "(exec sleep 600) & exec sleep 600");
    let host = script.start().expect("it is ready");
    host.killer().kill();
    assert_eq!(end(&host), "signal 9, SIGKILL: killed");
}

#[test]
fn displays_and_comms_go_to_the_sink() {
    let events = [
        Event::Ready,
        Event::Display {
            cell: 2,
            data: vec![("text/html".into(), "<b>".into())],
            display_id: Some("d".into()),
            update: true,
        },
        Event::ClearOutput {
            cell: 2,
            wait: true,
        },
        Event::Comm(Comm {
            cell: 3,
            header: None,
            kind: woozle::protocol::CommKind::Message,
            comm_id: "c".into(),
            data: "{}".into(),
            metadata: "{}".into(),
            buffers: vec![vec![0, 255]],
        }),
    ];
    let script = Script::new(&events, "exit 0");
    let host = script.start().expect("it is ready");
    assert_eq!(end(&host), "exit code 0");
    let expected = [
        r#"2 [("text/html", "<b>")] Some("d") true"#,
        "2 clear true",
        "3 Message c",
    ];
    assert_eq!(script.notes.all(), expected);
}

#[test]
fn a_command_to_a_host_that_is_gone_is_no_error() {
    let script = Script::new(&[Event::Ready], "exit 0");
    let host = script.start().expect("it is ready");
    assert_eq!(end(&host), "exit code 0");
    host.send(Command::Shutdown);
}

#[test]
fn a_host_that_ends_before_it_is_greeted_tells_how() {
    for (output, ready) in [(&[Event::Ready][..], true), (&[], false)] {
        let (link, mut theirs) = UnixStream::pair().expect("a link");
        for event in output {
            write_frame(&mut theirs, event).expect("sent");
        }
        drop(theirs);
        let child = Process::new("sh")
            .args(["-c", "exit 7"])
            .process_group(0)
            .spawn();
        let group = Pid::from_child(&child.expect("sh starts"));
        // It has ended, and its end is for the host's reader to take.
        let ended = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        waitid(WaitId::Pid(group), ended).expect("waited for");
        let (copy_socket, hosts_copy_socket) = UnixStream::pair().expect("a copy_socket");
        let page = Arc::new(CrashPage::new().expect("a page"));
        let notes: Arc<dyn OutputSink> = Arc::<Notes>::default();
        let pipes = Pipes::default();
        let (copy_socket, other) = (OwnedFd::from(copy_socket), OwnedFd::from(hosts_copy_socket));
        match Host::greet(link, group, copy_socket, other, pipes, page, notes) {
            Ok(host) if ready => assert_eq!(end(&host), "exit code 7"),
            Err(error) if !ready => {
                assert_eq!(error.to_string(), "it ended at once (exit code 7)");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn the_end_of_a_process_is_worded() {
    // as wait(2) encodes it: a code in the second byte, or a signal in the first
    for (raw, words) in [
        (0, "exit code 0"),
        (101 << 8, "exit code 101"),
        (11, "signal 11, SIGSEGV: invalid memory access"),
        (7, "signal 7, SIGBUS: invalid memory access"),
        (4, "signal 4, SIGILL: illegal instruction"),
        (8, "signal 8, SIGFPE: arithmetic error"),
        (15, "signal 15, SIGTERM: terminated"),
        (9 | 128, "signal 9, SIGKILL: killed"),
        (12, "signal 12, killed"),
        (
            24,
            "signal 24, SIGXCPU: it took more processor time than it may (`ulimit -t`)",
        ),
    ] {
        let death = Death::from(ExitStatus::from_raw(raw));
        assert_eq!(death.to_string(), words);
    }
}
