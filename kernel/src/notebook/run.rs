//! The run itself: cells sent one by one, everything that comes back gathered, the kernel ended.

use std::path::Path;
use std::process::ExitStatus;
use std::time::Duration;

use tokio::time::{Instant, timeout, timeout_at};

use super::file::document::{CodeCell, Document};
use super::kernel::client::ClientError;
use super::kernel::link::{Event, Link, LinkError};
use super::records::{Progress, Records};
use super::screen::Screen;
use crate::build::deps::requested::lock;
use crate::wire::Message;
use crate::wire::content::{
    Content, ExecuteRequest, ExecutionState, InterruptRequest, Reply, ReplyError, ShutdownRequest,
};

/// How long a cell may take to end once it has been interrupted.
const INTERRUPT: Duration = Duration::from_secs(5);
/// How long a kernel may be silent after the reply without being idle, as in nbclient.
const SILENCE: Duration = Duration::from_secs(4);
/// How long a kernel may take to shut down before it is killed.
const SHUTDOWN: Duration = Duration::from_secs(5);
/// How long to listen for what a kernel that has died may have sent before.
const LAST_WORDS: Duration = Duration::from_millis(200);

#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Go on after a cell has failed.
    pub allow_errors: bool,
    /// How long a cell may take.
    pub timeout: Option<Duration>,
    /// Crates have the versions that are in the folder's `woozle.lock`, or the cell that adds them fails.
    pub locked: bool,
}

/// How a run ended.
#[derive(Debug)]
pub enum End {
    Completed,
    /// This cell failed; those behind it were not run.
    Failed {
        cell: usize,
        error: ReplyError,
    },
    TimedOut {
        cell: usize,
    },
    Interrupted,
    /// The kernel died in this cell.
    Died {
        cell: usize,
        status: ExitStatus,
    },
}

/// Runs the code cells of `document` with `program` as the kernel, in the working directory `cwd`,
/// and puts the results into `document`, whatever the end.
///
/// Cells are numbered from 1 in the order in which they run, as the kernel's prompts are.
pub async fn run(
    document: &mut Document,
    program: &Path,
    cwd: &Path,
    options: &Options,
    screen: &mut Screen,
) -> Result<End, LinkError> {
    let cells = document.code_cells();
    let locked = options.locked.then_some((lock::LOCKED, "1"));
    let environment = locked.as_slice();
    let Some((link, language_info)) = Link::start(program, cwd, environment).await? else {
        return Ok(End::Interrupted);
    };
    document.set_kernel(language_info);
    let mut runner = Runner {
        link,
        records: Records::new(cells.len(), screen),
    };
    let end = runner.cells(&cells, options).await;
    if !matches!(end, Ok(End::Died { .. })) {
        runner.shut_down().await;
    }
    for (place, cell) in cells.iter().enumerate() {
        let (record, outputs) = runner.records.take(place);
        document.set_results(cell.index, record.count, outputs, record.times);
    }
    end
}

/// A run under way.
struct Runner<'a> {
    link: Link,
    records: Records<'a>,
}

impl Runner<'_> {
    async fn cells(&mut self, cells: &[CodeCell], options: &Options) -> Result<End, LinkError> {
        for (place, cell) in cells.iter().enumerate() {
            self.records.screen.cell(place + 1, &cell.source);
            let end = self.cell(place, cell, options).await;
            self.records.screen.cell_done();
            if let Some(end) = end? {
                return Ok(end);
            }
        }
        Ok(End::Completed)
    }

    /// Runs one cell; the end of the run if it is one.
    async fn cell(
        &mut self,
        place: usize,
        cell: &CodeCell,
        options: &Options,
    ) -> Result<Option<End>, LinkError> {
        let number = place + 1;
        let may_fail = options.allow_errors || cell.may_fail;
        let request = ExecuteRequest {
            allow_stdin: false,
            stop_on_error: !may_fail,
            ..ExecuteRequest::new(cell.source.as_str())
        };
        let id = match self.link.client.request(request).await {
            Ok(id) => id,
            Err(error) => return self.death_of(number, error).await.map(Some),
        };
        self.records.requested(&id, place);

        let mut deadline = options.timeout.map(|timeout| Instant::now() + timeout);
        let mut stopping = None;
        let (mut reply, mut idle) = (None, false);
        while reply.is_none() || !idle {
            match self.link.event(deadline).await? {
                Event::Message(channel, message) => {
                    match self.records.add(channel, &message, &id) {
                        Some(Progress::Replied(new)) => reply = Some(new),
                        Some(Progress::Idle) => idle = true,
                        None => {}
                    }
                    if reply.is_some() {
                        deadline = Some(Instant::now() + SILENCE);
                    }
                }
                Event::Ended(status) => {
                    self.drain(Instant::now() + LAST_WORDS).await;
                    return Ok(Some(End::Died {
                        cell: number,
                        status,
                    }));
                }
                Event::Deadline if reply.is_some() => {
                    tracing::warn!(
                        "cell [{number}] was answered, but the kernel has not become idle"
                    );
                    break;
                }
                // The second time: the cell does not end.
                Event::Deadline | Event::Signal if stopping.is_some() => break,
                event => {
                    stopping = Some(match event {
                        Event::Signal => End::Interrupted,
                        _ => End::TimedOut { cell: number },
                    });
                    deadline = Some(Instant::now() + INTERRUPT);
                    if let Err(error) = self.link.client.control(InterruptRequest {}).await {
                        tracing::warn!("the cell cannot be interrupted: {error}");
                    }
                }
            }
        }
        if stopping.is_some() {
            return Ok(stopping);
        }
        let error = match reply.map(|reply| reply.outcome) {
            Some(Reply::Error(error)) => error,
            Some(Reply::Aborted) => ReplyError::new("Aborted", "the kernel did not run this cell"),
            Some(Reply::Ok(_)) | None => return Ok(None),
        };
        Ok((!may_fail).then_some(End::Failed {
            cell: number,
            error,
        }))
    }

    /// How a kernel ended that a cell could not be sent to: one that died between two cells shows first in its sockets.
    async fn death_of(&mut self, cell: usize, error: ClientError) -> Result<End, LinkError> {
        match timeout(LAST_WORDS, self.link.process.ended()).await {
            Ok(Ok(status)) => Ok(End::Died { cell, status }),
            _ => Err(error.into()),
        }
    }

    /// Ends the kernel, with its own consent or without, and takes what it has still to say.
    async fn shut_down(&mut self) {
        let request = ShutdownRequest { restart: false };
        let id = match self.link.client.control(request).await {
            Ok(id) => id,
            Err(error) => {
                tracing::warn!("{error}");
                return self.link.process.kill();
            }
        };
        let deadline = Instant::now() + SHUTDOWN;
        let mut idle = false;
        loop {
            match self.link.event(Some(deadline)).await {
                Ok(Event::Message(channel, message)) => {
                    self.records.add(channel, &message, "");
                    // Its last word on iopub: all output has come.
                    idle |= is_idle(&message, &id);
                }
                Ok(Event::Ended(_)) if idle => return,
                Ok(Event::Ended(_)) => return self.drain(Instant::now() + LAST_WORDS).await,
                Ok(Event::Signal | Event::Deadline) | Err(_) => {
                    tracing::warn!("the kernel does not shut down: it is killed");
                    return self.link.process.kill();
                }
            }
        }
    }

    /// Takes what the kernel had sent before it died.
    async fn drain(&mut self, deadline: Instant) {
        while let Ok(Some((channel, message))) =
            timeout_at(deadline, self.link.client.receive()).await
        {
            self.records.add(channel, &message, "");
        }
    }
}

fn is_idle(message: &Message, request: &str) -> bool {
    let answers = message
        .parent_header
        .as_ref()
        .is_some_and(|parent| parent.msg_id == request);
    answers
        && matches!(&message.content, Content::Status(status) if status.execution_state == ExecutionState::Idle)
}
