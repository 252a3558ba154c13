//! What comes back from the Python process.

use std::io;
use std::os::unix::net::UnixStream;
use std::process::Child;
use std::sync::{Arc, Weak};

use miniserde::json;

use super::Connection;
use super::messages::{Death, FromPython};
use crate::multiprocessing::children::exit::Exit;
use crate::multiprocessing::cluster::frame::Frames;
use crate::multiprocessing::pool::backend;
use crate::multiprocessing::pool::error::PoolError;
use crate::multiprocessing::pool::wire::Outcome;
use crate::multiprocessing::transport::descriptors::CodecError;
use crate::process::output;
use crate::protocol::{Event, read_frame};

/// Why a connection that has broken off is of no use.
const GONE: &str = "the scheduler is gone, or the connection to it";

/// The life of the thread that reads.
pub(super) fn read(
    socket: UnixStream,
    connection: &Weak<Connection>,
    mut python: Child,
    said: &dyn Fn() -> String,
) {
    let mut frames = Frames::new(socket);
    while let Ok(Some((message, bytes))) = frames.read::<FromPython>() {
        let Some(connection) = connection.upgrade() else {
            break;
        };
        connection.take(message, &bytes);
    }
    let status = python.wait();
    if let Some(connection) = connection.upgrade() {
        let said = said();
        let last = said.trim().lines().last().unwrap_or_default();
        match status {
            Ok(status) if !status.success() && !last.is_empty() => {
                connection.lose(&format!("{GONE}: {last}"))
            }
            _ => connection.lose(GONE),
        }
    }
}

impl Connection {
    fn take(&self, message: FromPython, bytes: &[u8]) {
        match message.op.as_str() {
            "done" => {
                if let Some(id) = message.id {
                    let outcome = message.outcome.unwrap_or_default();
                    self.done(id, &outcome, &message.text.unwrap_or_default(), bytes);
                    self.feed();
                    self.changed.wake_all();
                }
            }
            "events" => {
                let mut bytes = bytes;
                while let Ok(Some(event)) = read_frame::<Event>(&mut bytes) {
                    output::send(&event);
                }
            }
            "workers" => {
                let mut state = self.state();
                let number = |number: Option<u64>| {
                    usize::try_from(number.unwrap_or(0)).unwrap_or(usize::MAX)
                };
                state.counts.workers = number(message.workers);
                state.counts.threads = number(message.threads);
                drop(state);
                self.changed.wake_all();
                self.feed();
            }
            "connected" => {
                let mut state = self.state();
                state.counts.dashboard = message.dashboard.unwrap_or_default();
                state.counts.address = message.address.unwrap_or_default();
                state.counts.version = message.version.unwrap_or_default();
                state.connected = Some(Ok(()));
                drop(state);
                self.changed.wake_all();
            }
            _ => {
                let failed = (
                    message.kind.unwrap_or_default(),
                    message.text.unwrap_or_default(),
                );
                self.state().connected = Some(Err(failed));
                self.changed.wake_all();
            }
        }
    }

    /// A task is done, or is not to be.
    fn done(&self, id: u64, outcome: &str, text: &str, bytes: &[u8]) {
        let mut state = self.state();
        let Some(sent) = state.take(id) else {
            return;
        };
        let answer = answer(bytes);
        if outcome == "done"
            && let Ok((_, nanoseconds, _)) = answer
        {
            state.note_pace(sent.target, sent.items.len(), nanoseconds);
        }
        drop(state);
        let answer = || {
            let (outcome, _, bytes) = answer.map_err(broken)?;
            outcome.result(bytes)
        };
        let result = match outcome {
            "done" => answer(),
            "initializer" => {
                let error = answer().err().unwrap_or(PoolError::Terminated);
                Err(PoolError::Initializer(Arc::new(error)))
            }
            "died" => Err(death(text)),
            "machine" => Err(PoolError::MachineDied(text.to_owned())),
            "cancelled" => Err(PoolError::Terminated),
            _ => Err(PoolError::CannotRun(text.to_owned())),
        };
        backend::done(&sent.job, sent.items, result);
    }
}

/// How it went, how long it took, and the bytes that say more.
fn answer(bytes: &[u8]) -> io::Result<(Outcome, u64, &[u8])> {
    let parts = || {
        let (outcome, rest) = bytes.split_first()?;
        let (nanoseconds, rest) = rest.split_first_chunk()?;
        Some((
            Outcome::of_code(*outcome)?,
            u64::from_le_bytes(*nanoseconds),
            rest,
        ))
    };
    parts().ok_or_else(|| io::ErrorKind::InvalidData.into())
}

fn broken(error: io::Error) -> PoolError {
    PoolError::Result(CodecError::new(error))
}

fn death(text: &str) -> PoolError {
    match json::from_str::<Death>(text) {
        Ok(death) => PoolError::DiedOnCluster {
            worker: death.worker,
            pid: death.pid,
            exit: match death.code {
                code @ 0.. => Exit::Code(code),
                signal => Exit::Signal(-signal),
            },
        },
        Err(_) => PoolError::CannotRun(text.to_owned()),
    }
}
