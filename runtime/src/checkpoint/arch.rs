//! What differs between processors.

use std::arch::asm;

/// Where the current thread's thread-locals are.
pub(crate) fn thread_pointer() -> usize {
    let pointer: usize;
    #[cfg(target_arch = "x86_64")]
    // SAFETY: on x86-64 Linux the first word of a thread's block is the block's own address.
    unsafe {
        asm!("mov {}, fs:0", out(reg) pointer, options(nostack, preserves_flags, readonly));
    }
    #[cfg(target_arch = "aarch64")]
    // SAFETY: it reads a register that every program may read.
    unsafe {
        asm!("mrs {}, tpidr_el0", out(reg) pointer, options(nostack, preserves_flags, nomem));
    }
    pointer
}

/// Returns from the signal whose context is at this address, on whatever thread this is.
///
/// # Safety
/// `context` is what the kernel passed to a signal handler that has not returned, and nothing has
/// written to its frame. Nobody else returns through it. The current thread has the thread pointer of the one that was
/// interrupted, and nothing on its stack is needed any more.
pub(super) unsafe fn return_from_signal(context: usize) -> ! {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: the caller's promise. The frame is the return address and then the context; the
    // call expects the stack pointer behind that address, as the handler's `ret` leaves it.
    unsafe {
        asm!("mov rsp, {}", "mov eax, 15", "syscall", "ud2", in(reg) context, options(noreturn));
    }
    #[cfg(target_arch = "aarch64")]
    // SAFETY: the caller's promise. The frame is a `siginfo_t` of 128 bytes and then the context; the
    // call expects the stack pointer at its beginning.
    unsafe {
        asm!("mov sp, {}", "mov x8, #139", "svc #0", "brk #1", in(reg) context - 128, options(noreturn));
    }
}

/// The mark before the code that ends a restartable sequence; libc registers with the same one.
#[cfg(target_arch = "x86_64")]
pub(super) const RSEQ_SIGNATURE: u32 = 0x5305_3053;
#[cfg(target_arch = "aarch64")]
pub(super) const RSEQ_SIGNATURE: u32 = 0xd428_bc00;
