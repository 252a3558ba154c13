//! The run itself: kernel started, cells sent one by one, everything that comes back gathered.

use std::collections::HashMap;
use std::future;
use std::io;
use std::path::Path;
use std::process::ExitStatus;
use std::time::Duration;

use serde_json::{Map, Value};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::{Instant, sleep_until};

use super::client::{Channel, ClientError, KernelClient};
use super::document::{CodeCell, Document};
use super::outputs::Outputs;
use super::process::{KernelProcess, StartError};
use super::screen::Screen;
use crate::wire::content::{
    Content, ExecuteReply, ExecuteRequest, ExecutionState, InterruptRequest, KernelInfoRequest,
    Reply, ReplyError, ShutdownRequest,
};
use crate::wire::{Header, Message};

/// How long a kernel may take until it answers: its first start builds the runtime.
const START: Duration = Duration::from_secs(600);
/// How long a cell may take to end once it has been interrupted.
const INTERRUPT: Duration = Duration::from_secs(5);
/// How long `idle` may come after the reply, as in nbclient.
const IDLE: Duration = Duration::from_secs(4);
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

/// Why there was no run at all, or none that could go on.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error(transparent)]
    Start(#[from] StartError),
    #[error("it ended at once ({0})")]
    DiedAtStart(ExitStatus),
    #[error("it has not answered for {} minutes", START.as_secs() / 60)]
    NoAnswer,
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error("its process cannot be watched: {0}")]
    Watch(#[from] io::Error),
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
) -> Result<End, RunError> {
    let cells = document.code_cells();
    // Before the kernel starts: from here on a Ctrl-C must not leave it behind.
    let signals = Signals::new()?;
    let kernel = KernelProcess::start(program, cwd)?;
    let mut runner = match Runner::connect(kernel, signals, cells.len(), screen).await? {
        Some(runner) => runner,
        None => return Ok(End::Interrupted),
    };
    document.set_kernel(runner.language_info.take());
    let end = runner.cells(&cells, options).await;
    if !matches!(end, Ok(End::Died { .. })) {
        runner.shut_down().await;
    }
    for (place, cell) in cells.iter().enumerate() {
        let CellRecord { count, times } = std::mem::take(&mut runner.records[place]);
        document.set_results(cell.index, count, runner.outputs.take(place), times);
    }
    end
}

/// A run under way.
struct Runner<'a> {
    kernel: KernelProcess,
    client: KernelClient,
    signals: Signals,
    screen: &'a mut Screen,
    language_info: Value,
    /// The cell that each request was for, by message id: late output finds its cell by it.
    requests: HashMap<String, usize>,
    outputs: Outputs,
    records: Vec<CellRecord>,
}

#[derive(Debug, Clone, Default)]
struct CellRecord {
    count: Option<u32>,
    /// When the cell's messages were sent, for the metadata `execution`.
    times: Map<String, Value>,
}

/// What a run waits for.
enum Event {
    Message(Channel, Box<Message>),
    Ended(ExitStatus),
    Signal,
    Deadline,
}

/// What a message means to the one who waits for a request's end.
enum Progress {
    Replied(ExecuteReply),
    Idle,
}

impl<'a> Runner<'a> {
    /// Waits for the kernel; `None` if a signal came first.
    async fn connect(
        mut kernel: KernelProcess,
        mut signals: Signals,
        cells: usize,
        screen: &'a mut Screen,
    ) -> Result<Option<Self>, RunError> {
        let deadline = Instant::now() + START;
        let (sockets, connection) = (kernel.sockets(), kernel.connection().clone());
        let client = tokio::select! {
            client = async {
                sockets.await;
                KernelClient::connect(&connection).await
            } => client?,
            status = kernel.ended() => return Err(RunError::DiedAtStart(status?)),
            () = signals.next() => return Ok(None),
            () = sleep_until(deadline) => return Err(RunError::NoAnswer),
        };
        let mut runner = Self {
            kernel,
            client,
            signals,
            screen,
            language_info: Value::Null,
            requests: HashMap::new(),
            outputs: Outputs::new(cells),
            records: vec![CellRecord::default(); cells],
        };
        runner.client.request(KernelInfoRequest {}).await?;
        let mut welcome = false;
        while !welcome || runner.language_info.is_null() {
            match runner.event(Some(deadline)).await? {
                Event::Message(_, message) => match message.content {
                    // Until it comes the subscription may not have arrived, and output would be lost.
                    Content::IopubWelcome(_) => welcome = true,
                    Content::KernelInfoReply(Reply::Ok(info)) => {
                        runner.language_info =
                            serde_json::to_value(info.language_info).unwrap_or_default();
                    }
                    _ => {}
                },
                Event::Ended(status) => return Err(RunError::DiedAtStart(status)),
                Event::Signal => return Ok(None),
                Event::Deadline => return Err(RunError::NoAnswer),
            }
        }
        Ok(Some(runner))
    }

    async fn cells(&mut self, cells: &[CodeCell], options: &Options) -> Result<End, RunError> {
        for (place, cell) in cells.iter().enumerate() {
            self.screen.cell(place + 1, &cell.source);
            let end = self.cell(place, cell, options).await;
            self.screen.cell_done();
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
    ) -> Result<Option<End>, RunError> {
        let number = place + 1;
        let may_fail = options.allow_errors || cell.may_fail;
        let request = ExecuteRequest {
            allow_stdin: false,
            stop_on_error: !may_fail,
            ..ExecuteRequest::new(cell.source.as_str())
        };
        let id = self.client.request(request).await?;
        self.requests.insert(id.clone(), place);

        let mut deadline = options.timeout.map(|timeout| Instant::now() + timeout);
        let mut stopping = None;
        let (mut reply, mut idle) = (None, false);
        while reply.is_none() || !idle {
            match self.event(deadline).await? {
                Event::Message(channel, message) => match self.take(channel, &message, &id) {
                    Some(Progress::Replied(new)) => {
                        reply = Some(new);
                        deadline = Some(Instant::now() + IDLE);
                    }
                    Some(Progress::Idle) => idle = true,
                    None => {}
                },
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
                    self.client.control(InterruptRequest {}).await?;
                    deadline = Some(Instant::now() + INTERRUPT);
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
        Ok(if may_fail {
            None
        } else {
            Some(End::Failed {
                cell: number,
                error,
            })
        })
    }

    /// Takes a message into the records, and tells what it means for the request `current`.
    fn take(&mut self, channel: Channel, message: &Message, current: &str) -> Option<Progress> {
        let parent = message.parent_header.as_ref()?;
        let place = *self.requests.get(&parent.msg_id)?;
        let record = self.records.get_mut(place)?;
        let progress = match (channel, &message.content) {
            (Channel::Shell, Content::ExecuteReply(reply)) => {
                record.time("shell.execute_reply", &message.header);
                record.count = reply.execution_count.or(record.count);
                Some(Progress::Replied(reply.clone()))
            }
            (Channel::Iopub, Content::Status(status)) => match status.execution_state {
                ExecutionState::Busy => {
                    record.time("iopub.status.busy", &message.header);
                    None
                }
                ExecutionState::Idle => {
                    record.time("iopub.status.idle", &message.header);
                    Some(Progress::Idle)
                }
                ExecutionState::Starting => None,
            },
            (Channel::Iopub, Content::ExecuteInput(input)) => {
                record.time("iopub.execute_input", &message.header);
                record.count = Some(input.execution_count);
                None
            }
            (Channel::Iopub, output) => {
                self.outputs.apply(place, output);
                self.screen.output(place + 1, output);
                None
            }
            _ => None,
        };
        progress.filter(|_| parent.msg_id == current)
    }

    /// Ends the kernel, with its own consent or without, and takes what it has still to say.
    async fn shut_down(&mut self) {
        let id = match self
            .client
            .control(ShutdownRequest { restart: false })
            .await
        {
            Ok(id) => id,
            Err(error) => {
                tracing::warn!("{error}");
                return self.kernel.kill();
            }
        };
        let deadline = Instant::now() + SHUTDOWN;
        let mut idle = false;
        loop {
            match self.event(Some(deadline)).await {
                Ok(Event::Message(channel, message)) => {
                    self.take(channel, &message, "");
                    // Its last word on iopub: all output has come.
                    idle |= is_idle(&message, &id);
                }
                Ok(Event::Ended(_)) if idle => return,
                Ok(Event::Ended(_)) => return self.drain(Instant::now() + LAST_WORDS).await,
                Ok(Event::Signal | Event::Deadline) | Err(_) => {
                    tracing::warn!("the kernel does not shut down: it is killed");
                    return self.kernel.kill();
                }
            }
        }
    }

    /// Takes what the kernel had sent before it died.
    async fn drain(&mut self, deadline: Instant) {
        while let Ok(Some((channel, message))) =
            tokio::time::timeout_at(deadline, self.client.receive()).await
        {
            self.take(channel, &message, "");
        }
    }

    async fn event(&mut self, deadline: Option<Instant>) -> Result<Event, RunError> {
        let deadline = async {
            match deadline {
                Some(deadline) => sleep_until(deadline).await,
                None => future::pending().await,
            }
        };
        let message = async {
            match self.client.receive().await {
                Some((channel, message)) => Event::Message(channel, Box::new(message)),
                // All sockets have failed. The watch over the process tells why.
                None => future::pending().await,
            }
        };
        tokio::select! {
            // In this order: a flood of messages holds up neither a Ctrl-C nor a timeout, and what
            // a kernel said before it ended comes before its end.
            biased;
            () = self.signals.next() => Ok(Event::Signal),
            () = deadline => Ok(Event::Deadline),
            event = message => Ok(event),
            status = self.kernel.ended() => Ok(Event::Ended(status?)),
        }
    }
}

impl CellRecord {
    fn time(&mut self, event: &str, header: &Header) {
        if !header.date.is_empty() {
            self.times
                .insert(event.to_owned(), Value::from(header.date.as_str()));
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

/// The signals by which a run is asked to end.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
    hangup: Signal,
}

impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            _ = self.hangup.recv() => {}
        }
    }
}
