//! A copy of this process, with all its threads, that sleeps until it is needed.
//!
//! A plain fork has only the thread that forked: a rayon pool or a tokio runtime would be dead in it. So
//! [`fork`] goes further:
//!
//! 1. ([`park`]) Each other thread gets a signal. Its handler notes what the system knows of the thread
//!    and nobody else (where its thread-locals are, its robust list, its name), and waits. All its registers
//!    are in the signal's frame, on its stack.
//! 2. The copy is made by the system's own call. libc's `fork` would free the other threads' stacks.
//! 3. In the original the threads go on. The copy has one thread, which sleeps.
//! 4. ([`revive`]) When the copy is woken, it makes each thread anew, with its thread-locals and on its
//!    stack, puts back what lies in shared memory, and lets the threads return from the signal: into the
//!    middle of whatever they did.
//!
//! Until all threads are back, the copy touches no lock and no allocator: a thread that does not exist
//! yet may hold them. What changes is numbers: the process's, and those of its threads for the system; in libc a
//! thread keeps its number ([`numbers`]).
//!
//! `README.md` in this folder says why a copy may be woken whatever its threads were doing.
//!
//! What the process closes from then on, the copy closes as well ([`shared_close`]).
//!
//! A thread that has crashed does not come back ([`ending`]).
//!
//! A thread that blocks the signal for long makes the fork fail, and nothing happens.

mod arch;
mod ending;
mod numbers;
mod park;
mod revive;
mod shared_close;
mod tasks;

use std::io;

use crate::multiprocessing::SharedWords;
use crate::process::thread_ids::Renumbered;
pub(crate) use arch::{own_handle, thread_pointer};
pub(crate) use ending::{end_if_doomed_here, is_doomed};
pub use numbers::system_number;
pub(crate) use numbers::{begin_thread, end_thread};
pub(crate) use park::is_on_its_way_back;
pub use park::round;
pub use shared_close::close;
pub(crate) use shared_close::{note_open, replace, sleep};

/// Prepares for copies.
///
/// # Errors
/// When the system refuses.
pub(crate) fn prepare() -> io::Result<()> {
    shared_close::prepare()?;
    ending::prepare();
    revive::prepare();
    park::prepare()
}

/// Makes another copy of a copy that has not been woken yet, which sleeps as well: 0 there, else its process id. System
/// calls and atomics alone.
///
/// # Errors
/// When the system refuses.
pub(crate) fn fork_asleep() -> io::Result<i32> {
    shared_close::enter_asleep();
    let forked = revive::clone_process();
    if forked.is_err() {
        shared_close::take_back();
    }
    forked
}

/// What a [`fork`] gave.
#[derive(Debug)]
pub(crate) enum Forked {
    /// This is the process that forked.
    Original {
        /// The copy's process id.
        copy: i32,
        /// How many other threads it has.
        threads: usize,
    },
    /// This is the copy, woken, with all its threads.
    Copy(Renumbered),
}

/// Makes a copy. `sleep` runs in it while it has one thread: it may make system calls, and no more; if it returns
/// false the copy ends.
///
/// The copy's parent is this process's parent. Both share open files; the copy has no child processes.
///
/// # Errors
/// When a thread does not stop in time, or the system refuses.
pub(crate) fn fork(sleep: &mut dyn FnMut() -> bool) -> io::Result<Forked> {
    let mut renumbered = Renumbered::with_capacity(park::capacity() + 1);
    let own = tasks::own();
    let shared = SharedWords::hold();
    let parked = park::all()?;
    shared.note();
    shared_close::enter();
    match revive::clone_process() {
        Ok(0) => {
            if !sleep() {
                revive::exit();
            }
            revive::all(&parked);
            parked.note_new(&mut renumbered.0);
            renumbered.0.push((own, tasks::own()));
            shared.restore(|old| renumbered.new_tid(old));
            revive::let_go();
            ending::finish(park::signal());
            Ok(Forked::Copy(renumbered))
        }
        Ok(copy) => Ok(Forked::Original {
            copy,
            threads: parked.len(),
        }),
        Err(error) => {
            shared_close::take_back();
            Err(error)
        }
    }
}
