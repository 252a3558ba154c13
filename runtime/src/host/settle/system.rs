//! What the system says of threads: `/proc/PID/task/TID/syscall`.

use std::time::{Duration, Instant};

use crate::checkpoint::is_on_its_way_back;
use crate::threading::thread::registry;

/// The threads of a process.
pub(super) fn tids(process: &str) -> Option<Vec<i32>> {
    let entries = std::fs::read_dir(format!("/proc/{process}/task")).ok()?;
    entries
        .map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .collect()
}

/// Whether this process has children that are other programs. What they do may be looked for again and again.
pub(super) fn has_other_programs() -> bool {
    let program = |process: &str| std::fs::read_link(format!("/proc/{process}/exe")).ok();
    let own = program("self");
    let children = |tid: i32| std::fs::read_to_string(format!("/proc/self/task/{tid}/children"));
    let children = tids("self").into_iter().flatten().map(children);
    children.flatten().any(|children| {
        let mut children = children.split_whitespace();
        children.any(|child| program(child) != own)
    })
}

/// What a thread waits in, as the system words it; none if it has ended.
pub(in crate::host) fn call(process: &str, tid: i32) -> std::io::Result<Option<String>> {
    let read = |file| match std::fs::read(format!("/proc/{process}/task/{tid}/{file}")) {
        Ok(text) => Ok(Some(text)),
        Err(error) if has_ended(&error) => Ok(None),
        Err(error) => Err(error),
    };
    let (Some(call), Some(stat)) = (read("syscall")?, read("stat")?) else {
        return Ok(None);
    };
    // It is woken already, though until a processor takes notice the call is still the old one.
    if is_runnable(&stat) {
        return Ok(Some("running".to_owned()));
    }
    Ok(Some(String::from_utf8_lossy(&call).into_owned()))
}

/// What threads wait in, also right after a checkpoint: those of this process that are on their way back to where it has
/// stopped them are waited for.
#[derive(Debug)]
pub(in crate::host) struct CallsAfterCheckpoint {
    /// All together: where many threads compute, each gets a processor for a small part of the time.
    deadline: Instant,
}

impl CallsAfterCheckpoint {
    pub(in crate::host) fn begin() -> Self {
        let deadline = Instant::now() + Duration::from_millis(50);
        Self { deadline }
    }

    /// As [`call`].
    pub(in crate::host) fn of(&self, process: &str, tid: i32) -> std::io::Result<Option<String>> {
        let pause = rustix::time::Timespec {
            tv_sec: 0,
            tv_nsec: 50_000,
        };
        loop {
            let call = call(process, tid)?;
            let runs = call.as_deref().is_some_and(is_running);
            if !(runs && is_on_its_way_back(tid)) || Instant::now() >= self.deadline {
                return Ok(call);
            }
            let _ = rustix::thread::nanosleep(&pause);
        }
    }
}

/// Whether a line of `/proc/self/task/TID/stat` shows a thread that runs, or is about to.
pub(super) fn is_runnable(stat: &[u8]) -> bool {
    // The state comes after the name, which is in parentheses and may hold any byte.
    let name_end = stat.iter().rposition(|byte| *byte == b')');
    name_end.is_some_and(|end| stat.get(end + 2) == Some(&b'R'))
}

/// Whether such a file cannot be read since its thread has ended.
fn has_ended(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::NotFound || error.raw_os_error() == Some(libc::ESRCH)
}

/// Whether such a line shows a thread that computes.
pub(super) fn is_running(line: &str) -> bool {
    line.starts_with("running")
}

/// The kind of call that such a line shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::host) enum CallKind {
    /// None: the thread computes.
    None,
    /// It sleeps for a time.
    Sleep,
    /// It waits for the word at this address to change.
    Futex(u64),
    /// Any other one.
    Other,
}

/// The kind of call that such a line shows.
pub(in crate::host) fn kind(line: &str) -> CallKind {
    if is_running(line) {
        return CallKind::None;
    }
    let mut words = line.split_whitespace();
    let number = words.next().and_then(|word| word.parse::<i64>().ok());
    let first = words.next().map(|word| word.trim_start_matches("0x"));
    let first = first.and_then(|word| u64::from_str_radix(word, 16).ok());
    match (number, first) {
        (Some(libc::SYS_nanosleep | libc::SYS_clock_nanosleep), _) => CallKind::Sleep,
        (Some(libc::SYS_futex), Some(word)) => CallKind::Futex(word),
        _ => CallKind::Other,
    }
}

/// Whether such a line shows a wait for a futex without a timeout.
pub(super) fn waits_for_thread(line: &str) -> bool {
    let number = line.split_whitespace().next().map(str::parse::<i64>);
    number == Some(Ok(libc::SYS_futex)) && waits_forever(line)
}

/// Whether a line of `/proc/self/task/TID/syscall` shows a wait that time alone does not end.
pub(super) fn waits_forever(line: &str) -> bool {
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
    // An int argument is the low half of its register.
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

/// Whether it is a daemon of `threading`, which nothing waits for.
pub(super) fn is_daemon(tid: i32) -> bool {
    let threads = registry::live_threads();
    threads
        .iter()
        .any(|thread| thread.daemon && thread.native_id == u32::try_from(tid).ok())
}
