//! What differs between processors.

use std::arch::asm;

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
compile_error!("Woozle runs on x86-64 and on aarch64 only");

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
/// `context` is what the system passed to a signal handler that has not returned, and nothing has
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

/// Where the thread was interrupted whose signal's context is at this address.
pub(super) fn interrupted_at(context: usize) -> usize {
    // SAFETY: the system has put it there for a handler that has not returned.
    let context = unsafe { &(*(context as *const libc::ucontext_t)).uc_mcontext };
    #[cfg(target_arch = "x86_64")]
    return context.gregs[libc::REG_RIP as usize] as usize;
    #[cfg(target_arch = "aarch64")]
    return context.pc as usize;
}

/// The system calls that wait.
const WAITS: &[libc::c_long] = &[
    libc::SYS_futex,
    libc::SYS_nanosleep,
    libc::SYS_clock_nanosleep,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_poll,
    libc::SYS_ppoll,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_select,
    libc::SYS_pselect6,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_epoll_wait,
    libc::SYS_epoll_pwait,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_pause,
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_recvfrom,
    libc::SYS_recvmsg,
    libc::SYS_accept,
    libc::SYS_accept4,
    libc::SYS_connect,
    libc::SYS_wait4,
    libc::SYS_waitid,
];

/// Whether that thread waited in the system, as [`interrupted_at`] has it: its call has been ended by the signal, or is
/// about to be made again.
pub(super) fn waits_in_system(context: usize) -> bool {
    let ended = -libc::c_long::from(libc::EINTR);
    let place = interrupted_at(context);
    // SAFETY: the system has put it there for a handler that has not returned.
    let context = unsafe { &(*(context as *const libc::ucontext_t)).uc_mcontext };
    #[cfg(target_arch = "x86_64")]
    {
        const CALL: [u8; 2] = [0x0f, 0x05];
        let is_call = |at: usize| {
            // SAFETY: code of the thread's, of which more than that surrounds where it was.
            CALL == unsafe { (at as *const [u8; 2]).read_unaligned() }
        };
        let register = context.gregs[libc::REG_RAX as usize];
        register == ended && is_call(place - 2) || WAITS.contains(&register) && is_call(place)
    }
    #[cfg(target_arch = "aarch64")]
    {
        const CALL: u32 = 0xd400_0001;
        // SAFETY: as above.
        let is_call = |at: usize| CALL == unsafe { (at as *const u32).read_unaligned() };
        let (result, number) = (context.regs[0].cast_signed(), context.regs[8].cast_signed());
        result == ended && is_call(place - 4) || WAITS.contains(&number) && is_call(place)
    }
}

/// The current thread's `pthread_t`.
pub(crate) fn own_handle() -> usize {
    // SAFETY: it reads a register.
    unsafe { libc::pthread_self() as usize }
}
