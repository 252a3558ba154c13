//! The shell channel: cells go to their thread, the rest is answered at once.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use crate::server::Parent;
use crate::server::answers::{Answers, NO_SUBSHELLS};
use crate::server::beside;
use crate::server::channels::control::Ending;
use crate::server::channels::socket::{Inbox, Outbox};
use crate::server::queue::Cells;
use crate::wire::Content;
use crate::wire::content::ReplyError;

pub(in crate::server) async fn serve(
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
                if message.header.subshell_id().is_some() {
                    let error = ReplyError::new("SubshellNotFound", NO_SUBSHELLS);
                    answers.refuse(&message, error, &outbox);
                    continue;
                }
                match message.content {
                    Content::ExecuteRequest(ref request) => {
                        let parent = Parent::of(&message);
                        beside::execute(parent, request.clone(), &cells, &answers, &outbox);
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
