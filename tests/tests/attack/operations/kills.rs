//! Processes of the session that are killed from outside, between cells or while one runs.

#![expect(
    clippy::disallowed_methods,
    reason = "the moment of an attack is a time"
)]

use std::thread::sleep;

use crate::attack::answer::{Back, back, text};
use crate::attack::part::QUIET;
use crate::attack::session::{Attack, Step, ensure};
use crate::support::{Watched, with_variable};

/// What the tally calls them, and what they are named.
const HOST: (&str, &str) = ("host", "woozle-host");
const COPY: (&str, &str) = ("copy", "woozle-asleep");
const FORKSERVER: (&str, &str) = ("forkserver", "woozle-forksrv");
const WORKER: (&str, &str) = ("worker", "woozle-worker");
const RUSTC: (&str, &str) = ("rustc", "rustc");

impl Attack {
    fn processes(&self, kind: (&str, &str)) -> Vec<Watched> {
        let mut all = with_variable(&self.mark);
        all.retain(|process| process.name == kind.1);
        all.sort_by_key(|process| process.id);
        all
    }

    fn kill(&mut self, kind: (&'static str, &str), which: &[Watched]) {
        self.note(format!("  killed: {} × {}", which.len(), kind.0));
        self.tally.kill(kind.0, which.len());
        which.iter().for_each(Watched::kill);
        for process in which {
            process.ends();
        }
    }

    fn kill_all(&mut self, kind: (&'static str, &str)) {
        let all = self.processes(kind);
        self.kill(kind, &all);
    }

    /// One of them, or all.
    fn kill_some(&mut self, kind: (&'static str, &str)) {
        // Drawn in any case, so that what comes next does not depend on how many there are.
        let (is_one, which) = (self.numbers.chance(60), self.numbers.below(1000));
        let mut all = self.processes(kind);
        if is_one && !all.is_empty() {
            all = vec![all.swap_remove(which % all.len())];
        }
        self.kill(kind, &all);
    }

    pub(in crate::attack) fn kill_host(&mut self) -> Step {
        self.kill_all(HOST);
        self.compare_with_last()?;
        self.tools()
    }

    /// The next cell makes another copy before it runs, since there are threads.
    pub(in crate::attack) fn kill_copies(&mut self) -> Step {
        self.kill_some(COPY);
        self.named
            .values_mut()
            .for_each(|(_, doubtful)| *doubtful = true);
        if self.numbers.chance(50) {
            self.fault()
        } else {
            self.change()
        }
    }

    pub(in crate::attack) fn kill_forkserver(&mut self) -> Step {
        self.kill_all(FORKSERVER);
        self.tools()?;
        self.compare_with_last()
    }

    pub(in crate::attack) fn kill_workers(&mut self) -> Step {
        self.kill_some(WORKER);
        self.tools()?;
        self.compare_with_last()
    }

    pub(in crate::attack) fn kill_standby(&mut self) -> Step {
        self.kill_all(RUSTC);
        self.change()
    }

    /// The host with all its copies: the session says what is lost, and begins again.
    pub(in crate::attack) fn kill_everything(&mut self) -> Step {
        self.kill_all(COPY);
        self.kill_all(HOST);
        // A copy may have been made meanwhile.
        self.kill_all(COPY);
        let cell = self.run("1 + 1");
        let said = text(&cell);
        ensure(cell.result.as_deref() == Some("2"), || {
            format!("it fails: {said}")
        })?;
        ensure(back(&said) == Back::Anew, || {
            format!("what is lost is not said: {said}")
        })?;
        self.set_up()
    }

    /// While a cell runs that computes in the pool.
    pub(in crate::attack) fn kill_meanwhile(&mut self) -> Step {
        let kind = *self
            .numbers
            .one_of(&[HOST, COPY, FORKSERVER, WORKER, RUSTC]);
        let change = self.draw_change(&QUIET);
        let place = change.place(&mut self.numbers);
        let moment = self.numbers.moment(600);
        self.tally.pool_calls += 1;
        let request = self.send(&change.code(place, "let _ = pool.map(nap, 0..30_u64);"));
        self.session
            .wait_for(&request, |cell| cell.number.is_some());
        // The moment is what this is about.
        sleep(moment);
        self.kill_some(kind);
        let cell = self.finish(&request);
        let said = text(&cell);
        ensure(cell.is_ok() || kind == HOST || kind == RUSTC, || {
            format!("it fails: {said}")
        })?;
        if kind == COPY {
            self.named
                .values_mut()
                .for_each(|(_, doubtful)| *doubtful = true);
        }
        let through = change.through(&self.state);
        let left = if cell.is_ok() {
            ensure(cell.stdout == change.printed(), || {
                format!("it prints {:?}", cell.stdout)
            })?;
            vec![through[change.parts.len()].clone()]
        } else {
            // Without a compiler nothing has run.
            self.left_by(&cell, vec![self.state.clone()])?
        };
        self.settle(&cell, &left)?;
        self.tools()
    }
}
