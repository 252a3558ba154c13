//! Loading a cell's library and running its statements.
//!
//! A library is never unloaded: values, threads and later cells may refer to its code.

use std::io::Write;
use std::time::{Duration, Instant};

use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};
use rustix::time::{ClockId, clock_gettime};

use super::settle;
use crate::glue::variable_store;
use crate::process::output;
use crate::protocol::{Event, Outcome, Place, Run, Timing};
use crate::timeline::{self, Recording};

/// Does once, for nothing, what each cell begins and ends with: the first use of a thread-local with a destructor takes the
/// loader's lock, and by then a thread of the cell may have it for as long as it likes.
pub(super) fn prepare() {
    output::capture(&mut || crate::glue::cell::run(&mut || Ok(())));
    crate::glue::cell::outcome();
    variable_store::stored();
}

/// Loads the items of an earlier cell.
pub(super) fn load_only(library: &str) {
    if let Err(error) = load(library) {
        fail(library, &error);
    }
}

/// Runs a cell and reports how it ended.
pub(super) fn run(run: &Run) {
    output::run_cell(run.cell);
    super::report::note_cell(run.cell);
    output::send(&Event::Begun { cell: run.cell });
    crate::process::panics::hook::install_again(crate::threading::thread::panics::install_again);
    let mut timing = Timing::default();
    let begin = Instant::now();
    let loaded = match load(&run.library) {
        Ok(loaded) => loaded,
        Err(error) => return fail(&run.library, &error),
    };
    timing.load = nanoseconds(begin.elapsed());
    let baseline = run.settle.map(|_| settle::Baseline::take());
    let recording = run.recorded.then(Recording::begin).flatten();
    if let Some(entry) = &run.entry {
        // SAFETY: the kernel generated this function, as `fn()`, in a library built by the rustc
        // that built this program.
        match unsafe { loaded.get::<fn()>(entry.as_bytes()) } {
            Ok(entry) => {
                let (begin, cpu) = (Instant::now(), cpu_time());
                entry();
                timing.run = nanoseconds(begin.elapsed());
                timing.cpu = nanoseconds(cpu_time().saturating_sub(cpu));
            }
            Err(error) => return fail(&run.library, &error),
        }
    }
    if recording.is_some() {
        timeline::ends();
    }
    super::deadlock::end();
    super::report::note_cell(0);
    let mut outcome = crate::glue::cell::outcome();
    let unsettled = run.settle.map_or(0, |limit| {
        crate::process::interrupt::while_running(|| {
            let unsettled = settle::wait(
                run.cell,
                Duration::from_millis(limit),
                &baseline.unwrap_or_default(),
            );
            if crate::process::interrupt::is_pending() {
                outcome = Outcome::Interrupted {
                    place: Place::from(std::panic::Location::caller()),
                    frames: Vec::new(),
                };
            }
            unsettled
        })
    });
    let _ = std::io::stdout().flush();
    // A headless client keeps what widgets show by now.
    crate::widgets::flush();
    crate::process::output::foreign::forward();
    crate::process::interrupt::is_over();
    if let Some(recording) = recording {
        super::timeline::finish(recording, run.cell);
    }
    output::send(&Event::Done {
        cell: run.cell,
        outcome,
        stored: variable_store::stored(),
        unsettled,
        threads: settle::users_threads(),
        timing,
    });
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// The processor time of all threads so far.
fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(
        u64::try_from(time.tv_sec).unwrap_or(0),
        u32::try_from(time.tv_nsec).unwrap_or(0),
    )
}

fn load(library: &str) -> Result<std::mem::ManuallyDrop<Library>, libloading::Error> {
    crate::process::reserved_fds::with(|| {
        // SAFETY: a cell's library has no initialisers but those that the user's own crates may have.
        unsafe { Library::open(Some(library), RTLD_NOW | RTLD_LOCAL) }
    })
    .map(std::mem::ManuallyDrop::new)
}

fn fail(library: &str, error: &dyn std::error::Error) {
    let mut reason = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        reason = format!("{reason}: {cause}");
        source = cause.source();
    }
    super::report::note_cell(0);
    crate::process::interrupt::is_over();
    output::send(&Event::LoadFailed {
        library: library.to_owned(),
        reason,
    });
}
