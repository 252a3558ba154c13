//! The control channel: interrupt and shutdown, answered also while a cell runs.

use std::sync::Arc;

use tokio::sync::mpsc;

use crate::server::answers::Answers;
use crate::server::backend::Interrupt;
use crate::server::channels::socket::{Inbox, Outbox};
use crate::server::channels::stdin::Prompts;
use crate::server::{IoPub, Parent};
use crate::wire::content::{ExecutionState, InterruptReply, Reply, ReplyError, ShutdownReply};
use crate::wire::{Content, Message};

pub(in crate::server) async fn serve(
    mut inbox: Inbox,
    outbox: Outbox,
    interrupter: Interrupter,
    answers: Arc<Answers>,
    ending: Ending,
) {
    while let Some(message) = inbox.next().await {
        match message.content {
            Content::ShutdownRequest(ref request) => {
                ending.request(&message, request.restart, &outbox);
            }
            Content::InterruptRequest(_) => {
                let (interrupter, outbox) = (interrupter.clone(), outbox.clone());
                tokio::spawn(async move { interrupter.answer(&message, &outbox).await });
            }
            _ => answers.take(message, &outbox).await,
        }
    }
}

/// Interrupts the running cell, wherever it waits.
#[derive(Clone)]
pub(in crate::server) struct Interrupter {
    backend: Arc<dyn Interrupt>,
    prompts: Prompts,
    iopub: IoPub,
}

impl Interrupter {
    pub(in crate::server) fn new(
        backend: Arc<dyn Interrupt>,
        prompts: &Prompts,
        iopub: &IoPub,
    ) -> Self {
        Self {
            backend,
            prompts: prompts.clone(),
            iopub: iopub.clone(),
        }
    }

    /// Returns whether the backend did its part.
    pub(in crate::server) async fn interrupt(&self) -> bool {
        self.iopub.interrupt();
        let (backend, asked) = (self.backend.clone(), self.prompts.asked());
        let interrupted = tokio::task::spawn_blocking(move || backend.interrupt()).await;
        // Only now: the cell would take it for the end of input, and go on. The next cell may have asked meanwhile.
        self.prompts.abort(asked);
        if let Err(error) = &interrupted {
            tracing::error!(%error, "interrupting the cell failed");
        }
        interrupted.is_ok()
    }

    async fn answer(&self, request: &Message, outbox: &Outbox) {
        let parent = Parent::of(request);
        self.iopub.post_status(&parent, ExecutionState::Busy);
        let reply = if self.interrupt().await {
            Reply::Ok(InterruptReply::default())
        } else {
            let problem = "the kernel could not interrupt the cell: it panicked";
            Reply::Error(ReplyError::new("InternalError", problem))
        };
        outbox.reply(&parent, reply);
        self.iopub.post_status(&parent, ExecutionState::Idle);
    }
}

/// The way to ask for the kernel's end.
#[derive(Clone)]
pub(in crate::server) struct Ending {
    iopub: IoPub,
    /// Tells the server; whether a restart is to follow.
    asked: mpsc::UnboundedSender<bool>,
}

impl Ending {
    /// The receiver learns of requests to shut down, and whether a restart follows.
    pub(in crate::server) fn new(iopub: &IoPub) -> (Self, mpsc::UnboundedReceiver<bool>) {
        let (asked, shutdown_asked) = mpsc::unbounded_channel();
        let iopub = iopub.clone();
        (Self { iopub, asked }, shutdown_asked)
    }

    /// Answers a `shutdown_request`, tells all clients, and lets the server end.
    pub(in crate::server) fn request(&self, request: &Message, restart: bool, outbox: &Outbox) {
        let parent = Parent::of(request);
        self.iopub.post_status(&parent, ExecutionState::Busy);
        outbox.reply(&parent, Reply::Ok(ShutdownReply { restart }));
        self.iopub
            .post(&parent, Reply::Ok(ShutdownReply { restart }));
        self.iopub.post_status(&parent, ExecutionState::Idle);
        if self.asked.send(restart).is_err() {
            tracing::debug!("the kernel is ending already");
        }
    }
}
