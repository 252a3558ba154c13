//! Who has asked what the threads do, while a cell runs.

use std::sync::Mutex;

use tokio::sync::oneshot;

use crate::system::lock::LockUnpoisoned as _;

/// Those who wait for an answer. They are answered by what waits for that cell.
#[derive(Debug, Default)]
pub(crate) struct Asked(Mutex<Vec<oneshot::Sender<String>>>);

impl Asked {
    /// Notes somebody; the text comes when the host has answered.
    pub(crate) fn note(&self) -> oneshot::Receiver<String> {
        let (sender, receiver) = oneshot::channel();
        self.0.lock_unpoisoned().push(sender);
        receiver
    }

    pub(crate) fn answer(&self, text: &str) {
        for asked in self.0.lock_unpoisoned().drain(..) {
            let _ = asked.send(text.to_owned()); // who has waited may be gone
        }
    }

    /// Whether somebody still waits.
    pub(crate) fn is_wanted(&self) -> bool {
        let mut asked = self.0.lock_unpoisoned();
        asked.retain(|asked| !asked.is_closed());
        !asked.is_empty()
    }
}
