//! A host that ends while no cell runs: by a thread of the user's, or from outside.

use woozle::protocol::crash::CURRENT_CELL;

use super::crash_blame::crashed_off_main;
use crate::server::CellContext;
use crate::session::engine::Engine;
use crate::session::output::notes::print_note;
use crate::session::report::crash;

impl Engine {
    /// To be called as soon as the host has ended while no cell ran. If a thread has crashed, that is told now. Of
    /// everything else the next cell tells: nobody waits for it, and it could come again at once.
    pub(crate) fn on_host_exit(&mut self, context: &CellContext) {
        self.drain_host_events();
        self.recover_from_thread(context);
        self.publish();
    }

    /// Before a cell: sees to it that there is a host, and that a crash takes nothing back that came before.
    pub(crate) fn prepare(&mut self, context: &CellContext) {
        self.ensure_host(context);
        if self.state.has_threads {
            // They have gone on since the last checkpoint.
            self.request_checkpoint();
        }
    }

    /// Sees to it that there is a host.
    pub(crate) fn ensure_host(&mut self, context: &CellContext) {
        self.drain_host_events();
        self.recover_from_thread(context);
        if let Some(death) = self.host.death.take() {
            let last = self.state.last;
            let note = match self.recover(last, "after the last cell", None, context) {
                Ok(recovered) => format!(
                    "the session's process ended between two cells ({death}). {}",
                    recovered.left
                ),
                Err(error) => error.message,
            };
            print_note(context, &note);
            self.request_checkpoint();
        }
    }

    /// If a thread has crashed the host, goes on without it, and tells so in the cell that started it. A pool cannot do
    /// without its thread: that one comes back, the first time.
    fn recover_from_thread(&mut self, context: &CellContext) {
        let Some(death) = self.host.death.take_if(|death| crashed_off_main(death)) else {
            return;
        };
        let report = self.crash_report(&death);
        let cell = death
            .crash
            .as_ref()
            .map_or(CURRENT_CELL, |crash| crash.cell);
        let how = crash::thread_crashed(&death, &report, &self.compiler.cells);
        let newest = self.checkpoints.newest();
        let stopped = match cell {
            CURRENT_CELL => self.crash_blame.blame(&death, how, newest),
            _ => self.crash_blame.stop(&death, how, newest),
        };
        let last_serial = self.last_compiled.serial.unwrap_or(0);
        let router = &self.published.router;
        let cell = router.execution_count(cell).map_or(last_serial, |_| cell);
        let last = self.state.last;
        let text = match self.recover(last, "after the last cell", stopped, context) {
            Ok(recovered) => {
                let cells = &self.compiler.cells;
                crash::crashed_between_cells(&report, &recovered.left, cells)
            }
            Err(error) => error.message,
        };
        self.published.router.print(cell, &format!("{text}\n"));
        self.request_checkpoint();
    }
}
