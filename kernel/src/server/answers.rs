//! Requests that need no cell to run: answered at once, even while one runs.

use std::sync::{Arc, Mutex};

use super::backend::ImmediateAnswers;
use super::channels::socket::Outbox;
use super::comms::{CommKind, CommMessage, Comms};
use super::debug;
use super::history::History;
use super::queue::Cells;
use super::{IoPub, Parent};
use crate::system::lock::LockUnpoisoned as _;
use crate::wire::content::{
    ConnectReply, ExecutionState, HistoryReply, KernelInfoReply, Reply, ReplyError,
};
use crate::wire::{Content, Message};

/// Cells share their variables, which one of them has at a time.
pub(super) const NO_SUBSHELLS: &str = "Woozle has no subshells: its cells run one after another";

/// What the answers are made from.
pub(super) struct Answers {
    pub(super) iopub: IoPub,
    pub(super) kernel_info: KernelInfoReply,
    pub(super) connect: ConnectReply,
    pub(super) history: Arc<Mutex<History>>,
    pub(super) hooks: Arc<dyn ImmediateAnswers>,
    pub(super) comms: Comms,
    pub(super) cells: Cells,
}

impl Answers {
    /// Answers a request; comms in their order, and what can take its time in a task of its own.
    pub(super) async fn take(self: &Arc<Self>, request: Message, outbox: &Outbox) {
        if is_asked_aside(&request.content) || matches!(request.content, Content::DebugRequest(_)) {
            let (answers, outbox) = (self.clone(), outbox.clone());
            tokio::spawn(async move { answers.answer(request, &outbox).await });
        } else {
            self.answer(request, outbox).await;
        }
    }

    /// Answers a request, between `busy` and `idle`.
    async fn answer(&self, request: Message, outbox: &Outbox) {
        let parent = Parent::of(&request);
        self.iopub.post_status(&parent, ExecutionState::Busy);
        if let Some(message) = CommMessage::of(&request) {
            self.take_comm(&parent, message);
        } else if let Some(reply) = self.reply(&parent, request.content).await {
            outbox.reply(&parent, reply);
        }
        self.iopub.post_status(&parent, ExecutionState::Idle);
    }

    /// Answers a request with an error.
    pub(super) fn refuse(&self, request: &Message, error: ReplyError, outbox: &Outbox) {
        let parent = Parent::of(request);
        self.iopub.post_status(&parent, ExecutionState::Busy);
        tracing::warn!(
            request.header.msg_type,
            error.evalue,
            "a request is refused"
        );
        if let Some(reply) = Content::error_reply(&request.header.msg_type, error) {
            outbox.reply(&parent, reply);
        }
        self.iopub.post_status(&parent, ExecutionState::Idle);
    }

    /// Passes a comm message on, or closes the comm if nobody takes it.
    fn take_comm(&self, parent: &Parent, message: CommMessage) {
        let is_known =
            matches!(message.kind, CommKind::Open { .. }) || self.comms.is_open(&message.comm_id);
        self.comms.note(&message);
        let taken = is_known && self.hooks.comm(&message, parent, &self.comms);
        if !taken && message.kind != CommKind::Close {
            tracing::info!(message.comm_id, "nobody takes this comm");
            self.comms.refuse(parent, &message.comm_id);
        }
    }

    async fn reply(&self, parent: &Parent, request: Content) -> Option<Content> {
        Some(match request {
            Content::KernelInfoRequest(_) => Reply::Ok(self.kernel_info.clone()).into(),
            Content::ConnectRequest(_) => Reply::Ok(self.connect.clone()).into(),
            Content::CommInfoRequest(request) => {
                Reply::Ok(self.comms.info(request.target_name.as_deref())).into()
            }
            request if is_asked_aside(&request) => return self.ask_aside(request).await,
            Content::DebugRequest(request) => {
                let reply =
                    debug::answer(&request, parent, &self.cells, &self.iopub, &self.hooks).await;
                Reply::Ok(reply).into()
            }
            other => return refusal(&other),
        })
    }

    /// On a thread of their own, because they can block and can panic.
    async fn ask_aside(&self, request: Content) -> Option<Content> {
        let msg_type = request.msg_type().to_owned();
        let (hooks, history) = (self.hooks.clone(), self.history.clone());
        let asked = tokio::task::spawn_blocking(move || match request {
            Content::IsCompleteRequest(request) => Some(hooks.is_complete(&request.code).into()),
            Content::CompleteRequest(request) => Some(Reply::Ok(hooks.complete(&request)).into()),
            Content::InspectRequest(request) => Some(Reply::Ok(hooks.inspect(&request)).into()),
            Content::HistoryRequest(request) => {
                let history = history.lock_unpoisoned();
                let history = history.select(&request);
                Some(Reply::Ok(HistoryReply { history }).into())
            }
            other => refusal(&other),
        });
        asked.await.unwrap_or_else(|error| {
            tracing::error!(%error, msg_type, "a request made the kernel panic");
            let error =
                ReplyError::new("InternalError", "the kernel could not answer: it panicked");
            Content::error_reply(&msg_type, error)
        })
    }
}

/// Whether an answer can block, or panic.
fn is_asked_aside(request: &Content) -> bool {
    matches!(
        request,
        Content::IsCompleteRequest(_)
            | Content::CompleteRequest(_)
            | Content::InspectRequest(_)
            | Content::HistoryRequest(_)
    )
}

/// The error reply to a request that has no other answer; nothing if it is no request.
fn refusal(content: &Content) -> Option<Content> {
    let msg_type = content.msg_type();
    let error = match content {
        Content::Invalid { problem, .. } => ReplyError::new("InvalidRequest", problem),
        Content::CreateSubshellRequest(_)
        | Content::DeleteSubshellRequest(_)
        | Content::ListSubshellRequest(_) => ReplyError::new("NotSupported", NO_SUBSHELLS),
        _ => ReplyError::new(
            "NotSupported",
            format!("Woozle has no answer to {msg_type} here"),
        ),
    };
    tracing::warn!(msg_type, error.evalue, "a message is refused");
    Content::error_reply(msg_type, error)
}
