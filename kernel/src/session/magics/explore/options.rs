//! What is on the line of `%%explore`.

use std::time::Duration;

use crate::compiler::resolve::similar_names::nearest;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Options {
    /// So many schedules at most.
    pub(crate) schedules: usize,
    /// So long at most.
    pub(crate) time: Duration,
    /// Whether atomics have the orderings of C11, or are all sequentially consistent.
    pub(crate) is_weak: bool,
    /// Whether threads go on after a panic of another one, as they do under std.
    pub(crate) is_going_on: bool,
    /// The schedule to run again, and no other.
    pub(crate) replay: Option<Replay>,
}

/// A schedule that was found before: `4f2a9c-0x3.1x2`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Replay {
    /// Tells the cells apart.
    pub(crate) cell: String,
    /// What was chosen, in order.
    pub(crate) choices: Vec<u16>,
}

/// The options, as `:help` shows them.
pub(crate) const USAGE: &str = "schedules=N seconds=N memory=sc|c11 panics=first|all replay=…";

/// The options, each with its values where there are few.
pub(crate) const NAMES: [(&str, &[&str]); 5] = [
    ("schedules", &[]),
    ("seconds", &[]),
    ("memory", &["c11", "sc"]),
    ("panics", &["first", "all"]),
    ("replay", &[]),
];

impl Options {
    /// Those of a line that says nothing.
    pub(crate) const DEFAULT: Self = Self {
        schedules: 4_000,
        time: Duration::from_secs(10),
        is_weak: true,
        is_going_on: false,
        replay: None,
    };

    /// Reads what follows the magic.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let mut options = Self::DEFAULT;
        for option in text.split_whitespace() {
            let (name, value) = option.split_once('=').unwrap_or((option, ""));
            match name {
                "schedules" => options.schedules = number(name, value, 10_000_000)?,
                "seconds" => {
                    let seconds = number(name, value, 86_400)?;
                    options.time = Duration::from_secs(seconds as u64);
                }
                "memory" => {
                    options.is_weak = match value {
                        "c11" => true,
                        "sc" => false,
                        _ => {
                            return Err(format!(
                                "`%%explore memory={value}`: `c11` gives atomics the orderings that the cell asks for, `sc` takes all as `SeqCst`"
                            ));
                        }
                    };
                }
                "panics" => {
                    options.is_going_on = match value {
                        "first" => false,
                        "all" => true,
                        _ => {
                            return Err(format!(
                                "`%%explore panics={value}`: with `first` a schedule fails with the first panic of any thread, with `all` threads go on after one, as they do under std: `join` gives the error, and locks are poisoned"
                            ));
                        }
                    };
                }
                "replay" => options.replay = Some(Replay::read(value)?),
                _ => return Err(unknown(name)),
            }
        }
        Ok(options)
    }
}

fn number(name: &str, value: &str, most: usize) -> Result<usize, String> {
    let number = value.parse().ok();
    let number = number.filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| format!("`%%explore {name}={value}`: a number from 1 to {most} is needed"))
}

fn unknown(name: &str) -> String {
    let meant = nearest(name, NAMES.iter().map(|(name, _)| *name));
    let meant = meant.map_or(String::new(), |meant| format!("; did you mean `{meant}=`?"));
    format!("`%%explore` has no option `{name}`{meant} Its options are {USAGE}")
}

/// More choices than a run can have.
const MOST_CHOICES: usize = 100_000;

impl Replay {
    fn read(text: &str) -> Result<Self, String> {
        let bad = || {
            format!(
                "`%%explore replay={text}` is not a schedule: give what a failing one shows, as `replay=4f2a9c-0x3.1x2`"
            )
        };
        let (cell, runs) = text.split_once('-').ok_or_else(bad)?;
        let mut choices = Vec::new();
        for run in runs.split('.') {
            let (choice, times) = run.split_once('x').unwrap_or((run, "1"));
            let choice = choice.parse::<u16>().map_err(|_| bad())?;
            let times = times.parse::<usize>().map_err(|_| bad())?;
            if choices.len().saturating_add(times) > MOST_CHOICES {
                return Err(bad());
            }
            choices.extend(std::iter::repeat_n(choice, times));
        }
        Ok(Self {
            cell: cell.to_owned(),
            choices,
        })
    }

    /// As it is written.
    pub(crate) fn shown(&self) -> String {
        let runs = self.choices.chunk_by(|a, b| a == b);
        let runs = runs.map(|run| match run.len() {
            1 => run[0].to_string(),
            times => format!("{}x{times}", run[0]),
        });
        format!("{}-{}", self.cell, runs.collect::<Vec<_>>().join("."))
    }
}

#[cfg(test)]
mod tests;
