//! The functions for threads that the host has in libc's place: a thread belongs to a cell, may have crashed, and may
//! be called otherwise by libc than by the system (`woozle::checkpoint` says why).

use std::ffi::{c_int, c_long, c_void};

use libc::{
    clockid_t, cpu_set_t, pthread_attr_t, pthread_mutexattr_t, pthread_t, sched_param, size_t,
};
use woozle::host::{join, starting, system_number};

type StartRoutine = extern "C" fn(*mut c_void) -> *mut c_void;
type Create =
    unsafe extern "C" fn(*mut pthread_t, *const pthread_attr_t, StartRoutine, *mut c_void) -> c_int;
type Join = unsafe extern "C" fn(pthread_t, *mut *mut c_void) -> c_int;

struct Begin {
    routine: StartRoutine,
    argument: *mut c_void,
    thread: woozle::host::Starting,
}

/// `pthread_create(3)`: the new thread belongs to the cell of the one that creates it.
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_create(
    thread: *mut pthread_t,
    attributes: *const pthread_attr_t,
    routine: StartRoutine,
    argument: *mut c_void,
) -> c_int {
    let starting = starting();
    let begin = Box::into_raw(Box::new(Begin {
        routine,
        argument,
        thread: starting.clone(),
    }));
    // SAFETY: the caller's arguments, but for the routine: ours takes a `Begin`.
    let result =
        unsafe { next!(c"pthread_create" as Create)(thread, attributes, run, begin.cast()) };
    if result == 0 {
        // SAFETY: libc has written there.
        starting.begun(unsafe { *thread });
    } else {
        // SAFETY: no thread was made that could have taken `begin`.
        drop(unsafe { Box::from_raw(begin) });
        starting.failed();
    }
    result
}

extern "C" fn run(begin: *mut c_void) -> *mut c_void {
    // SAFETY: `pthread_create` above made `begin` from a box and passes it to this thread alone.
    let begin = *unsafe { Box::from_raw(begin.cast::<Begin>()) };
    let base = std::ptr::from_ref(&begin).addr();
    let _started = begin.thread.started(base);
    (begin.routine)(begin.argument)
}

/// `pthread_join(3)`: of a thread that has crashed it is an error. std makes a panic of that, since its `join` is an
/// `Err` of panics alone.
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_join(thread: pthread_t, value: *mut *mut c_void) -> c_int {
    if !join(thread) {
        return libc::ESRCH;
    }
    // SAFETY: the arguments are the caller's.
    unsafe { next!(c"pthread_join" as Join)(thread, value) }
}

/// What a system call has returned, as these functions do.
fn error(result: c_long) -> c_int {
    match result {
        // SAFETY: the address of the thread's own `errno`.
        -1 => unsafe { *libc::__errno_location() },
        _ => 0,
    }
}

/// `pthread_kill(3)`.
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_kill(thread: pthread_t, signal: c_int) -> c_int {
    type Own = unsafe extern "C" fn(pthread_t, c_int) -> c_int;
    match system_number(thread) {
        Some(tid) => {
            let process = std::process::id();
            // SAFETY: it sends a signal, as the caller asks.
            error(unsafe { libc::syscall(libc::SYS_tgkill, process, tid, signal) })
        }
        // SAFETY: the arguments are the caller's.
        None => unsafe { next!(c"pthread_kill" as Own)(thread, signal) },
    }
}

/// `pthread_setaffinity_np(3)`.
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_setaffinity_np(
    thread: pthread_t,
    size: size_t,
    set: *const cpu_set_t,
) -> c_int {
    type Own = unsafe extern "C" fn(pthread_t, size_t, *const cpu_set_t) -> c_int;
    match system_number(thread) {
        // SAFETY: the arguments are the caller's.
        Some(tid) => error(unsafe { libc::syscall(libc::SYS_sched_setaffinity, tid, size, set) }),
        // SAFETY: as above.
        None => unsafe { next!(c"pthread_setaffinity_np" as Own)(thread, size, set) },
    }
}

/// `pthread_getaffinity_np(3)`.
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_getaffinity_np(
    thread: pthread_t,
    size: size_t,
    set: *mut cpu_set_t,
) -> c_int {
    type Own = unsafe extern "C" fn(pthread_t, size_t, *mut cpu_set_t) -> c_int;
    let Some(tid) = system_number(thread) else {
        // SAFETY: the arguments are the caller's.
        return unsafe { next!(c"pthread_getaffinity_np" as Own)(thread, size, set) };
    };
    // SAFETY: the caller says that `size` bytes can be written to; the system says how many it has written.
    unsafe {
        set.cast::<u8>().write_bytes(0, size);
        error(libc::syscall(libc::SYS_sched_getaffinity, tid, size, set))
    }
}

/// `pthread_setschedparam(3)`.
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_setschedparam(
    thread: pthread_t,
    policy: c_int,
    parameter: *const sched_param,
) -> c_int {
    type Own = unsafe extern "C" fn(pthread_t, c_int, *const sched_param) -> c_int;
    match system_number(thread) {
        Some(tid) => {
            // SAFETY: the arguments are the caller's.
            error(unsafe { libc::syscall(libc::SYS_sched_setscheduler, tid, policy, parameter) })
        }
        // SAFETY: as above.
        None => unsafe { next!(c"pthread_setschedparam" as Own)(thread, policy, parameter) },
    }
}

/// `pthread_getschedparam(3)`.
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_getschedparam(
    thread: pthread_t,
    policy: *mut c_int,
    parameter: *mut sched_param,
) -> c_int {
    type Own = unsafe extern "C" fn(pthread_t, *mut c_int, *mut sched_param) -> c_int;
    let Some(tid) = system_number(thread) else {
        // SAFETY: the arguments are the caller's.
        return unsafe { next!(c"pthread_getschedparam" as Own)(thread, policy, parameter) };
    };
    // SAFETY: the caller says that both can be written to.
    unsafe {
        match libc::syscall(libc::SYS_sched_getscheduler, tid) {
            -1 => error(-1),
            known => {
                policy.write(known as c_int);
                error(libc::syscall(libc::SYS_sched_getparam, tid, parameter))
            }
        }
    }
}

/// `pthread_getcpuclockid(3)`.
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_getcpuclockid(thread: pthread_t, clock: *mut clockid_t) -> c_int {
    type Own = unsafe extern "C" fn(pthread_t, *mut clockid_t) -> c_int;
    /// That the clock is a thread's, and counts what the scheduler has given it.
    const OF_THREAD: clockid_t = 0b110;
    match system_number(thread) {
        Some(tid) => {
            // SAFETY: the caller says that it can be written to.
            unsafe { clock.write(!tid << 3 | OF_THREAD) };
            0
        }
        // SAFETY: the arguments are the caller's.
        None => unsafe { next!(c"pthread_getcpuclockid" as Own)(thread, clock) },
    }
}

/// `pthread_mutexattr_setprotocol(3)`: priorities are not inherited. The system would look for the owner of such a mutex
/// by the number in it, which is libc's.
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_mutexattr_setprotocol(
    attributes: *mut pthread_mutexattr_t,
    protocol: c_int,
) -> c_int {
    type Own = unsafe extern "C" fn(*mut pthread_mutexattr_t, c_int) -> c_int;
    let protocol = match protocol {
        libc::PTHREAD_PRIO_INHERIT => libc::PTHREAD_PRIO_NONE,
        other => other,
    };
    // SAFETY: the caller's arguments, or a protocol in the place of theirs.
    unsafe { next!(c"pthread_mutexattr_setprotocol" as Own)(attributes, protocol) }
}
