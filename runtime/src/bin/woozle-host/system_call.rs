//! `syscall(3)`, by which std, parking_lot and others wait on a futex: what they do there is noted while a cell runs under
//! `%%timeline`.

use std::arch::asm;
use std::ffi::{c_int, c_long};

use woozle::host::{waits_on_futex, wakes_futex};

/// `syscall(3)`. libc's takes any number of arguments; those of six are where a function of seven has them, on the
/// architectures that there are here.
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn syscall(
    number: c_long,
    a: c_long,
    b: c_long,
    c: c_long,
    d: c_long,
    e: c_long,
    f: c_long,
) -> c_long {
    if number != libc::SYS_futex {
        // SAFETY: the arguments are the caller's.
        return answer(unsafe { make(number, [a, b, c, d, e, f]) });
    }
    let word = a as usize;
    let operation = b as c_int & !(libc::FUTEX_PRIVATE_FLAG | libc::FUTEX_CLOCK_REALTIME);
    let is_wait = matches!(operation, libc::FUTEX_WAIT | libc::FUTEX_WAIT_BITSET);
    let is_wake = matches!(operation, libc::FUTEX_WAKE | libc::FUTEX_WAKE_BITSET);
    let waits = is_wait.then(|| waits_on_futex(word)).flatten();
    let wakes = is_wake.then(|| wakes_futex(word)).flatten();
    // SAFETY: as above.
    let result = unsafe { make(number, [a, b, c, d, e, f]) };
    drop(waits);
    if let Some(wakes) = wakes {
        wakes.woken(u32::try_from(result).unwrap_or(0));
    }
    answer(result)
}

/// What `syscall` returns for what the system has: an error's number is in `errno`.
fn answer(result: c_long) -> c_long {
    if (-4095..0).contains(&result) {
        // SAFETY: the address of the thread's own `errno`.
        unsafe { *libc::__errno_location() = -result as c_int };
        return -1;
    }
    result
}

/// Calls the system.
///
/// # Safety
/// As the call.
unsafe fn make(number: c_long, [a, b, c, d, e, f]: [c_long; 6]) -> c_long {
    let result;
    // SAFETY: the registers are those of the system's convention, and what it changes is named; the rest is the caller's
    // promise.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        asm!(
            "syscall", inlateout("rax") number => result, in("rdi") a, in("rsi") b, in("rdx") c, in("r10") d, in("r8") e,
            in("r9") f, lateout("rcx") _, lateout("r11") _, options(nostack),
        );
    }
    // SAFETY: as above.
    #[cfg(target_arch = "aarch64")]
    unsafe {
        asm!(
            "svc #0", in("x8") number, inlateout("x0") a => result, in("x1") b, in("x2") c, in("x3") d, in("x4") e,
            in("x5") f, options(nostack),
        );
    }
    result
}
