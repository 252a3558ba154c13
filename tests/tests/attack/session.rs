//! One session under attack: it runs cells, keeps the model beside it, and compares.

use std::collections::{BTreeMap, VecDeque};

use tempfile::TempDir;

use super::answer::{Back, back, text};
use super::model::{Past, SHOWN, State};
use super::scene;
use super::tally::{Failure, Kind, Tally};
use super::usage::Usage;
use crate::support::numbers::Numbers;
use crate::support::{Cell, Request, Session};

pub(super) type Step = Result<(), Failure>;

/// How many of the last operations a failure shows.
const SHOWN_LAST: usize = 24;
/// When what the session uses is first looked at.
const WARM: u64 = 40;

pub(super) struct Attack {
    pub(super) session: Session,
    pub(super) numbers: Numbers,
    pub(super) state: State,
    pub(super) past: Past,
    /// Checkpoints with names, and whether they may be gone because their copies were killed.
    pub(super) named: BTreeMap<&'static str, (State, bool)>,
    pub(super) tally: Tally,
    /// What the processes of this session have in their environment.
    pub(super) mark: String,
    pub(super) temporary: TempDir,
    /// Numbers the cells that change something.
    pub(super) n: u64,
    /// Whether the user was told that checkpoints are made less often, or that one could not be made: the session may go
    /// back further then.
    pub(super) dear: bool,
    trace: VecDeque<String>,
    teller: Option<Request>,
    told: String,
    noise: Option<Request>,
    first_usage: Option<(Usage, u64)>,
}

pub(super) fn wrong(what: String) -> Failure {
    let kind = Kind::Wrong;
    Failure { kind, what }
}

fn is_about_checkpoints(said: &str) -> bool {
    ["there will be fewer of them", "no checkpoint could be made"]
        .iter()
        .any(|part| said.contains(part))
}

/// Fails if this does not hold.
pub(super) fn ensure(holds: bool, what: impl FnOnce() -> String) -> Step {
    if holds { Ok(()) } else { Err(wrong(what())) }
}

impl Attack {
    pub(super) fn start(seed: u64, index: u64) -> Self {
        let mark = format!("WOOZLE_ATTACK={}-{seed}-{index}", std::process::id());
        let temporary = tempfile::tempdir().expect("a folder");
        let session = Session::start_with(|command| {
            let (name, value) = mark.split_once('=').expect("name and value");
            command.env(name, value).env("TMPDIR", temporary.path());
        });
        Self {
            session,
            numbers: Numbers::of(seed, index),
            state: State::default(),
            past: Past::default(),
            named: BTreeMap::new(),
            tally: Tally {
                sessions: 1,
                ..Tally::default()
            },
            mark,
            temporary,
            n: 0,
            dear: false,
            trace: VecDeque::new(),
            teller: None,
            told: String::new(),
            noise: None,
            first_usage: None,
        }
    }

    /// Makes what the model knows, in a session that has nothing, or nothing any more.
    pub(super) fn set_up(&mut self) -> Step {
        self.state = State::default();
        self.past = Past::default();
        self.named.clear();
        for code in scene::MADE {
            self.fine(code)?;
        }
        self.teller = Some(self.kept(scene::TELLER)?);
        self.told.clear();
        let noise = scene::noise(&mut self.numbers);
        self.noise = Some(self.kept(&noise)?);
        self.compare_with_last()?;
        self.tools()
    }

    /// Notes what is done, for the reader of a failure.
    pub(super) fn note(&mut self, what: impl Into<String>) {
        if self.trace.len() == SHOWN_LAST {
            self.trace.pop_front();
        }
        self.trace.push_back(what.into());
    }

    pub(super) fn last_operations(&self) -> String {
        self.trace
            .iter()
            .map(|line| format!("  {line}\n"))
            .collect()
    }

    pub(super) fn send(&mut self, code: &str) -> Request {
        self.tally.cells += 1;
        self.note(format!("> {}", code.replace('\n', "\n    ")));
        self.session.send(code)
    }

    /// Waits for the answer, after which nothing more may come of the cell.
    pub(super) fn finish(&mut self, request: &Request) -> Cell {
        let cell = self.session.finish(request);
        self.session.forget(request);
        self.take_note(&cell);
        cell
    }

    fn take_note(&mut self, cell: &Cell) {
        let said = text(cell);
        self.dear |= is_about_checkpoints(&said);
        let value = cell.result.as_deref().unwrap_or_default();
        let number = cell.number.map_or_else(String::new, |n| format!("[{n}] "));
        let said: String = format!("{said}{value}").chars().take(900).collect();
        self.note(format!("  {number}{}", said.trim().replace('\n', "\n    ")));
    }

    /// Runs a cell.
    pub(super) fn run(&mut self, code: &str) -> Cell {
        let request = self.send(code);
        self.finish(&request)
    }

    /// Runs a cell that must not fail.
    pub(super) fn fine(&mut self, code: &str) -> Result<Cell, Failure> {
        let cell = self.run(code);
        self.past_is(&cell);
        ensure(cell.is_ok(), || format!("{code} fails: {}", text(&cell)))?;
        Ok(cell)
    }

    /// Runs a cell whose output goes on.
    fn kept(&mut self, code: &str) -> Result<Request, Failure> {
        let request = self.send(code);
        let cell = self.session.finish(&request);
        self.take_note(&cell);
        self.past_is(&cell);
        ensure(cell.is_ok(), || format!("{code} fails: {}", text(&cell)))?;
        Ok(request)
    }

    /// Notes that a cell has changed nothing.
    pub(super) fn past_is(&mut self, cell: &Cell) {
        self.past_becomes(cell, &self.state.clone());
    }

    /// Notes what a cell has changed.
    pub(super) fn past_becomes(&mut self, cell: &Cell, after: &State) {
        if let Some(number) = cell.number {
            self.past.note(number, &self.state, after);
        }
    }

    /// The thread of an earlier cell was told to print this.
    pub(super) fn tell(&mut self, n: u64) {
        self.told.push_str(&format!("told {n}\n"));
    }

    /// The states that a failed cell may have left: where the session went back to, or else one of those that the cell
    /// went through.
    pub(super) fn left_by(
        &mut self,
        cell: &Cell,
        through: Vec<State>,
    ) -> Result<Vec<State>, Failure> {
        let said = text(cell);
        let there = match back(&said) {
            Back::No => return Ok(through),
            Back::Here => Some(self.state.clone()),
            Back::After(number) => self.past.after(number).cloned(),
            Back::Before(number) => self.past.before(number).cloned(),
            Back::Anew => return Err(wrong(format!("all is lost: {said}"))),
        };
        if matches!(back(&said), Back::After(_)) {
            self.tally.further += 1;
        }
        let there = there.ok_or_else(|| wrong(format!("it went back to no known cell: {said}")))?;
        Ok(vec![there])
    }

    /// Looks at the session's values, which must be what they were.
    pub(super) fn compare_with_last(&mut self) -> Step {
        let state = self.state.clone();
        self.compare(std::slice::from_ref(&state))
    }

    /// Looks at the session's values, which must be one of these.
    pub(super) fn compare(&mut self, possible: &[State]) -> Step {
        self.tally.comparisons += 1;
        let cell = self.run(SHOWN);
        let said = text(&cell);
        let mut possible = possible.to_vec();
        // The process was killed between two cells.
        if back(&said) != Back::No {
            possible = self.left_by(&cell, Vec::new())?;
        }
        let shown = cell.result.clone().unwrap_or_default();
        let is = possible.iter().find(|state| state.shown() == shown);
        let Some(is) = is.cloned() else {
            let possible: Vec<String> = possible.iter().map(State::shown).collect();
            return Err(wrong(format!(
                "the session has\n  {shown}\n  {said}\nand should have\n  {}",
                possible.join("\nor\n  ")
            )));
        };
        self.state = is;
        self.past_is(&cell);
        self.hear()
    }

    /// What earlier cells have printed late, which is so much and no more; and that nothing has gone astray.
    pub(super) fn hear(&mut self) -> Step {
        if let Some(teller) = &self.teller {
            let told = self.told.len();
            let cell = self
                .session
                .wait_for(teller, |cell| cell.stdout.len() >= told);
            ensure(cell.stdout == self.told && cell.stderr.is_empty(), || {
                format!(
                    "told was {:?}, printed {:?} {:?}",
                    self.told, cell.stdout, cell.stderr
                )
            })?;
        }
        if let Some(noise) = &self.noise {
            let cell = self.session.cell(noise);
            let is_note = is_about_checkpoints(&cell.stderr) && cell.stderr.lines().count() == 1;
            ensure(
                cell.stdout.is_empty() && (cell.stderr.is_empty() || is_note),
                || {
                    format!(
                        "a thread of an earlier cell says {}{}",
                        cell.stdout, cell.stderr
                    )
                },
            )?;
        }
        let stray = self.session.take_stray_output();
        ensure(stray.is_empty(), || {
            format!("output came twice or late: {stray:?}")
        })
    }

    /// Pools, executors, queues, managers and processes work.
    pub(super) fn tools(&mut self) -> Step {
        self.tally.pool_calls += 1;
        let cell = self.fine(scene::TOOLS)?;
        ensure(cell.result.as_deref() == Some(scene::TOOLS_GIVE), || {
            format!("a tool is broken: {cell:?}")
        })
    }

    /// What the session uses does not grow.
    pub(super) fn look_at_usage(&mut self) -> Step {
        let now = Usage::now(self.session.kernel.id(), &self.mark);
        self.tally.most = self.tally.most.most(&now);
        match &self.first_usage {
            None if self.tally.cells >= WARM => self.first_usage = Some((now, self.tally.cells)),
            None => {}
            Some((first, cells)) => {
                if let Some(what) = now.grown(first, self.tally.cells - cells) {
                    let kind = Kind::Left;
                    return Err(Failure { kind, what });
                }
            }
        }
        Ok(())
    }
}
