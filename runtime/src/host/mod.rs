//! The cell host: the process that loads cells and runs them, one after another, on its main
//! thread.
//!
//! | thread | what it does |
//! |---|---|
//! | main | runs cells, holds the variables |
//! | `woozle-io` | reads the kernel's commands; sends on what child processes write |
//! | all others | the user's, each with the number of the cell that started it |
//!
//! Commands reach the main thread by a channel. Everything that the kernel learns goes through
//! `output::send`. When the socket closes, the kernel is gone, and the host ends with
//! everything that it started. `README.md` has its states.

mod cells;
mod checkpoints;
mod deadlock;
mod io;
mod limit;
mod report;
mod settle;
mod threads;
mod timeline;

use std::process::ExitCode;
use std::sync::mpsc::channel;

use crate::process::output::foreign;
use crate::process::{debugger, output, panics, role};
use crate::protocol::{Command, Event};

pub use crate::checkpoint::{close, system_number};
pub use crate::multiprocessing::cluster::python_with_dask;
pub use crate::process::crash::note_exit;
pub use crate::process::interrupt::{is_pending as is_interrupted, leave_sleep};
pub use crate::process::output::foreign::{is_ours, write_foreign};
pub use crate::process::question::read_line;
pub use crate::process::role::outlive_large_files;
pub use crate::process::side_effects::note as note_side_effect;
pub use crate::timeline::{sleeps, waits_on_futex, wakes_futex};
pub use settle::naps::note_nap;
pub use threads::{Started, Starting, join, starting};

/// How many signals of the host's own may have ended a sleep so far: those of checkpoints, and those that ask for a stack.
#[must_use]
pub fn own_signals() -> u32 {
    crate::checkpoint::round().wrapping_add(crate::process::crash::asked())
}

/// Runs the cell host to its end. Its standard input is the socket to the kernel, its standard
/// output and error are pipes that the kernel made.
#[must_use]
pub fn main() -> ExitCode {
    role::become_host();
    crate::multiprocessing::serve_if_asked();
    crate::multiprocessing::cluster::serve_if_asked();
    let given = match io::take_given() {
        Ok(given) => given,
        Err(error) => {
            std::eprintln!("this program is started by the woozle kernel: {error}");
            return ExitCode::from(2);
        }
    };
    match serve(given) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            std::eprintln!("the cell host cannot start: {error}");
            ExitCode::from(3)
        }
    }
}

fn serve(given: io::Given) -> std::io::Result<()> {
    foreign::open()?;
    foreign::unbuffer_c();
    let given: &'static io::Given = Box::leak(Box::new(given));
    let link = &given.link;
    output::connect(link, foreign::forward);
    crate::widgets::join_comms();
    if let Err(error) = crate::process::crash::prepare(&given.page) {
        std::eprintln!("this system allows no reports of crashes: {error}");
    }
    if let Err(error) = checkpoints::open(&given.copies, link) {
        // Each request for a checkpoint will say so, too.
        std::eprintln!("this system allows no checkpoints: {error}");
    }
    debugger::allow();
    panics::hook::install();
    crate::process::interrupt::prepare();
    outlive_large_files();
    crate::process::reserved_fds::set_aside();
    crate::process::service_thread::register_current();
    cells::prepare();
    let (commands, inbox) = channel();
    io::start(link, commands)?;
    output::send(&Event::Ready);
    for command in inbox {
        match command {
            Command::Load { library } => cells::load_only(&library),
            Command::Run(run) => cells::run(&run),
            Command::Forget { names } => crate::glue::variable_store::forget(&names),
            // The io thread's own; a late answer means nothing.
            Command::Input { .. }
            | Command::Threads { .. }
            | Command::Interrupt
            | Command::PutBackCode
            | Command::Comm(_) => {}
            Command::Checkpoint { id } => checkpoints::take(id),
            Command::Limit { memory } => limit::set(memory),
            Command::Crashed { thread, how } => threads::note_crashed(thread as usize, &how),
            Command::Shutdown => break,
        }
    }
    // Not by return: destructors of statics and of thread-locals would race with live threads.
    io::end_everything()
}
