//! What comes of a run's cells: outputs, numbers, times, each message sorted by its parent.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::kernel::client::Channel;
use super::outputs::Outputs;
use super::screen::Screen;
use crate::wire::content::{Content, ExecuteReply, ExecutionState};
use crate::wire::{Header, Message};

/// The records of all cells of a run, each known by its place among them.
pub(super) struct Records<'a> {
    /// The cell that each request was for, by message id: late output finds its cell by it.
    requests: HashMap<String, usize>,
    cells: Vec<CellRecord>,
    outputs: Outputs,
    /// Outputs are shown as they come.
    pub(super) screen: &'a mut Screen,
}

#[derive(Debug, Clone, Default)]
pub(super) struct CellRecord {
    pub(super) count: Option<u32>,
    /// When the cell's messages were sent, for the metadata `execution`.
    pub(super) times: Map<String, Value>,
}

/// What a message means to the one who waits for a request's end.
pub(super) enum Progress {
    Replied(ExecuteReply),
    Idle,
}

impl<'a> Records<'a> {
    pub(super) fn new(cells: usize, screen: &'a mut Screen) -> Self {
        Self {
            requests: HashMap::new(),
            cells: vec![CellRecord::default(); cells],
            outputs: Outputs::new(cells),
            screen,
        }
    }

    /// The request with this message id is for the cell at `place`.
    pub(super) fn requested(&mut self, id: &str, place: usize) {
        self.requests.insert(id.to_owned(), place);
    }

    /// Takes a message into the records, and tells what it means for the request `current`.
    pub(super) fn add(
        &mut self,
        channel: Channel,
        message: &Message,
        current: &str,
    ) -> Option<Progress> {
        let parent = message.parent_header.as_ref()?;
        let place = *self.requests.get(&parent.msg_id)?;
        let record = self.cells.get_mut(place)?;
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

    /// What there is of the cell at `place`, to be put into the notebook.
    pub(super) fn take(&mut self, place: usize) -> (CellRecord, Vec<Value>) {
        let record = self
            .cells
            .get_mut(place)
            .map(std::mem::take)
            .unwrap_or_default();
        (record, self.outputs.take(place))
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
