//! Cells that are answered while another one runs.

use std::sync::Arc;
use std::time::Duration;

use super::Parent;
use super::answers::Answers;
use super::channels::socket::Outbox;
use super::queue::Cells;
use crate::wire::content::{
    ExecuteOk, ExecuteReply, ExecuteRequest, ExecutionState, Reply, StreamName,
};

/// When a cell has been running for so long, who asks does not mean to wait for its end. Of the cells of a notebook that is run as a
/// whole, none comes so late.
const A_WHILE: Duration = Duration::from_secs(1);

/// Runs a cell: in its turn, or at once if it can be answered while another one runs, and that does so for a while.
pub(super) fn execute(
    parent: Parent,
    request: ExecuteRequest,
    cells: &Cells,
    answers: &Arc<Answers>,
    outbox: &Outbox,
) {
    let is_late = cells.has_run_for(A_WHILE);
    let text = is_late.then(|| answers.hooks.beside(&request.code));
    let Some(text) = text.flatten() else {
        return cells.execute(parent, request);
    };
    let (cells, answers, outbox) = (cells.clone(), answers.clone(), outbox.clone());
    tokio::spawn(async move {
        match cells.while_running(text).await {
            Some(text) => tell(&parent, &request, &text, (&cells, &answers, &outbox)),
            None => cells.execute(parent, request), // now it has its turn
        }
    });
}

/// Answers a cell that prints this, and does no more.
fn tell(
    parent: &Parent,
    request: &ExecuteRequest,
    text: &str,
    (cells, answers, outbox): (&Cells, &Answers, &Outbox),
) {
    let iopub = &answers.iopub;
    iopub.post_status(parent, ExecutionState::Busy);
    let execution_count = cells.announce(parent, request);
    if !request.silent {
        iopub.stream(parent, StreamName::Stdout, text.as_bytes());
        iopub.flush(parent);
    }
    let reply = ExecuteReply {
        execution_count: Some(execution_count),
        outcome: Reply::Ok(ExecuteOk::default()),
    };
    outbox.reply(parent, reply);
    iopub.post_status(parent, ExecutionState::Idle);
    cells.repeat_busy();
}
