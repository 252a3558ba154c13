//! The libc functions of time that the host has in libc's place: sleeps, which an interrupt ends, and which are compared with
//! each other; and the clock.

use std::ffi::{c_int, c_long, c_uint, c_void};

use libc::{clockid_t, time_t, timespec};
use woozle::host::{is_interrupted, leave_sleep, note_nap, note_side_effect, own_signals, sleeps};

/// How many words libc's `jmp_buf` has at most.
const REGISTERS: usize = 64;

unsafe extern "C" {
    /// Writes the registers that a function has to keep for its caller.
    fn _setjmp(buffer: *mut c_void) -> c_int;
}

type ClockGettime = unsafe extern "C" fn(clockid_t, *mut timespec) -> c_int;

/// `clock_gettime(2)`: it is noted that the thread knows what time it is.
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn clock_gettime(clock: clockid_t, time: *mut timespec) -> c_int {
    note_side_effect();
    // SAFETY: the arguments are the caller's.
    unsafe { next!(c"clock_gettime" as ClockGettime)(clock, time) }
}

/// `clock_nanosleep(2)`: an interrupt of the cell ends the sleep, and the cell; see `woozle::host::leave_sleep`. Where that
/// cannot be done, the sleep takes as long as it was to: the signals that come with an interrupt do not end it.
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn clock_nanosleep(
    clock: clockid_t,
    flags: c_int,
    time: *const timespec,
    left: *mut timespec,
) -> c_int {
    let mut registers = [0_usize; REGISTERS];
    // SAFETY: there is room; nobody returns here a second time.
    unsafe { _setjmp(registers.as_mut_ptr().cast()) };
    let mut length = 0;
    // SAFETY: the caller says that it can be read.
    if let Some(time) = unsafe { time.as_ref() } {
        let nanoseconds = time
            .tv_sec
            .wrapping_mul(1_000_000_000)
            .wrapping_add(time.tv_nsec);
        note_nap(&registers, nanoseconds.cast_unsigned());
        if flags & libc::TIMER_ABSTIME == 0 {
            length = nanoseconds.cast_unsigned();
        }
    }
    let _noted = sleeps(length);
    let own: unsafe extern "C-unwind" fn(_, _, _, _) -> _ = clock_nanosleep;
    let mut rest = timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    let mut time = time;
    loop {
        leave_sleep(own as *const ());
        let signals = own_signals();
        // SAFETY: the caller's arguments, or `rest` in their place.
        let result = unsafe {
            match libc::syscall(libc::SYS_clock_nanosleep, clock, flags, time, &raw mut rest) {
                0 => 0,
                _ => *libc::__errno_location(),
            }
        };
        // Nor does a signal of the host's own: the sleep would begin anew, and not be like the one before.
        if result == libc::EINTR && (is_interrupted() || own_signals() != signals) {
            if flags & libc::TIMER_ABSTIME == 0 {
                time = &raw const rest;
            }
            continue;
        }
        if result == libc::EINTR && flags & libc::TIMER_ABSTIME == 0 && !left.is_null() {
            // SAFETY: the caller says that it can be written to.
            unsafe { left.write(rest) };
        }
        return result;
    }
}

/// `nanosleep(2)`, as [`clock_nanosleep`].
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn nanosleep(time: *const timespec, left: *mut timespec) -> c_int {
    // SAFETY: the arguments are the caller's.
    match unsafe { clock_nanosleep(libc::CLOCK_MONOTONIC, 0, time, left) } {
        0 => 0,
        error => {
            // SAFETY: the address of the thread's own `errno`.
            unsafe { *libc::__errno_location() = error };
            -1
        }
    }
}

/// `usleep(3)`, as [`nanosleep`].
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn usleep(microseconds: c_uint) -> c_int {
    let time = timespec {
        tv_sec: time_t::from(microseconds / 1_000_000),
        tv_nsec: c_long::from(microseconds % 1_000_000) * 1000,
    };
    // SAFETY: `time` is valid, and what is left is not asked for.
    unsafe { nanosleep(&raw const time, std::ptr::null_mut()) }
}

/// `sleep(3)`, as [`nanosleep`].
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn sleep(seconds: c_uint) -> c_uint {
    let time = timespec {
        tv_sec: time_t::from(seconds),
        tv_nsec: 0,
    };
    let mut left = timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: both are valid.
    match unsafe { nanosleep(&raw const time, &raw mut left) } {
        0 => 0,
        _ => c_uint::try_from(left.tv_sec).unwrap_or(seconds),
    }
}
