//! The stdin channel: a running cell asks its client for a line of text.

use std::collections::VecDeque;
use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc as blocking;
use std::time::Duration;

use thiserror::Error;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use zeromq::SocketEvent;

use crate::server::Parent;
use crate::server::channels::socket::{Events, Inbox, Sender};
use crate::wire::content::InputRequest;
use crate::wire::{Content, Message, Session};

/// How long a prompt waits for its client's stdin channel to connect.
const CONNECT_GRACE: Duration = Duration::from_secs(5);

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InputError {
    #[error("this front end cannot ask for input (the request says allow_stdin: false)")]
    NotAllowed,
    #[error("the client that runs this cell has no stdin channel")]
    NoClient,
    #[error("interrupted while waiting for input")]
    Interrupted,
    #[error("the kernel is shutting down")]
    Closed,
}

/// Asks the client that sent a cell.
#[derive(Debug, Clone)]
pub struct StdinClient {
    prompts: Prompts,
    parent: Parent,
    allowed: bool,
}

impl StdinClient {
    /// Shows a prompt; does not wait for the answer.
    pub fn ask(&self, prompt: &str, password: bool) -> Result<Answer, InputError> {
        let Some(header) = self.parent.header().filter(|_| self.allowed) else {
            return Err(InputError::NotAllowed);
        };
        let content = InputRequest {
            prompt: prompt.to_owned(),
            password,
        };
        let mut request = self.prompts.session.child(header, content);
        request.identities = self.parent.identities().to_vec();
        let (answer, answered) = blocking::channel();
        let number = self.prompts.count.fetch_add(1, Ordering::Relaxed);
        let prompt = Prompt {
            number,
            request,
            answer,
        };
        self.prompts.send(Command::Ask(Box::new(prompt)));
        Ok(Answer(answered))
    }

    /// Ends all waiting for input: nobody needs it any more.
    pub fn abort(&self) {
        self.prompts.abort(Asked::ALL);
    }
}

/// The answer to a prompt, which is still to come.
#[derive(Debug)]
pub struct Answer(blocking::Receiver<Result<String, InputError>>);

impl Answer {
    /// Waits for it, until it comes or the cell is interrupted.
    pub fn wait(self) -> Result<String, InputError> {
        // The task drops the prompt when the kernel ends.
        self.0.recv().unwrap_or(Err(InputError::Closed))
    }
}

/// The prompts up to some moment, by the number of the first one after it.
#[derive(Debug, Clone, Copy)]
pub(in crate::server) struct Asked(u64);

impl Asked {
    const ALL: Self = Self(u64::MAX);
}

struct Prompt {
    number: u64,
    request: Message,
    answer: blocking::Sender<Result<String, InputError>>,
}

enum Command {
    Ask(Box<Prompt>),
    Abort(Asked),
}

/// The way to the stdin task.
#[derive(Debug, Clone)]
pub(in crate::server) struct Prompts {
    session: Session,
    commands: mpsc::UnboundedSender<Command>,
    /// How many there have been.
    count: Arc<AtomicU64>,
}

impl Prompts {
    pub(in crate::server) fn client(&self, parent: &Parent, allowed: bool) -> StdinClient {
        StdinClient {
            prompts: self.clone(),
            parent: parent.clone(),
            allowed,
        }
    }

    /// What has been asked by now.
    pub(in crate::server) fn asked(&self) -> Asked {
        Asked(self.count.load(Ordering::Relaxed))
    }

    /// Ends the waiting for these.
    pub(in crate::server) fn abort(&self, asked: Asked) {
        self.send(Command::Abort(asked));
    }

    fn send(&self, command: Command) {
        // If the task has ended, the command is dropped, and with it the sender of the answer.
        if self.commands.send(command).is_err() {
            tracing::debug!("a prompt comes after the end of the kernel");
        }
    }
}

/// The way to the stdin task, and the task.
pub(in crate::server) fn stdin(
    session: Session,
    mut inbox: Inbox,
    sender: Sender,
    mut events: Events,
) -> (Prompts, impl Future<Output = ()> + Send) {
    let (commands, mut asked) = mpsc::unbounded_channel();
    let prompts = Prompts {
        session,
        commands,
        count: Arc::default(),
    };
    let mut task = StdinTask {
        sender,
        waiting: VecDeque::new(),
        give_up: None,
    };
    let serve = async move {
        loop {
            tokio::select! {
                command = asked.recv() => match command {
                    Some(command) => task.handle_command(command).await,
                    None => return,
                },
                message = inbox.next() => match message {
                    Some(message) => task.handle_message(message).await,
                    None => return,
                },
                Ok(event) = events.recv() => task.handle_event(&event).await,
                () = until(task.give_up) => task.give_up().await,
            }
        }
    };
    (prompts, serve)
}

/// The state of the stdin task.
struct StdinTask {
    sender: Sender,
    /// The first has been sent to its client. (Several threads of a cell can ask.)
    waiting: VecDeque<Prompt>,
    /// The first could not be sent, because its client has not connected yet; until when it waits.
    give_up: Option<Instant>,
}

/// Waits until this time, or for ever.
async fn until(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => pending().await,
    }
}

impl StdinTask {
    async fn handle_command(&mut self, command: Command) {
        match command {
            Command::Ask(prompt) => {
                self.waiting.push_back(*prompt);
                if self.waiting.len() == 1 {
                    self.send_first().await;
                }
            }
            Command::Abort(Asked(end)) => {
                let first = self.waiting.front().map(|prompt| prompt.number);
                let (ended, others): (VecDeque<_>, _) = std::mem::take(&mut self.waiting)
                    .into_iter()
                    .partition(|prompt| prompt.number < end);
                self.waiting = others;
                for prompt in ended {
                    answer(prompt, Err(InputError::Interrupted));
                }
                if first.is_some_and(|first| first < end) {
                    self.send_first().await;
                }
            }
        }
    }

    async fn handle_message(&mut self, message: Message) {
        let Content::InputReply(reply) = message.content else {
            let msg_type = message.header.msg_type;
            tracing::warn!(msg_type, "not an input_reply; ignored on stdin");
            return;
        };
        let is_answer = |prompt: &mut Prompt| {
            prompt.request.identities == message.identities
                // Many clients leave the parent out.
                && message
                    .parent_header
                    .as_ref()
                    .is_none_or(|parent| parent.msg_id == prompt.request.header.msg_id)
        };
        match self.waiting.pop_front_if(is_answer) {
            Some(prompt) => {
                answer(prompt, Ok(reply.value));
                self.send_first().await;
            }
            None => tracing::warn!("an input_reply to no open prompt is ignored"),
        }
    }

    /// A client's channels connect one by one, so a first cell can ask before stdin is there.
    async fn handle_event(&mut self, event: &SocketEvent) {
        if let (SocketEvent::Accepted(..), Some(give_up)) = (event, self.give_up) {
            self.send_first().await;
            self.give_up = self.give_up.map(|_| give_up);
        }
    }

    async fn give_up(&mut self) {
        if let Some(prompt) = self.waiting.pop_front() {
            answer(prompt, Err(InputError::NoClient));
        }
        self.send_first().await;
    }

    async fn send_first(&mut self) {
        self.give_up = None;
        if let Some(prompt) = self.waiting.front()
            && let Err(error) = self.sender.send(&prompt.request).await
        {
            tracing::debug!(%error, "a prompt waits for its client");
            self.give_up = Some(Instant::now() + CONNECT_GRACE);
        }
    }
}

fn answer(prompt: Prompt, answer: Result<String, InputError>) {
    if prompt.answer.send(answer).is_err() {
        tracing::debug!("nobody waits for this input any longer");
    }
}
