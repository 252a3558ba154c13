//! Requests that need no cell to run: answered at once, even while one runs.

use std::sync::{Arc, Mutex, PoisonError};

use super::backend::Hooks;
use super::channel::Outbox;
use super::history::History;
use super::{IoPub, Parent};
use crate::wire::content::{
    CommClose, CommInfoReply, ConnectReply, ExecutionState, HistoryReply, KernelInfoReply, Reply,
    ReplyError,
};
use crate::wire::{Content, Message};

/// What the answers are made from.
pub(super) struct Answers {
    pub(super) iopub: IoPub,
    pub(super) kernel_info: KernelInfoReply,
    pub(super) connect: ConnectReply,
    pub(super) history: Arc<Mutex<History>>,
    pub(super) hooks: Arc<dyn Hooks>,
}

impl Answers {
    /// Answers a request; at once, unless the hooks are to be asked: they can take their time.
    pub(super) async fn take(self: &Arc<Self>, request: Message, outbox: &Outbox) {
        if matches!(
            request.content,
            Content::IsCompleteRequest(_)
                | Content::CompleteRequest(_)
                | Content::InspectRequest(_)
        ) {
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
        if let Some(reply) = self.reply(&parent, request.content).await {
            outbox.reply(&parent, reply);
        }
        self.iopub.post_status(&parent, ExecutionState::Idle);
    }

    async fn reply(&self, parent: &Parent, request: Content) -> Option<Content> {
        Some(match request {
            Content::KernelInfoRequest(_) => Reply::Ok(self.kernel_info.clone()).into(),
            Content::ConnectRequest(_) => Reply::Ok(self.connect.clone()).into(),
            // No comm target is known, so none is open.
            Content::CommInfoRequest(_) => Reply::Ok(CommInfoReply::default()).into(),
            Content::HistoryRequest(request) => {
                let history = self.history.lock().unwrap_or_else(PoisonError::into_inner);
                let history = history.select(&request);
                Reply::Ok(HistoryReply { history }).into()
            }
            Content::IsCompleteRequest(_)
            | Content::CompleteRequest(_)
            | Content::InspectRequest(_) => return self.ask_hooks(request).await,
            Content::CommOpen(open) => {
                tracing::info!(open.target_name, "no such comm target");
                self.close_comm(parent, open.comm_id);
                return None;
            }
            Content::CommMsg(message) => {
                self.close_comm(parent, message.comm_id);
                return None;
            }
            Content::CommClose(_) => return None,
            Content::DebugRequest(_) => {
                let error = ReplyError::new("NotSupported", "Woozle has no debugger");
                return Content::error_reply("debug_request", error);
            }
            other => return refusal(&other),
        })
    }

    /// On a thread of their own, because they can block and can panic.
    async fn ask_hooks(&self, request: Content) -> Option<Content> {
        let msg_type = request.msg_type().to_owned();
        let hooks = self.hooks.clone();
        let asked = tokio::task::spawn_blocking(move || match request {
            Content::IsCompleteRequest(request) => Some(hooks.is_complete(&request.code).into()),
            Content::CompleteRequest(request) => Some(Reply::Ok(hooks.complete(&request)).into()),
            Content::InspectRequest(request) => Some(Reply::Ok(hooks.inspect(&request)).into()),
            _ => None,
        });
        asked.await.unwrap_or_else(|error| {
            tracing::error!(%error, msg_type, "a request made the kernel panic");
            let error =
                ReplyError::new("InternalError", "the kernel could not answer: it panicked");
            Content::error_reply(&msg_type, error)
        })
    }

    fn close_comm(&self, parent: &Parent, comm_id: String) {
        let data = serde_json::Map::new();
        self.iopub.post(parent, CommClose { comm_id, data });
    }
}

/// The error reply to a request that has no other answer; nothing if it is no request.
fn refusal(content: &Content) -> Option<Content> {
    let msg_type = content.msg_type();
    let error = match content {
        Content::Invalid { problem, .. } => ReplyError::new("InvalidRequest", problem),
        _ => ReplyError::new(
            "NotSupported",
            format!("Woozle has no answer to {msg_type} here"),
        ),
    };
    tracing::warn!(msg_type, error.evalue, "a message is refused");
    Content::error_reply(msg_type, error)
}
