//! The search: strategies one after the other, until one finds a failure or has tried all.

use std::collections::BTreeMap;
use std::io;
use std::panic::{self, AssertUnwindSafe, Location};
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};

use shuttle::{Config, FailurePersistence, MaxSteps, Runner};

use super::bridge::{Bridge, Counts};
use super::cell;
use super::log::{self, Place, Run};
use super::panics;
use super::report;
use super::statics::Statics;
use super::strategies::{self, DepthFirst, Priorities, Random, Replay, Strategy};
use crate::engine::clocks;

/// So many steps a run may have. One that has more does not end, as far as this can tell.
const MOST_STEPS: usize = 20_000;

/// The size of a thread's stack.
const STACK: usize = 1 << 18;

/// What is asked for.
struct Wanted {
    schedules: usize,
    time: Duration,
    replay: Option<Vec<u16>>,
}

/// What the search has found.
pub struct Found {
    /// What shuttle says of the failure.
    pub failure: Option<String>,
    /// How the strategy is called that has found it, or has tried all.
    pub strategy: &'static str,
    /// How many schedules there are, if all were tried.
    pub all: Option<usize>,
    pub runs: usize,
    pub steps: usize,
    pub time: Duration,
    /// The choices of the failing run.
    pub choices: Vec<u16>,
    /// Whether the same choices have led to the same failure again.
    pub is_repeatable: bool,
    /// The values that runs have had, each with how many: of those of the strategy that has tried all, or else of all.
    pub values: BTreeMap<String, usize>,
    pub run: Run,
}

/// The program that a cell becomes: `cell REPORT schedules seconds sc|c11 first|all [CHOICES]`.
pub fn main(cell: fn() -> cell::Result) {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [report, schedules, seconds, memory, panics, replay @ ..] = &arguments[..] else {
        panic!("the kernel starts this");
    };
    let number = |text: &String| text.parse::<f64>().expect("the kernel gives numbers");
    clocks::set_weak(memory == "c11");
    panics::set_going_on(panics == "all");
    let choices = |text: &String| {
        let choices = text.split('.').map(|choice| choice.parse());
        choices
            .collect::<Result<Vec<u16>, _>>()
            .expect("the kernel gives choices")
    };
    let wanted = Wanted {
        schedules: number(schedules) as usize,
        time: Duration::from_secs_f64(number(seconds)),
        replay: replay.first().map(choices),
    };
    let found = search(cell, cell as usize, wanted);
    let written: io::Result<()> = report::write(&found, Path::new(report));
    written.expect("the kernel has made the folder");
}

/// Runs a function under so many schedules at most, with the orderings of C11.
pub fn check(body: fn(), schedules: usize, time: Duration) -> Found {
    clocks::set_weak(true);
    let wanted = Wanted {
        schedules,
        time,
        replay: None,
    };
    let run = move || {
        body();
        Ok(())
    };
    search(run, body as usize, wanted)
}

/// Runs a cell, whose program has something at this address, under many schedules.
fn search<F>(cell: F, address: usize, wanted: Wanted) -> Found
where
    F: Fn() -> cell::Result + Copy + Send + Sync + 'static,
{
    note_panics();
    let searching = Searching {
        cell,
        statics: Rc::new(Statics::of(address)),
        counts: Rc::default(),
    };
    let begun = Instant::now();
    let until = begun + wanted.time;
    let attempts = match wanted.replay {
        Some(choices) => vec![(
            "replay",
            Box::new(Replay::new(choices)) as Box<dyn Strategy>,
        )],
        None => strategies(wanted.schedules),
    };
    let mut found = Found {
        failure: None,
        strategy: "",
        all: None,
        runs: 0,
        steps: 0,
        time: Duration::ZERO,
        choices: Vec::new(),
        is_repeatable: true,
        values: BTreeMap::new(),
        run: Run::default(),
    };
    for (name, strategy) in attempts {
        let before = searching.counts.runs.get();
        found.failure = searching.run(strategy, until).err();
        found.strategy = name;
        if found.failure.is_some() {
            break;
        }
        let values = cell::take_values();
        if strategies::with(|strategy| strategy.has_tried_all()) {
            found.all = Some(searching.counts.runs.get() - before);
            found.values = values;
            break;
        }
        for (value, times) in values {
            *found.values.entry(value).or_default() += times;
        }
    }
    found.time = begun.elapsed();
    found.runs = searching.counts.runs.get();
    found.steps = searching.counts.steps.get();
    if found.failure.is_some() {
        found.choices = strategies::with(|strategy| strategy.choices());
        found.run = log::take();
        let again = Box::new(Replay::new(found.choices.clone()));
        log::look_at_calls(true);
        let failure = searching.run(again, Instant::now() + wanted.time).err();
        log::look_at_calls(false);
        let run = log::take();
        found.is_repeatable = failure.is_some() && run.events.len() == found.run.events.len();
        if found.is_repeatable {
            found.run = run; // it knows more
        }
    }
    found
}

/// Few preemptions first, then at random; and all in the end, if they are not too many.
fn strategies(schedules: usize) -> Vec<(&'static str, Box<dyn Strategy>)> {
    let quarter = schedules.div_ceil(4);
    vec![
        (
            "without preemption",
            Box::new(DepthFirst::new(0, schedules / 8)),
        ),
        (
            "at most 1 preemption",
            Box::new(DepthFirst::new(1, schedules / 8)),
        ),
        (
            "at most 2 preemptions",
            Box::new(DepthFirst::new(2, schedules / 8)),
        ),
        ("at random", Box::new(Random::new(schedules / 8))),
        ("by priorities", Box::new(Priorities::new(quarter))),
        ("in order", Box::new(DepthFirst::new(usize::MAX, quarter))),
    ]
}

struct Searching<F> {
    cell: F,
    statics: Rc<Statics>,
    counts: Rc<Counts>,
}

impl<F> Searching<F>
where
    F: Fn() -> cell::Result + Copy + Send + Sync + 'static,
{
    /// Runs the cell as often as the strategy wants, or until it fails.
    fn run(&self, strategy: Box<dyn Strategy>, until: Instant) -> Result<(), String> {
        strategies::install(strategy);
        let mut config = Config::new();
        config.failure_persistence = FailurePersistence::None;
        config.silence_warnings = true;
        config.max_steps = MaxSteps::FailAfter(MOST_STEPS);
        config.stack_size = STACK;
        let bridge = Bridge {
            statics: Rc::clone(&self.statics),
            counts: Rc::clone(&self.counts),
            until,
            same: 0,
        };
        let runner = Runner::new(bridge, config);
        let cell = self.cell;
        let ended = panic::catch_unwind(AssertUnwindSafe(|| runner.run(move || cell::run(cell))));
        ended.map(drop).map_err(|payload| message(&*payload))
    }
}

/// Has panics noted, rather than printed.
fn note_panics() {
    // shuttle sets its own hook when it runs something for the first time.
    shuttle::check_dfs(|| (), Some(1));
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(|place| {
            // SAFETY: the place of a panic is in the program's constants, which stay.
            unsafe { std::mem::transmute::<&Location<'_>, Place>(place) }
        });
        log::note_panic(place, message(info.payload()));
    }));
}

/// What a panic says.
fn message(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().cloned();
    let text = text.or_else(|| {
        payload
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
    });
    text.unwrap_or_else(|| "Box<dyn Any>".to_owned())
}
