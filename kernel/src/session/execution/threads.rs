//! What the threads do: for `:threads`, also while a cell runs, and for code that asks.

use woozle::protocol::{Command, ProcessReport};

use crate::session::engine::Engine;
use crate::session::report::threads;

impl Engine {
    /// Tells who has asked what the threads do.
    pub(crate) fn tell_threads(&self, number: Option<u64>, report: &ProcessReport) {
        let asked = &self.published.asked_for_threads;
        if let Some(number) = number {
            let text = self.threads_shown(report);
            let line = Some(text.trim_end().to_owned());
            self.host.send(Command::Input { number, line });
        } else if asked.is_wanted() {
            asked.answer(&self.threads_shown(report));
        }
    }

    /// What the threads do, between two cells.
    pub(crate) fn threads(&mut self) -> Option<String> {
        let report = self.host.await_threads(&mut self.checkpoints)?;
        Some(self.threads_shown(&report))
    }

    fn threads_shown(&self, report: &ProcessReport) -> String {
        threads::text(report, &self.compiler, &*self.published.router)
    }
}
