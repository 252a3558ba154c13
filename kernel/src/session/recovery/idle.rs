//! What the host does between two cells: copies that have been made, and threads that end it.

use woozle::protocol::crash::POOLS;
use woozle::protocol::{Command, Event};

use crate::host::{Death, FromHost};
use crate::server::CellContext;
use crate::session::execution::run::Work;
use crate::session::output::notes::note_on;
use crate::session::report::errors;

impl Work {
    /// Takes note of what the host has said since the last cell.
    pub(crate) fn hear(&mut self) {
        while self.gone.is_none()
            && let Some(heard) = self.host.try_receive()
        {
            match heard {
                FromHost::Event(Event::Checkpoint { id, made }) => {
                    self.checkpoints.made(id, made, &self.host);
                }
                // No cell runs that could be asked for it.
                FromHost::Event(Event::InputRequest { number, .. }) => {
                    self.host.send(Command::Input { number, line: None });
                }
                FromHost::Event(_) => {}
                FromHost::Gone(death) => self.gone = Some(death),
            }
        }
    }

    /// To be called as soon as the host has ended while no cell ran. If a thread has brought it down, that is told now.
    /// Of everything else the next cell tells: nobody waits for it, and it could come again at once.
    pub(crate) fn attend(&mut self, context: &CellContext) {
        self.hear();
        self.part_with_thread(context);
        self.shared.publish(&self.scope, &self.dependencies);
    }

    /// As [`attend`](Self::attend), before a cell.
    pub(crate) fn attend_host(&mut self, context: &CellContext) {
        self.hear();
        self.part_with_thread(context);
        if let Some(death) = self.gone.take() {
            let note = match self.go_on(self.last, "after the last cell", None, context) {
                Ok((left, _)) => {
                    format!("the session's process ended between two cells ({death}). {left}")
                }
                Err(error) => error.evalue,
            };
            note_on(context, &note);
            self.request_checkpoint();
        }
    }

    /// If a thread has ended the host, goes on without it, and tells so in the cell that started it. A pool cannot do
    /// without its thread: that one comes back, the first time.
    fn part_with_thread(&mut self, context: &CellContext) {
        let by_thread = |death: &mut Death| {
            let crash = death.crash.as_ref();
            crash.is_some_and(|crash| !crash.on_main)
        };
        let Some(death) = self.gone.take_if(by_thread) else {
            return;
        };
        let crashed = self.look_into(&death);
        let cell = death.crash.as_ref().map_or(POOLS, |crash| crash.cell);
        let did = errors::what_it_did(&death, &crashed, &self.compiler.cells);
        let newest = self.checkpoints.newest();
        let stopped = match cell {
            POOLS => self.brought_down.blame(&death, did, newest),
            _ => self.brought_down.stop(&death, did, newest),
        };
        let last = self.last_serial.unwrap_or(0);
        let cell = self.outlet.number(cell).map_or(last, |_| cell);
        let text = match self.go_on(self.last, "after the last cell", stopped, context) {
            Ok((left, _)) => errors::crashed_between(&crashed, &left, &self.compiler.cells),
            Err(error) => error.evalue,
        };
        self.outlet.tell(cell, &format!("{text}\n"));
        self.request_checkpoint();
    }
}
