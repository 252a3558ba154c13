//! Checkpoints: where a session can go back to, because a copy of its host sleeps there.
//!
//! One is made after every cell. Those with a name stay until another one gets the name, whether the session goes back
//! beyond them (by `:undo`, `:rollback` or a crash) or not. A crash goes back to none that lies beside the session's
//! past. While the user's threads live, what they change counts too, so
//! there is another one before the next cell; it is made while rustc compiles. A process that is slow to copy gets fewer
//! of them, so that they never cost more than a small part of the time.

use std::time::{Duration, Instant};

use woozle::protocol::{Command, Copied};

use crate::host::Host;
use crate::session::magics::timing::phases::log_copy;
use crate::session::state::SessionState;

/// What a checkpoint may cost before it is made less often.
const CHEAP: Duration = Duration::from_millis(25);
/// After a costly one the next may come when so many times its cost has passed.
const REST: u32 = 20;
/// Above this, one copy is kept and not two.
const LARGE: u64 = 256 << 20;
/// Checkpoints with names, at most.
pub(crate) const MOST_NAMED: usize = 4;

/// A point that the session can go back to.
#[derive(Debug, Clone)]
pub(crate) struct Checkpoint {
    pub(crate) id: u64,
    /// What the session had come to. Its last cell is the one that the checkpoint was made after.
    pub(crate) state: SessionState,
    pub(crate) name: Option<String>,
    /// Whether the session has come from there to where it is now. After it has gone back, a named one may lie beside.
    is_past: bool,
    resident: u64,
}

/// The points that a session can go back to.
#[derive(Debug, Default)]
pub(crate) struct Checkpoints {
    /// Oldest first.
    all: Vec<Checkpoint>,
    last_id: u64,
    /// No other one until then.
    rest_until: Option<Instant>,
    /// Requests that the host has not answered.
    pending: usize,
    /// What the user has to hear.
    notes: Vec<String>,
    told: bool,
    /// Why the last one that could not be made was not.
    pub(crate) last_failure: String,
}

impl Checkpoints {
    /// Asks the host for a copy, unless the last one was costly and not long ago.
    pub(crate) fn request(&mut self, host: &Host, state: &SessionState) {
        if self.rest_until.is_none_or(|until| Instant::now() >= until) {
            self.add(host, state, None);
        }
    }

    /// Asks for one that is kept under a name.
    pub(crate) fn request_named(&mut self, host: &Host, state: &SessionState, name: &str) {
        self.all.retain(|other| other.name.as_deref() != Some(name));
        self.add(host, state, Some(name.to_owned()));
    }

    fn add(&mut self, host: &Host, state: &SessionState, name: Option<String>) {
        self.last_id += 1;
        self.all.push(Checkpoint {
            id: self.last_id,
            state: state.clone(),
            name,
            is_past: true,
            resident: 0,
        });
        self.pending += 1;
        host.send(Command::Checkpoint { id: self.last_id });
    }

    /// Whether the host has requests to answer.
    pub(crate) fn is_pending(&self) -> bool {
        self.pending > 0
    }

    /// The host that was asked is gone, so of those that were asked for there are those of which there is a copy.
    pub(crate) fn forget_unmade(&mut self, host: &Host) {
        self.pending = 0;
        self.all.retain(|checkpoint| host.has_copy(checkpoint.id));
    }

    /// Takes note of a copy that has been made, or not, and ends those that are not needed any more.
    pub(crate) fn made(&mut self, id: u64, made: Result<Copied, String>, host: &Host) {
        self.pending = self.pending.saturating_sub(1);
        match made {
            Ok(copied) => self.note_copy(id, &copied),
            Err(reason) => self.note_failure(id, &reason),
        }
        self.prune(host);
    }

    fn note_copy(&mut self, id: u64, copied: &Copied) {
        log_copy(copied);
        let Copied {
            microseconds,
            threads,
            resident,
            ..
        } = *copied;
        tracing::debug!(microseconds, threads, resident, "checkpoint");
        let cost = Duration::from_micros(microseconds);
        if cost > CHEAP {
            self.rest_until = Some(Instant::now() + cost * REST);
            self.tell_once(format!(
                "a checkpoint of this session takes {} ms now, for {} MB; there will be \
                 fewer of them, so a crash may take back more than one cell",
                cost.as_millis(),
                resident >> 20
            ));
        }
        if let Some(checkpoint) = self.all.iter_mut().find(|c| c.id == id) {
            checkpoint.resident = resident;
        }
    }

    fn note_failure(&mut self, id: u64, reason: &str) {
        self.all.retain(|checkpoint| checkpoint.id != id);
        reason.clone_into(&mut self.last_failure);
        let back = match self.all.last().map(|last| last.state.last) {
            Some(0) => "would take the session back to its beginning".to_owned(),
            Some(cell) => format!("would take the session back to after cell [{cell}]"),
            None => "would lose the variables".to_owned(),
        };
        self.tell_once(format!(
            "no checkpoint could be made ({reason}); a crash {back}"
        ));
    }

    fn prune(&mut self, host: &Host) {
        let unnamed = |c: &&Checkpoint| c.name.is_none();
        let large = self.all.last().is_some_and(|last| last.resident > LARGE);
        let most = if large { 1 } else { 2 };
        let surplus = self.all.iter().filter(unnamed).count().saturating_sub(most);
        let old: Vec<u64> = self
            .all
            .iter()
            .filter(unnamed)
            .take(surplus)
            .map(|c| c.id)
            .collect();
        self.all.retain(|checkpoint| !old.contains(&checkpoint.id));
        host.keep_copies(&self.all.iter().map(|c| c.id).collect::<Vec<_>>());
    }

    fn tell_once(&mut self, note: String) {
        if !std::mem::replace(&mut self.told, true) {
            self.notes.push(note);
        }
    }

    /// What the user has to hear, once.
    pub(crate) fn take_notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }

    /// The number of the newest one that was asked for.
    pub(crate) fn newest(&self) -> u64 {
        self.last_id
    }

    /// Takes out the newest checkpoint that the session has come by; the others stay.
    pub(crate) fn take_newest(&mut self) -> Option<Checkpoint> {
        let at = self.all.iter().rposition(|c| c.is_past)?;
        Some(self.all.remove(at))
    }

    /// Takes out the newest checkpoint from before the cell with this execution count.
    pub(crate) fn take_before(&mut self, cell: u32) -> Option<Checkpoint> {
        let is_before = |c: &Checkpoint| c.is_past && c.state.last < cell && c.name.is_none();
        let at = self.all.iter().rposition(is_before)?;
        Some(self.all.remove(at))
    }

    /// The session has gone back to the checkpoint with this number, so what came after it is not its past any more. Only
    /// those with a name can still be gone to.
    pub(crate) fn go_back_to(&mut self, id: u64) {
        self.all.retain(|c| c.id < id || c.name.is_some());
        for checkpoint in &mut self.all {
            checkpoint.is_past &= checkpoint.id < id;
        }
    }

    /// Takes a checkpoint back in that the session has gone to, and that stays.
    pub(crate) fn put_back(&mut self, mut checkpoint: Checkpoint, host: &Host) {
        if host.has_copy(checkpoint.id) {
            checkpoint.is_past = true;
            let at = self.all.partition_point(|other| other.id < checkpoint.id);
            self.all.insert(at, checkpoint);
        } else if let Some(name) = checkpoint.name {
            self.notes.push(format!(
                "the checkpoint `{name}` could not be kept: the system has no room for another copy of the session; \
                 `:checkpoint {name}` tries again"
            ));
        }
    }

    /// Takes out the checkpoint of this name.
    pub(crate) fn take_named(&mut self, name: &str) -> Option<Checkpoint> {
        let at = self
            .all
            .iter()
            .position(|c| c.name.as_deref() == Some(name))?;
        Some(self.all.remove(at))
    }

    /// The names, with the memory that the session had.
    pub(crate) fn named(&self) -> impl Iterator<Item = (&str, u32, u64)> {
        let named = |c: &'_ Checkpoint| c.name.is_some();
        self.all.iter().filter(move |c| named(c)).map(|c| {
            (
                c.name.as_deref().unwrap_or_default(),
                c.state.last,
                c.resident,
            )
        })
    }

    /// The names alone, for people.
    pub(crate) fn names(&self) -> String {
        let names: Vec<&str> = self.named().map(|(name, ..)| name).collect();
        names.join(", ")
    }

    /// Forgets all; the host that had them is gone for good.
    pub(crate) fn clear(&mut self) {
        self.all.clear();
        self.pending = 0;
    }
}
