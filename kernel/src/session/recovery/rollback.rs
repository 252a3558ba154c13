//! Going on when the host has died, and going back when the user asks for it.
//!
//! Either way the session's state becomes the checkpoint's, as a whole: what commands have set goes back with the variables.

use woozle::protocol::Command;

use super::checkpoints::{Checkpoint, MOST_NAMED};
use super::crash_blame::CrashBlame;
use crate::server::CellContext;
use crate::session::engine::Engine;
use crate::session::report::errors::CellError;

/// A session that goes on after its host has died.
#[derive(Debug)]
pub(crate) struct Recovered {
    /// What it still has, for people.
    pub(crate) left: String,
    /// Whether it has all that there was before the cell that ran, or all that a new process can have.
    pub(crate) is_complete: bool,
}

impl Engine {
    /// Goes on with the newest copy of the host that has died, or with a new host that has all items but no variables.
    /// `last` is the last cell before the one that ran, `moment` when that was, and `stopped` names a thread that does not
    /// go on.
    pub(crate) fn recover(
        &mut self,
        last: u32,
        moment: &str,
        stopped: Option<String>,
        context: &CellContext,
    ) -> Result<Recovered, CellError> {
        let stopped = stopped.map_or_else(String::new, |thread| format!(", but for {thread}"));
        let (previous_cell, last_cell) = (self.state.previous, self.state.last);
        while let Some(checkpoint) = self.checkpoints.take_newest() {
            let after = checkpoint.state.last;
            if !self.resume(checkpoint) {
                continue;
            }
            // The cell has run, though nothing of it is left: `:undo` takes back what it has defined.
            (self.state.previous, self.state.last) = (previous_cell, last_cell);
            let is_complete = after == last;
            let left = if is_complete {
                format!("Variables, statics and threads are as they were {moment}{stopped}")
            } else {
                format!(
                    "The session is as it was after cell [{after}], where the last checkpoint was made{stopped}"
                )
            };
            return Ok(Recovered { left, is_complete });
        }
        let left = self.start_new_host(context)?;
        Ok(Recovered {
            left,
            is_complete: true,
        })
    }

    /// Wakes a copy, which takes the host's place; false if it does not wake. One with a name stays.
    fn resume(&mut self, checkpoint: Checkpoint) -> bool {
        let stopped = self.crash_blame.stopped(checkpoint.id);
        let left_out: Vec<u64> = stopped.map(|stopped| stopped.thread).collect();
        let stays = checkpoint.name.is_some();
        if let Err(error) = self.host.resume(checkpoint.id, stays, &left_out) {
            tracing::warn!(%error, id = checkpoint.id, "a checkpoint does not wake up");
            return false;
        }
        self.checkpoints.forget_unmade(&self.host.process);
        self.restore(checkpoint.state.clone());
        self.checkpoints.go_back_to(checkpoint.id);
        for stopped in self.crash_blame.stopped(checkpoint.id) {
            let (thread, how) = (stopped.thread, stopped.how.clone());
            self.host.send(Command::Crashed { thread, how });
        }
        if stays {
            self.checkpoints.put_back(checkpoint, &self.host.process);
        }
        true
    }

    /// A new host in the place of one that ended, with all items but without variables.
    pub(crate) fn start_new_host(&mut self, context: &CellContext) -> Result<String, CellError> {
        let number = context.execution_count;
        self.checkpoints.clear();
        self.state.has_threads = false;
        let lost = std::mem::take(&mut self.state.scope.variables);
        for name in lost.keys() {
            let reason = format!(
                "`{name}` was lost when the process of cell [{number}] ended; run the cell that makes it again"
            );
            self.state.scope.lost.insert(name.clone(), reason);
        }
        let settings = &self.state.settings;
        let started = self.host.restart(&settings.environment);
        started.map_err(|reason| CellError::kernel(&reason))?;
        context.comms.close_all();
        if let Some(limit) = settings.memory_limit {
            self.host.limit_memory(limit);
        }
        for library in &self.state.libraries {
            self.host.load(library);
        }
        let mut left = "There was no checkpoint, so a new process was started. Functions, types and imports are \
                        still defined, and statics begin anew"
            .to_owned();
        if !lost.is_empty() {
            let names: Vec<String> = lost.keys().map(|name| format!("`{name}`")).collect();
            left.push_str(&format!("; lost are the variables {}", names.join(", ")));
        }
        Ok(left)
    }

    /// `:undo`: goes back to before the last cell.
    pub(crate) fn undo(&mut self) -> Result<String, CellError> {
        let (previous, last) = (self.state.previous, self.state.last);
        self.host.await_checkpoints(&mut self.checkpoints);
        self.crash_blame = CrashBlame::default();
        let checkpoint = self.checkpoints.take_before(last);
        let Some(after) = checkpoint.and_then(|checkpoint| self.go_back_to(checkpoint)) else {
            let names = self.checkpoints.names();
            let mut reason =
                "there is no checkpoint to go back to: only the last cell can be taken back"
                    .to_owned();
            if !names.is_empty() {
                reason.push_str(&format!("; `:rollback NAME` goes back to one of: {names}"));
            }
            return Err(CellError::command(&reason));
        };
        Ok(match after {
            _ if after == previous => format!("the session is as it was before cell [{last}]"),
            // Not each cell has a checkpoint.
            0 => "the session is as it was at its beginning".to_owned(),
            _ => format!("the session is as it was after cell [{after}]"),
        })
    }

    /// `:checkpoint NAME`: keeps a copy of the session as it is now.
    pub(crate) fn keep_checkpoint(&mut self, name: &str) -> Result<String, CellError> {
        let named = self.checkpoints.named();
        let others = named.filter(|(other, ..)| *other != name).count();
        if others >= MOST_NAMED {
            let names = self.checkpoints.names();
            let reason = format!(
                "{others} checkpoints are kept already ({names}); `:rollback NAME` takes one, and `:checkpoint` with its name puts another in its place"
            );
            return Err(CellError::command(&reason));
        }
        self.checkpoints
            .request_named(&self.host.process, &self.state, name);
        self.host.await_checkpoints(&mut self.checkpoints);
        if !self.host.process.has_copy(self.checkpoints.newest()) {
            return Err(CellError::command(&self.why_unmade(name)));
        }
        let list = self.checkpoints.named().map(|(name, after, resident)| {
            format!("{name}: after cell [{after}], {} MB\n", resident >> 20)
        });
        Ok(list.collect())
    }

    /// Why there is no checkpoint of a name that was asked for.
    fn why_unmade(&self, name: &str) -> String {
        let reason = match &self.host.death {
            Some(death) => format!("the session's process ended before it ({death})"),
            None => self.checkpoints.last_failure.clone(),
        };
        format!("the checkpoint `{name}` was not made: {reason}. `:checkpoint {name}` tries again")
    }

    /// `:rollback NAME`: goes back to that copy, which stays.
    pub(crate) fn rollback(&mut self, name: &str) -> Result<String, CellError> {
        self.host.await_checkpoints(&mut self.checkpoints);
        let Some(checkpoint) = self.checkpoints.take_named(name) else {
            let names = self.checkpoints.names();
            let reason = format!("there is no checkpoint `{name}`; there are: {names}");
            return Err(CellError::command(&reason));
        };
        self.crash_blame = CrashBlame::default();
        let Some(after) = self.go_back_to(checkpoint) else {
            let reason = format!(
                "the checkpoint `{name}` is gone: its process has been killed. The session is as it was"
            );
            return Err(CellError::command(&reason));
        };
        Ok(format!("the session is as it was after cell [{after}]"))
    }

    /// Goes back to a checkpoint, and makes one there; gives the last cell before it. `None` if its copy does not wake.
    fn go_back_to(&mut self, checkpoint: Checkpoint) -> Option<u32> {
        let after = checkpoint.state.last;
        if !self.resume(checkpoint) {
            return None;
        }
        self.state.previous = after;
        self.request_checkpoint();
        Some(after)
    }
}
