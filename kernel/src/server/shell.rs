//! The shell channel: cells go to their thread, the rest is answered at once.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use super::Parent;
use super::answers::Answers;
use super::cells::Cells;
use super::channel::{Inbox, Outbox};
use super::control::Ending;
use crate::wire::Content;
use crate::wire::content::ReplyError;

pub(super) async fn serve(
    mut inbox: Inbox,
    outbox: Outbox,
    cells: Cells,
    answers: Arc<Answers>,
    ending: Ending,
    mut fence_wanted: mpsc::UnboundedReceiver<oneshot::Sender<()>>,
) {
    loop {
        tokio::select! {
            // Messages first: a fence may stand only behind all that has arrived.
            biased;
            message = inbox.next() => {
                let Some(message) = message else { return };
                if let Err(error) = answers.subshells.check(message.header.subshell_id()) {
                    answers.refuse(&message, error, &outbox);
                    continue;
                }
                match message.content {
                    // Subshells are made and ended on control.
                    Content::CreateSubshellRequest(_)
                    | Content::DeleteSubshellRequest(_)
                    | Content::ListSubshellRequest(_) => {
                        let error = ReplyError::new("NotSupported", "this belongs on control");
                        answers.refuse(&message, error, &outbox);
                    }
                    Content::ExecuteRequest(ref request) => {
                        cells.execute(Parent::of(&message), request.clone());
                    }
                    Content::ShutdownRequest(ref request) => {
                        ending.request(&message, request.restart, &outbox);
                    }
                    _ => answers.take(message, &outbox).await,
                }
            }
            Some(raised) = fence_wanted.recv() => {
                cells.fence();
                let _ = raised.send(()); // nobody waits for it if the kernel ends
            }
        }
    }
}
