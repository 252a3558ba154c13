//! A kernel that has been started and answers: its process, its sockets, and what to wait for.

use std::future;
use std::io;
use std::path::Path;
use std::process::ExitStatus;
use std::time::Duration;

use serde_json::Value;
use tokio::time::{Instant, sleep_until};

use super::client::{Channel, ClientError, KernelClient};
use super::process::{KernelProcess, StartError};
use super::signals::Signals;
use crate::wire::Message;
use crate::wire::content::{Content, KernelInfoRequest, Reply};

/// How long a kernel may take until it answers: its first start builds the runtime.
const START: Duration = Duration::from_secs(600);

/// Why there is no kernel, or none that can be spoken to.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
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

pub(in crate::notebook) struct Link {
    pub(in crate::notebook) process: KernelProcess,
    pub(in crate::notebook) client: KernelClient,
    signals: Signals,
}

/// What a run waits for.
pub(in crate::notebook) enum Event {
    Message(Channel, Box<Message>),
    /// The kernel's process has ended.
    Ended(ExitStatus),
    /// The user wants an end.
    Signal,
    Deadline,
}

impl Link {
    /// Starts a kernel and waits until it answers; `None` if a signal came first. With it comes
    /// the kernel's `language_info`.
    pub(in crate::notebook) async fn start(
        program: &Path,
        cwd: &Path,
        environment: &[(&str, &str)],
    ) -> Result<Option<(Self, Value)>, LinkError> {
        // Before the kernel starts: from here on a Ctrl-C must not leave it behind.
        let mut signals = Signals::new()?;
        let mut process = KernelProcess::start(program, cwd, environment)?;
        let deadline = Instant::now() + START;
        let (sockets, connection) = (process.sockets(), process.connection().clone());
        let client = tokio::select! {
            client = async {
                sockets.await;
                KernelClient::connect(&connection).await
            } => client?,
            status = process.ended() => return Err(LinkError::DiedAtStart(status?)),
            () = signals.next() => return Ok(None),
            () = sleep_until(deadline) => return Err(LinkError::NoAnswer),
        };
        let mut link = Self {
            process,
            client,
            signals,
        };
        let language_info = link.greet(deadline).await?;
        Ok(language_info.map(|language_info| (link, language_info)))
    }

    async fn greet(&mut self, deadline: Instant) -> Result<Option<Value>, LinkError> {
        self.client.request(KernelInfoRequest {}).await?;
        let (mut welcome, mut language_info) = (false, None);
        loop {
            match self.event(Some(deadline)).await? {
                Event::Message(_, message) => match message.content {
                    // Until it comes the subscription may not have arrived, and output would be lost.
                    Content::IopubWelcome(_) => welcome = true,
                    Content::KernelInfoReply(Reply::Ok(info)) => {
                        language_info = serde_json::to_value(info.language_info).ok();
                    }
                    _ => {}
                },
                Event::Ended(status) => return Err(LinkError::DiedAtStart(status)),
                Event::Signal => return Ok(None),
                Event::Deadline => return Err(LinkError::NoAnswer),
            }
            if welcome && language_info.is_some() {
                return Ok(language_info);
            }
        }
    }

    /// Waits for the next thing to happen, until `deadline` if there is one.
    pub(in crate::notebook) async fn event(
        &mut self,
        deadline: Option<Instant>,
    ) -> Result<Event, LinkError> {
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
            status = self.process.ended() => Ok(Event::Ended(status?)),
        }
    }
}
