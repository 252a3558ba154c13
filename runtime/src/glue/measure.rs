//! `%%bench`: runs a cell's statements many times and measures them.
//!
//! The kernel draws the conclusions; here is only what has to happen where the statements run. They
//! are behind a `dyn` call into a crate of their own, so the optimiser cannot see that they are run
//! again and again.

use std::time::{Duration, Instant};

use crate::glue::failure::{Failure, Result};
use crate::process::output;
use crate::protocol::{Event, Measured};

/// How long the statements are run before anything counts.
const WARM_UP: Duration = Duration::from_millis(500);
/// How long all samples together should take.
const MEASURE: Duration = Duration::from_secs(2);
/// The samples, if the statements are short enough.
const SAMPLES: u32 = 100;
/// For statements that take long: at least so many samples, however long that is.
const FEWEST: u32 = 5;

/// Measures `body`, whose output is shown once.
///
/// # Errors
/// When `body` fails: then it is not run again.
#[track_caller]
pub fn measure(body: &mut dyn FnMut() -> Result) -> Result {
    let begin = Instant::now();
    body()?;
    let first = begin.elapsed();
    let mute = output::mute();
    let one = warm_up(body, first)?;
    let (samples, runs) = plan(one);
    let mut measured = Measured {
        first: nanoseconds(first),
        runs,
        samples: Vec::with_capacity(samples as usize),
    };
    for _ in 0..samples {
        crate::process::interrupt::check();
        let begin = Instant::now();
        for _ in 0..runs {
            body()?;
        }
        measured.samples.push(nanoseconds(begin.elapsed()));
    }
    drop(mute);
    output::send(&Event::Measured {
        cell: output::running_cell(),
        measured,
    });
    Ok(())
}

/// Runs the body for some time, in rounds that double; gives how long one run takes.
#[track_caller]
fn warm_up(
    body: &mut dyn FnMut() -> Result,
    first: Duration,
) -> std::result::Result<Duration, Failure> {
    if first >= WARM_UP {
        return Ok(first);
    }
    let begin = Instant::now();
    let mut runs: u32 = 1;
    loop {
        crate::process::interrupt::check();
        let round = Instant::now();
        for _ in 0..runs {
            body()?;
        }
        let round = round.elapsed();
        if begin.elapsed() >= WARM_UP || runs > u32::MAX / 2 {
            return Ok((round / runs).max(Duration::from_nanos(1)));
        }
        // A round stays short enough to be interrupted.
        if round < WARM_UP / 8 {
            runs *= 2;
        }
    }
}

/// How many samples, of how many runs each.
fn plan(one: Duration) -> (u32, u64) {
    let runs = MEASURE.as_nanos() / u128::from(SAMPLES) / one.as_nanos().max(1);
    if runs > 0 {
        return (SAMPLES, u64::try_from(runs).unwrap_or(u64::MAX));
    }
    let samples = MEASURE.as_nanos() / one.as_nanos().max(1);
    let samples = u32::try_from(samples).unwrap_or(SAMPLES);
    (samples.clamp(FEWEST, SAMPLES), 1)
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_statements_are_run_often_and_long_ones_seldom() {
        let table = [
            (Duration::from_nanos(1), (100, 20_000_000)),
            (Duration::from_micros(1), (100, 20_000)),
            (Duration::from_millis(20), (100, 1)),
            (Duration::from_millis(40), (50, 1)),
            (Duration::from_secs(60), (5, 1)),
            (Duration::ZERO, (100, 20_000_000)),
        ];
        for (one, expected) in table {
            assert_eq!(plan(one), expected, "{one:?}");
        }
    }

    #[test]
    fn a_body_that_fails_is_not_run_again() {
        let mut runs = 0;
        let failed = measure(&mut || {
            runs += 1;
            Err("no honey".parse::<u8>().unwrap_err().into())
        });
        assert!(failed.is_err());
        assert_eq!(runs, 1);
    }
}
