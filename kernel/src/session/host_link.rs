//! The session's link to the host that runs its cells: the process, how it ended, and how another one takes its place.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use woozle::protocol::{Command, Event, ProcessReport};

use super::execution::interrupt::Interrupter;
use super::published::Published;
use super::recovery::checkpoints::Checkpoints;
use crate::host::{Death, FromHost, Host, OutputSink};

/// What the process needs beside what it has, so that a limit leaves room to work.
pub(crate) const HEADROOM: u64 = 64 << 20;

/// The host, and who has to know which one it is.
#[derive(Debug)]
pub(crate) struct HostLink {
    /// The host's program.
    pub(crate) program: PathBuf,
    pub(crate) process: Host,
    /// How the process has ended, as long as nobody has been told.
    pub(crate) death: Option<Death>,
    published: Arc<Published>,
    interrupter: Arc<Interrupter>,
}

impl HostLink {
    /// Starts a host.
    pub(crate) fn start(
        program: &Path,
        published: &Arc<Published>,
        interrupter: &Arc<Interrupter>,
    ) -> Result<Self, String> {
        let process = start(program, &BTreeMap::new(), published)?;
        let link = Self {
            program: program.to_owned(),
            process,
            death: None,
            published: Arc::clone(published),
            interrupter: Arc::clone(interrupter),
        };
        link.announce();
        Ok(link)
    }

    /// Starts a new host in the place of the one that has ended.
    pub(crate) fn restart(&mut self, environment: &BTreeMap<String, String>) -> Result<(), String> {
        let process = start(&self.program, environment, &self.published)?;
        self.replace(process);
        Ok(())
    }

    /// Wakes a copy of the host, which takes its place, without some of its threads. If it stays, another copy sleeps on.
    pub(crate) fn resume(
        &mut self,
        copy: u64,
        stays: bool,
        left_out: &[u64],
    ) -> std::io::Result<()> {
        let sink = Arc::clone(&self.published.router) as Arc<dyn OutputSink>;
        let process = self.process.resume(copy, stays, left_out, sink)?;
        self.replace(process);
        Ok(())
    }

    fn replace(&mut self, process: Host) {
        self.process = process;
        self.death = None;
        self.announce();
    }

    /// Tells interrupts and comms which host it is.
    fn announce(&self) {
        self.interrupter.watch(&self.process);
        self.published.note_host(self.process.sender());
        let debugger = &self.published.debugger;
        debugger.note_process(self.process.id(), self.process.sender());
    }

    pub(crate) fn send(&self, command: Command) {
        self.process.send(command);
    }

    /// Has a library loaded.
    pub(crate) fn load(&self, library: &Path) {
        self.send(Command::Load {
            library: library.to_string_lossy().into_owned(),
        });
    }

    /// Limits what the process may allocate, but to no less than it has: that would end it at once.
    pub(crate) fn limit_memory(&self, limit: u64) {
        let allocated = self.process.allocated().unwrap_or(0);
        let memory = limit.max(allocated + HEADROOM);
        self.send(Command::Limit {
            memory: Some(memory),
        });
    }

    /// Takes in what the host has said since the last cell.
    pub(crate) fn drain_events(&mut self, checkpoints: &mut Checkpoints) {
        while self.death.is_none()
            && let Some(received) = self.process.try_receive()
        {
            self.take_in(received, checkpoints);
        }
    }

    /// Waits until the host has answered all requests for checkpoints, or has ended.
    pub(crate) fn await_checkpoints(&mut self, checkpoints: &mut Checkpoints) {
        while self.death.is_none() && checkpoints.is_pending() {
            let received = self.process.receive();
            self.take_in(received, checkpoints);
        }
    }

    /// Asks the host what its threads do; `None` if it has ended.
    pub(crate) fn await_threads(&mut self, checkpoints: &mut Checkpoints) -> Option<ProcessReport> {
        self.send(Command::Threads { number: None });
        while self.death.is_none() {
            match self.process.receive() {
                FromHost::Event(Event::Threads { report, .. }) => return Some(report),
                received => self.take_in(received, checkpoints),
            }
        }
        None
    }

    /// Takes in what the host says while no cell runs.
    fn take_in(&mut self, received: FromHost, checkpoints: &mut Checkpoints) {
        match received {
            FromHost::Event(Event::Checkpoint { id, made }) => {
                checkpoints.made(id, made, &self.process);
            }
            // No cell runs that could be asked for it.
            FromHost::Event(
                Event::InputRequest { number, .. } | Event::ThreadsRequest { number },
            ) => {
                self.send(Command::Input { number, line: None });
            }
            FromHost::Event(_) => {}
            FromHost::Gone(death) => self.death = Some(death),
        }
    }

    /// Waits for the end of a host that was killed, and says how it ended.
    pub(crate) fn await_death(&self) -> Death {
        loop {
            if let FromHost::Gone(death) = self.process.receive() {
                return death;
            }
        }
    }
}

fn start(
    program: &Path,
    environment: &BTreeMap<String, String>,
    published: &Published,
) -> Result<Host, String> {
    let sink = Arc::clone(&published.router) as Arc<dyn OutputSink>;
    let host = Host::start(program, environment, sink);
    host.map_err(|error| format!("the cell host cannot be started: {error}"))
}
