//! What the threads do: for `:threads`, also while a cell runs, and for code that asks.

use woozle::protocol::{Command, ThreadReport};

use crate::session::engine::Engine;
use crate::session::report::threads;

impl Engine {
    /// Tells who has asked what the threads do.
    pub(crate) fn tell_threads(&self, number: Option<u64>, reports: &[ThreadReport], maps: &str) {
        let asked = &self.published.asked_for_threads;
        if let Some(number) = number {
            let text = self.threads_shown(reports, maps);
            let line = Some(text.trim_end().to_owned());
            self.host.send(Command::Input { number, line });
        } else if asked.is_wanted() {
            asked.answer(&self.threads_shown(reports, maps));
        }
    }

    /// What the threads do, between two cells.
    pub(crate) fn threads(&mut self) -> Option<String> {
        let (reports, maps) = self.host.await_threads(&mut self.checkpoints)?;
        Some(self.threads_shown(&reports, &maps))
    }

    fn threads_shown(&self, reports: &[ThreadReport], maps: &str) -> String {
        threads::text(reports, maps, &self.compiler, &*self.published.router)
    }
}
