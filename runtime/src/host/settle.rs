//! When a cell's threads have settled: the end of a cell for a client that drops late output.
//!
//! The cell's non-daemon threads, and the tasks that it gave to pools, have ended, or every
//! non-daemon thread of the process, and every thread of its child processes, waits for something that only a later cell can bring: a futex,
//! a connection or an event, without a timeout. The system tells: `/proc/self/task/TID/syscall`
//! names the call that a thread waits in, and the count of its time slices shows that it has not
//! run between two looks, so that the picture is of one moment.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::threads;
use crate::checkpoint::Renumbered;
use crate::errand;
use crate::threading::registry;

/// For how long nothing may have moved: a thread that has been woken looks as if it waited, until a processor has
/// taken notice.
const STILL: Duration = Duration::from_millis(40);

/// Threads of the host itself.
static OWN: Mutex<Vec<i32>> = Mutex::new(Vec::new());

/// Notes that the current thread runs the cells.
pub(super) fn note_main_thread() {
    note_own_thread();
}

/// Notes that the current thread is the host's own.
pub(super) fn note_own_thread() {
    let tid = rustix::thread::gettid().as_raw_nonzero().get();
    OWN.lock().unwrap_or_else(PoisonError::into_inner).push(tid);
}

/// The current thread, which was the host's own, is about to end.
pub(super) fn forget_own_thread() {
    let tid = rustix::thread::gettid().as_raw_nonzero().get();
    let mut own = OWN.lock().unwrap_or_else(PoisonError::into_inner);
    own.retain(|other| *other != tid);
}

/// The threads of the host itself.
pub(super) fn own() -> Vec<i32> {
    OWN.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// The threads have other numbers now.
pub(super) fn renumber(renumbered: &Renumbered) {
    for tid in OWN
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .iter_mut()
    {
        *tid = renumbered.new_tid(*tid).unwrap_or(*tid);
    }
}

/// Waits until the threads of `cell` have settled, at most for `limit`; gives the number of
/// threads that had not.
pub(super) fn wait(cell: u32, limit: Duration) -> usize {
    let deadline = Instant::now() + limit;
    let mut pause = Duration::from_millis(1);
    let mut still: Option<(Instant, BTreeMap<i32, u64>)> = None;
    loop {
        let busy = count(cell);
        if busy == 0 {
            return 0;
        }
        still = match (still, picture()) {
            (Some((since, before)), Some(now)) if before == now => {
                if since.elapsed() >= STILL {
                    return 0;
                }
                Some((since, before))
            }
            (_, now) => now.map(|picture| (Instant::now(), picture)),
        };
        if Instant::now() >= deadline || crate::interrupt::is_pending() {
            return busy;
        }
        threads::wait_for_an_end(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

/// The threads of the user's that live.
pub(super) fn users_threads() -> usize {
    let own = OWN.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let threads = threads::all();
    let threads = threads.iter().filter(|thread| !own.contains(&thread.tid()));
    threads.count()
}

/// The live non-daemon threads of the cell, and its tasks in pools.
fn count(cell: u32) -> usize {
    let own = OWN.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let threads = threads::all();
    let threads = threads.iter().filter(|thread| {
        thread.cell == cell && !own.contains(&thread.tid()) && !is_daemon(thread.tid())
    });
    threads.count() + errand::count(cell)
}

fn is_daemon(tid: i32) -> bool {
    let threads = registry::live_threads();
    threads
        .iter()
        .any(|thread| thread.daemon && thread.native_id == u32::try_from(tid).ok())
}

/// As [`picture`], of a cell that runs: every thread of the user's counts, also the one that runs the cell and
/// the daemons, and has to wait for another thread: what waits for a connection may have to wait for the world.
pub(super) fn deadlocked() -> Option<BTreeMap<i32, u64>> {
    let main = rustix::process::getpid().as_raw_pid();
    let own = OWN.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let mut picture = BTreeMap::new();
    add_process(
        "self",
        &|tid| tid != main && own.contains(&tid),
        &waits_for_thread,
        &mut picture,
    )?;
    for pid in crate::multiprocessing::live_pids() {
        add_process(&pid.to_string(), &|_| false, &waits_forever, &mut picture)?;
    }
    Some(picture)
}

/// Whether the thread that runs the cells waits for another thread, without end.
pub(super) fn main_waits() -> bool {
    let call = std::fs::read_to_string("/proc/self/syscall"); // of the process's first thread
    call.is_ok_and(|call| waits_for_thread(&call))
}

/// The number of time slices of each non-daemon thread; `None` if one of them is busy, or the
/// system does not tell.
fn picture() -> Option<BTreeMap<i32, u64>> {
    let own = OWN.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let mut picture = BTreeMap::new();
    for thread in threads::all() {
        if thread.tid() == 0 {
            return None; // about to start
        }
    }
    add_process(
        "self",
        &|tid| own.contains(&tid) || is_daemon(tid),
        &waits_forever,
        &mut picture,
    )?;
    for pid in crate::multiprocessing::live_pids() {
        // `None` if it has ended meanwhile: then there is more to do.
        add_process(&pid.to_string(), &|_| false, &waits_forever, &mut picture)?;
    }
    Some(picture)
}

/// Adds the threads of a process but those to skip.
fn add_process(
    process: &str,
    skip: &dyn Fn(i32) -> bool,
    waits: &dyn Fn(&str) -> bool,
    picture: &mut BTreeMap<i32, u64>,
) -> Option<()> {
    for entry in std::fs::read_dir(format!("/proc/{process}/task")).ok()? {
        let tid: i32 = entry.ok()?.file_name().to_str()?.parse().ok()?;
        if skip(tid) {
            continue;
        }
        let thread = format!("/proc/{process}/task/{tid}");
        let call = match std::fs::read_to_string(format!("{thread}/syscall")) {
            Ok(call) => call,
            Err(error) if has_ended(&error) => continue,
            Err(_) => return None, // nobody knows
        };
        if !waits(&call) {
            return None;
        }
        let slices = std::fs::read_to_string(format!("{thread}/schedstat")).ok()?;
        picture.insert(tid, slices.split_whitespace().nth(2)?.parse().ok()?);
    }
    Some(())
}

/// Whether such a file cannot be read since its thread has ended.
fn has_ended(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::NotFound || error.raw_os_error() == Some(libc::ESRCH)
}

/// Whether such a line shows a wait for a futex without a timeout.
fn waits_for_thread(line: &str) -> bool {
    let number = line.split_whitespace().next().map(str::parse::<i64>);
    number == Some(Ok(libc::SYS_futex)) && waits_forever(line)
}

/// Whether a line of `/proc/self/task/TID/syscall` shows a wait that time alone does not end.
fn waits_forever(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let Some(Ok(number)) = words.next().map(str::parse::<i64>) else {
        return false; // "running"
    };
    let arguments: Vec<u64> = words
        .map_while(|word| u64::from_str_radix(word.trim_start_matches("0x"), 16).ok())
        .collect();
    let argument = |n: usize| arguments.get(n).copied().unwrap_or_default();
    const FUTEX_LOCK_PI2: i32 = 13; // libc has no name for it
    const NONE: u32 = u32::MAX; // a timeout of -1 milliseconds
    #[allow(clippy::cast_possible_truncation)] // an int argument is the low half of its register
    match number {
        libc::SYS_futex => {
            let operation =
                argument(1) as i32 & !(libc::FUTEX_PRIVATE_FLAG | libc::FUTEX_CLOCK_REALTIME);
            let waits = [
                libc::FUTEX_WAIT,
                libc::FUTEX_WAIT_BITSET,
                libc::FUTEX_LOCK_PI,
                FUTEX_LOCK_PI2,
            ];
            waits.contains(&operation) && argument(3) == 0
        }
        libc::SYS_accept | libc::SYS_accept4 | libc::SYS_recvfrom | libc::SYS_recvmsg => true,
        // Into a pipe or queue that is full.
        libc::SYS_sendto | libc::SYS_sendmsg => true,
        #[cfg(target_arch = "x86_64")]
        libc::SYS_epoll_wait => argument(3) as u32 == NONE,
        #[cfg(target_arch = "x86_64")]
        libc::SYS_poll => argument(2) as u32 == NONE,
        libc::SYS_epoll_pwait => argument(3) as u32 == NONE,
        libc::SYS_ppoll => argument(2) == 0,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
