//! The sessions of all seeds, two at a time: one after another of each seed, until the time is over.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::str::FromStr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::end::{Ended, Traces, folder_left};
use super::operations::Operation;
use super::session::{Attack, Step};
use super::tally::{Failure, Kind, Tally, tables};
use super::usage::picture;
use crate::support::{Session, TOO_LATE};

/// Sessions at once.
const AT_ONCE: usize = 2;
/// The operations of a session, where they are few, and where time is given.
const FEW: usize = 16;
const MANY: usize = 400;
/// So many operations after another, it is looked at what a session uses.
const OFTEN: usize = 10;

pub(super) struct Campaign {
    seeds: Vec<u64>,
    /// How long; without it, each seed has one short session.
    time: Option<Duration>,
    /// The one session of each seed that is wanted.
    only: Option<u64>,
}

impl Campaign {
    pub(super) fn from_environment() -> Self {
        let seeds = variable::<String>("WOOZLE_ATTACK_SEEDS").unwrap_or("1 2 3".to_owned());
        let seeds = seeds
            .split_whitespace()
            .map(|seed| seed.parse().expect("a number"));
        let minutes = variable::<f64>("WOOZLE_ATTACK_MINUTES");
        Self {
            seeds: seeds.collect(),
            time: minutes.map(|minutes| Duration::from_secs_f64(60.0 * minutes)),
            only: variable("WOOZLE_ATTACK_SESSION"),
        }
    }

    pub(super) fn run(&self) {
        let until = self.time.map(|time| Instant::now() + time);
        let sessions = Mutex::new(self.sessions());
        let done = Mutex::new((BTreeMap::<u64, Tally>::new(), Vec::new()));
        std::thread::scope(|scope| {
            for _ in 0..AT_ONCE {
                scope.spawn(|| {
                    while until.is_none_or(|until| Instant::now() < until) {
                        let next = lock(&sessions).next();
                        let Some((seed, index)) = next else { return };
                        let ended = self.session(seed, index, until);
                        let (tallies, folders) = &mut *lock(&done);
                        let tally = tallies.entry(seed).or_default();
                        tally.add(&ended.tally);
                        folders.extend(ended.folder.map(|folder| (seed, folder)));
                    }
                });
            }
        });
        let (mut tallies, folders) = std::mem::take(&mut *lock(&done));
        // The next kernel removes what those that were killed have left in the cache.
        Session::start();
        for (seed, folder) in folders {
            if let Some(failure) = folder_left(&folder) {
                println!("seed {seed}: {}", failure.what);
                tallies.entry(seed).or_default().fail(failure.kind);
            }
        }
        println!("{}", tables(&tallies));
        let failures: u64 = tallies
            .values()
            .flat_map(|tally| tally.failures.values())
            .sum();
        assert_eq!(failures, 0, "failures, which are told above");
    }

    /// Seeds and numbers of sessions, in turn.
    fn sessions(&self) -> Box<dyn Iterator<Item = (u64, u64)> + Send + '_> {
        let all = |index| self.seeds.iter().map(move |seed| (*seed, index));
        match (self.only, self.time) {
            (Some(only), _) => Box::new(all(only)),
            (None, Some(_)) => Box::new((0..).flat_map(all)),
            (None, None) => Box::new(all(0)),
        }
    }

    /// Runs a session to its end, or to its first failure.
    fn session(&self, seed: u64, index: u64, until: Option<Instant>) -> Ended {
        let begin = Instant::now();
        let is_long = self.time.is_some() || self.only.is_some();
        let ended = match catch_unwind(|| Attack::start(seed, index)) {
            Ok(attack) => attacked(attack, is_long, until),
            Err(panic) => failed(Tally::default(), vec![of_panic(&*panic)]),
        };
        let (cells, seconds) = (ended.tally.cells, begin.elapsed().as_secs());
        let name = format!("seed {seed}, session {index}: {cells} cells in {seconds} s");
        for Failure { kind, what } in &ended.failures {
            println!(
                "{name}: {kind:?}: {what}\nTo run it again: WOOZLE_ATTACK_SEEDS={seed} \
                 WOOZLE_ATTACK_SESSION={index} tests/run attack\n"
            );
        }
        if ended.failures.is_empty() {
            println!("{name}, all well");
        }
        ended
    }
}

/// Attacks a session until it fails, or ends it.
fn attacked(mut attack: Attack, is_long: bool, until: Option<Instant>) -> Ended {
    let mut numbers = attack.numbers.clone();
    let steps = if is_long { numbers.below(MANY) } else { FEW };
    let result = catch_unwind(AssertUnwindSafe(|| run(&mut attack, steps, until)));
    let traces = Traces::of(&attack.mark);
    let mut failure = match result {
        Ok(Ok(())) => {
            let tally = attack.tally.clone();
            let ended = catch_unwind(AssertUnwindSafe(|| attack.end(&traces, &mut numbers)));
            return ended.unwrap_or_else(|panic| {
                let failures = [Some(of_panic(&*panic)), traces.processes_left()];
                failed(tally, failures.into_iter().flatten().collect())
            });
        }
        Ok(Err(failure)) => failure,
        Err(panic) => of_panic(&*panic),
    };
    failure.what = format!(
        "{}\nThe last operations:\n{}The processes, and the system calls of their threads:\n{}",
        failure.what,
        attack.last_operations(),
        picture(&attack.mark)
    );
    let tally = attack.tally.clone();
    drop(attack);
    let failures = [Some(failure), traces.processes_left()];
    failed(tally, failures.into_iter().flatten().collect())
}

fn failed(mut tally: Tally, failures: Vec<Failure>) -> Ended {
    failures.iter().for_each(|failure| tally.fail(failure.kind));
    Ended {
        tally,
        failures,
        folder: None,
    }
}

fn run(attack: &mut Attack, steps: usize, until: Option<Instant>) -> Step {
    attack.set_up()?;
    for step in 0..steps {
        if until.is_some_and(|until| Instant::now() > until) {
            break;
        }
        let operation = Operation::draw(&mut attack.numbers);
        attack.note(format!("{step}: {operation:?}"));
        perform(attack, operation)?;
        if step % OFTEN == 0 {
            attack.look_at_usage()?;
        }
    }
    attack.hear()
}

fn perform(attack: &mut Attack, operation: Operation) -> Step {
    match operation {
        Operation::Change => attack.change(),
        Operation::Panic => attack.panic(),
        Operation::Fault => attack.fault(),
        Operation::Burst => attack.burst(),
        Operation::Interrupt => attack.interrupt(),
        Operation::Refused => attack.refused(),
        Operation::Redefine => attack.redefine(),
        Operation::Headless => attack.headless(),
        Operation::Bomb => attack.bomb(),
        Operation::Undo => attack.undo(),
        Operation::Checkpoint => attack.checkpoint(),
        Operation::Rollback => attack.rollback(),
        Operation::Map => attack.map(),
        Operation::TaskDies => attack.task_dies(),
        Operation::RenewPool => attack.renew_pool(),
        Operation::LeaveTasks => attack.leave_tasks(),
        Operation::KillHost => attack.kill_host(),
        Operation::KillCopies => attack.kill_copies(),
        Operation::KillForkserver => attack.kill_forkserver(),
        Operation::KillWorkers => attack.kill_workers(),
        Operation::KillStandby => attack.kill_standby(),
        Operation::KillAll => attack.kill_everything(),
        Operation::KillMeanwhile => attack.kill_meanwhile(),
    }
}

/// A panic of the test's own support.
fn of_panic(panic: &(dyn Any + Send)) -> Failure {
    let what = panic.downcast_ref::<String>().cloned();
    let what = what.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    let what = what.unwrap_or_default();
    let is_late = what.contains(TOO_LATE);
    let kind = if is_late { Kind::Hang } else { Kind::Wrong };
    Failure { kind, what }
}

fn variable<T: FromStr>(name: &str) -> Option<T> {
    std::env::var(name).ok()?.parse().ok()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
