//! Subshells: lines of requests on the shell channel beside the kernel's own.
//!
//! All requests but cells are answered at once in any case. Cells run one after another, whichever
//! subshell they come from; a failing cell aborts what is queued in its own subshell only.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::wire::content::{ListSubshellReply, ReplyError};

#[derive(Debug, Default)]
pub(super) struct Subshells(Mutex<BTreeSet<String>>);

impl Subshells {
    pub(super) fn create(&self) -> String {
        let id = uuid::Uuid::new_v4().to_string();
        self.lock().insert(id.clone());
        id
    }

    pub(super) fn delete(&self, id: &str) -> Result<(), ReplyError> {
        if self.lock().remove(id) {
            Ok(())
        } else {
            Err(unknown(id))
        }
    }

    pub(super) fn list(&self) -> ListSubshellReply {
        let subshell_id = self.lock().iter().cloned().collect();
        ListSubshellReply { subshell_id }
    }

    /// Checks the subshell that a request is for.
    pub(super) fn check(&self, id: Option<&str>) -> Result<(), ReplyError> {
        match id {
            Some(id) if !self.lock().contains(id) => Err(unknown(id)),
            _ => Ok(()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unknown(id: &str) -> ReplyError {
    ReplyError::new("SubshellNotFound", format!("there is no subshell {id:?}"))
}
