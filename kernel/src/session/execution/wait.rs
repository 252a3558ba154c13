//! Waiting for a cell: until it has ended, or its host has.

use std::path::Path;

use woozle::protocol::{Command, Event, Outcome, Recorded, Stored, Timing};

use crate::host::{Death, FromHost};
use crate::server::{Answer, CellContext};
use crate::session::engine::Engine;
use crate::session::output::notes::print_note;
use crate::session::report::deadlock;
use crate::session::report::errors::CellError;

/// How the host came back from a cell.
pub(crate) struct Finished {
    pub(crate) outcome: Outcome,
    /// The variables that it has kept.
    pub(crate) stored: Vec<Stored>,
    /// How many threads that work for it were not waited for.
    pub(crate) unsettled: usize,
    /// How many threads of the user's are alive.
    pub(crate) threads: usize,
    pub(crate) timing: Timing,
    /// What the processes did, if that was recorded.
    pub(crate) recorded: Vec<Recorded>,
}

/// How the host ended.
pub(crate) struct HostEnd {
    pub(crate) death: Death,
    /// Whether something of the cell may have happened before.
    pub(crate) has_begun: bool,
}

impl Engine {
    /// Waits until the cell has ended, or its host has (then it says how).
    pub(crate) fn wait(
        &mut self,
        serial: u32,
        library: &Path,
        context: &CellContext,
    ) -> Result<Result<Finished, HostEnd>, CellError> {
        let mut has_begun = false;
        let mut parts = Vec::new();
        loop {
            match self.host.process.receive() {
                FromHost::Event(Event::Done {
                    cell,
                    outcome,
                    stored,
                    unsettled,
                    threads,
                    timing,
                }) if cell == serial => {
                    return Ok(Ok(Finished {
                        outcome,
                        stored,
                        unsettled,
                        threads,
                        timing,
                        recorded: parts,
                    }));
                }
                FromHost::Event(Event::Recorded { cell, recorded }) if cell == serial => {
                    parts.push(recorded);
                }
                FromHost::Event(Event::InputRequest {
                    number,
                    prompt,
                    password,
                    ..
                }) => {
                    self.ask(number, &prompt, password, context);
                }
                FromHost::Event(Event::LoadFailed {
                    library: failed,
                    reason,
                }) if Path::new(&failed) == library => {
                    return Err(CellError::new(
                        "load",
                        &format!("the compiled cell cannot be loaded: {reason}"),
                    ));
                }
                FromHost::Event(Event::Checkpoint { id, made }) => {
                    self.checkpoints.made(id, made, &self.host.process);
                }
                FromHost::Event(Event::Deadlock {
                    cell,
                    all,
                    threads,
                    maps,
                }) if cell == serial => {
                    let router = &*self.published.router;
                    let text = deadlock::text(all, &threads, &maps, &self.compiler, router);
                    print_note(context, &text);
                }
                FromHost::Event(Event::ThreadsRequest { number }) => {
                    let number = Some(number);
                    self.host.send(Command::Threads { number });
                }
                FromHost::Event(Event::Threads { number, report }) => {
                    self.tell_threads(number, &report);
                }
                FromHost::Event(Event::Begun { cell }) if cell == serial => has_begun = true,
                FromHost::Event(_) => {}
                FromHost::Gone(death) => return Ok(Err(HostEnd { death, has_begun })),
            }
        }
    }

    /// Asks the user for a line. The host may die before there is an answer, so nobody waits here.
    fn ask(&self, number: u64, prompt: &str, password: bool, context: &CellContext) {
        // Asked at once, so that whoever ends the asking when the cell ends does not come before.
        let (answer, host) = (context.ask(prompt, password), self.host.process.sender());
        let answer = move || {
            let line = answer.and_then(Answer::wait).ok();
            let _ = host.send(Command::Input { number, line });
        };
        let thread = std::thread::Builder::new().name("input".into());
        if let Err(error) = thread.spawn(answer) {
            tracing::warn!(%error, "nobody can be asked for input");
            self.host.send(Command::Input { number, line: None });
        }
    }
}
