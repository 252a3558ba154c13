//! Going on when the host has died, and going back when the user asks for it.

use std::path::Path;
use std::sync::Arc;

use woozle::protocol::{Command, Event};

use crate::host::{FromHost, Outlet};
use crate::server::CellContext;
use crate::session::execution::run::{Work, start_host};
use crate::session::recovery::checkpoints::Checkpoint;
use crate::session::recovery::crash_blame::BroughtDown;
use crate::session::report::errors;
use crate::wire::content::ReplyError;

impl Work {
    /// Makes a checkpoint of how the session is now.
    pub(crate) fn request_checkpoint(&mut self) {
        self.checkpoints
            .request(&self.host, &self.scope, &self.libraries, self.last);
    }

    /// Goes on with the newest copy of the host that has died, or with a new host that has all items but no variables. Says
    /// what is left, and whether that is all there was. `last` is the last cell before the one that ran, `moment` when that
    /// was, and `stopped` names a thread that does not go on.
    pub(crate) fn go_on(
        &mut self,
        last: u32,
        moment: &str,
        stopped: Option<String>,
        context: &CellContext,
    ) -> Result<(String, bool), ReplyError> {
        let stopped = stopped.map_or_else(String::new, |thread| format!(", but for {thread}"));
        while let Some(checkpoint) = self.checkpoints.take_newest() {
            let after = checkpoint.after;
            if self.resume(checkpoint, true) {
                return Ok(if after == last {
                    let left = format!(
                        "Variables, statics and threads are as they were {moment}{stopped}"
                    );
                    (left, true)
                } else {
                    let left = format!(
                        "The session is as it was after cell [{after}], where the last checkpoint was made{stopped}"
                    );
                    (left, false)
                });
            }
        }
        Ok((self.begin_anew(context)?, true))
    }

    /// Wakes a copy, which takes the host's place; false if it does not wake. One with a name stays. With `all` it gets the items
    /// of all cells, else only those from before the checkpoint.
    fn resume(&mut self, checkpoint: Checkpoint, all: bool) -> bool {
        let outlet = Arc::clone(&self.outlet) as Arc<dyn Outlet>;
        let stopped = self.brought_down.stopped(checkpoint.id);
        let stopped: Vec<u64> = stopped.map(|stopped| stopped.thread).collect();
        let stays = checkpoint.name.is_some();
        let host = match self.host.resume(checkpoint.id, stays, &stopped, outlet) {
            Ok(host) => host,
            Err(error) => {
                tracing::warn!(%error, id = checkpoint.id, "a checkpoint does not wake up");
                return false;
            }
        };
        self.host = host;
        self.gone = None;
        self.checkpoints.forget_requests();
        self.interrupter.watch(&self.host);
        self.shared.note_host(self.host.sender());
        self.scope = checkpoint.scope.clone();
        self.limit_again();
        self.checkpoints.go_back_to(checkpoint.id);
        for stopped in self.brought_down.stopped(checkpoint.id) {
            let (thread, how) = (stopped.thread, stopped.did.clone());
            self.host.send(Command::Crashed { thread, how });
        }
        if all {
            let newer = self.libraries.iter().skip(checkpoint.libraries.len());
            newer.for_each(|library| load(&self.host, library));
        } else {
            self.libraries.clone_from(&checkpoint.libraries);
            (self.previous, self.last) = (checkpoint.after, checkpoint.after);
        }
        if stays {
            self.checkpoints.put_back(checkpoint, &self.host);
        }
        true
    }

    /// A new host in the place of one that ended, with all items but without variables.
    pub(crate) fn begin_anew(&mut self, context: &CellContext) -> Result<String, ReplyError> {
        let number = context.execution_count;
        self.checkpoints.clear();
        let lost = std::mem::take(&mut self.scope.variables);
        for name in lost.keys() {
            let reason = format!(
                "`{name}` was lost when the process of cell [{number}] ended; run the cell that makes it again"
            );
            self.scope.lost.insert(name.clone(), reason);
        }
        match start_host(&self.runtime, &self.outlet, &self.environment) {
            Ok(host) => self.host = host,
            Err(reason) => return Err(errors::error("kernel", &reason)),
        }
        self.gone = None;
        self.interrupter.watch(&self.host);
        self.shared.note_host(self.host.sender());
        context.comms.close_all();
        self.limit_again();
        self.libraries
            .iter()
            .for_each(|library| load(&self.host, library));
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
    pub(crate) fn undo(&mut self) -> Result<String, ReplyError> {
        let (previous, last) = (self.previous, self.last);
        self.settle_checkpoints();
        self.brought_down = BroughtDown::default();
        let checkpoint = self.checkpoints.take_before(last);
        let after = checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.after);
        if !checkpoint.is_some_and(|checkpoint| self.resume(checkpoint, false)) {
            let names = self.checkpoints.names();
            let mut reason =
                "there is no checkpoint to go back to: only the last cell can be taken back"
                    .to_owned();
            if !names.is_empty() {
                reason.push_str(&format!(
                    "; `:rollback NAME` goes back to one of: {}",
                    names
                ));
            }
            return Err(errors::error("command", &reason));
        }
        self.request_checkpoint();
        Ok(match after {
            _ if after == previous => format!("the session is as it was before cell [{last}]"),
            // Not each cell has a checkpoint.
            0 => "the session is as it was at its beginning".to_owned(),
            _ => format!("the session is as it was after cell [{after}]"),
        })
    }

    /// `:checkpoint NAME`: keeps a copy of the session as it is now.
    pub(crate) fn keep_checkpoint(&mut self, name: &str) -> Result<String, ReplyError> {
        let taken = self
            .checkpoints
            .named()
            .filter(|(other, ..)| *other != name)
            .count();
        if taken >= crate::session::recovery::checkpoints::NAMED {
            let names = self.checkpoints.names();
            let reason = format!(
                "{taken} checkpoints are kept already ({}); `:rollback NAME` takes one, and `:checkpoint` with its name puts another in its place",
                names
            );
            return Err(errors::error("command", &reason));
        }
        self.keep(name);
        self.settle_checkpoints();
        let list = self.checkpoints.named().map(|(name, after, resident)| {
            format!("{name}: after cell [{after}], {} MB\n", resident >> 20)
        });
        Ok(list.collect())
    }

    /// `:rollback NAME`: goes back to that copy, which stays.
    pub(crate) fn rollback(&mut self, name: &str) -> Result<String, ReplyError> {
        self.settle_checkpoints();
        let Some(checkpoint) = self.checkpoints.take_named(name) else {
            let names = self.checkpoints.names();
            let reason = format!("there is no checkpoint `{name}`; there are: {}", names);
            return Err(errors::error("command", &reason));
        };
        let after = checkpoint.after;
        self.brought_down = BroughtDown::default();
        if !self.resume(checkpoint, false) {
            let reason = format!(
                "the checkpoint `{name}` is gone: its process has been killed. The session is as it was"
            );
            return Err(errors::error("command", &reason));
        }
        self.request_checkpoint();
        Ok(format!("the session is as it was after cell [{after}]"))
    }

    /// Asks for a copy of the session as it is now, under a name.
    fn keep(&mut self, name: &str) {
        self.checkpoints
            .name(&self.host, &self.scope, &self.libraries, self.last, name);
    }

    /// Waits until the host has answered all requests for checkpoints.
    fn settle_checkpoints(&mut self) {
        while self.checkpoints.is_pending() {
            match self.host.receive() {
                FromHost::Event(Event::Checkpoint { id, made }) => {
                    self.checkpoints.made(id, made, &self.host);
                }
                FromHost::Event(_) => {}
                FromHost::Gone(_) => return,
            }
        }
    }
}

fn load(host: &crate::host::Host, library: &Path) {
    host.send(Command::Load {
        library: library.to_string_lossy().into_owned(),
    });
}
