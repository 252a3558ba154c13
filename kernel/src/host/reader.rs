//! The threads that read and write a host's link.

use std::io::Read;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};

use woozle::protocol::{Command, Event, Stream, read_frame, write_frame};

use super::copies::Copies;
use super::crash_page::CrashPage;
use super::death::Death;
use super::killer::HostTerminator;
use super::sink::{FromHost, OutputSink};

/// What the host, and the copies of it, write past the protocol: standard output and standard error.
pub(super) type Pipes = Arc<[(OwnedFd, Stream)]>;

/// Writes commands until all senders, or the host, are gone. The reader notices the latter.
pub(super) fn write(mut link: UnixStream, commands: &Receiver<Command>) {
    for command in commands {
        if write_frame(&mut link, &command).is_err() {
            return;
        }
    }
}

/// Reads events until the host has ended; hands output on at once, and everything else to the session.
pub(super) fn read(
    mut link: UnixStream,
    killer: &HostTerminator,
    copies: &Copies,
    pipes: &Pipes,
    page: &CrashPage,
    sink: &dyn OutputSink,
    events: &Sender<FromHost>,
) {
    let mut last_cell = 0;
    while let Ok(Some(event)) = read_frame::<Event>(&mut link) {
        match event {
            Event::Output {
                cell,
                stream,
                bytes,
            } => {
                last_cell = cell;
                sink.output(cell, stream, &bytes);
            }
            Event::Value { cell, bundle } => sink.value(cell, bundle),
            Event::Display {
                cell,
                data,
                display_id,
                update,
            } => sink.display(cell, data, display_id, update),
            Event::ClearOutput { cell, wait } => sink.clear_output(cell, wait),
            Event::Comm(comm) => sink.comm(comm),
            Event::Measured { cell, measured } => sink.measured(cell, &measured),
            Event::Panic { cell, panic } => sink.panic(cell, &panic),
            event => {
                if matches!(event, Event::Checkpoint { .. }) {
                    copies.receive_new();
                }
                if events.send(FromHost::Event(event)).is_err() {
                    break;
                }
            }
        }
    }
    let status = killer.wait();
    let mut output = String::new();
    for (bytes, stream) in remaining_output(pipes) {
        if last_cell > 0 {
            sink.output(last_cell, stream, &bytes);
        } else {
            output.push_str(&String::from_utf8_lossy(&bytes));
        }
    }
    let crash = page.take();
    let _ = events.send(FromHost::Gone(Death {
        status,
        crash,
        output,
    }));
    sink.gone();
}

/// What the host, or a child of it, wrote just before the end.
fn remaining_output(pipes: &Pipes) -> Vec<(Vec<u8>, Stream)> {
    let mut all = Vec::new();
    for (pipe, stream) in pipes.iter() {
        let mut bytes = Vec::new();
        if let Ok(copy) = pipe.try_clone()
            && rustix::io::ioctl_fionbio(pipe, true).is_ok()
        {
            let _ = std::fs::File::from(copy).read_to_end(&mut bytes);
        }
        if !bytes.is_empty() {
            all.push((bytes, *stream));
        }
    }
    all
}
