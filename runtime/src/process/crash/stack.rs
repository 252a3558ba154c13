//! Walking the stack of a thread: of the current one, or, by a signal, of one that waits.

use std::ffi::{c_int, c_void};
use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI32, AtomicU32, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rustix::thread::futex;

use crate::sync::lock_std;

#[repr(C)]
struct Context {
    _opaque: [u8; 0],
}

type Trace = extern "C" fn(*mut Context, *mut c_void) -> c_int;

// libgcc's, which std brings along for panics.
unsafe extern "C" {
    fn _Unwind_Backtrace(trace: Trace, argument: *mut c_void) -> c_int;
    fn _Unwind_GetIPInfo(context: *mut Context, before: *mut c_int) -> usize;
    fn _Unwind_GetLanguageSpecificData(context: *mut Context) -> *const c_void;
}

/// A call that a thread is in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call {
    pub(crate) address: usize,
    /// Whether the function drops or catches something when a panic unwinds through it, here or elsewhere.
    pub(crate) has_landing_pads: bool,
}

struct Walk<'a> {
    /// Frames before this one do not count; 0 when all count.
    from: usize,
    each: &'a mut dyn FnMut(Call) -> bool,
}

/// Calls `each` with each call, the innermost first, until it returns false; `from` is
/// where a signal has come, if the walk begins in its handler.
pub(crate) fn walk(from: usize, each: &mut dyn FnMut(Call) -> bool) {
    extern "C" fn step(context: *mut Context, walk: *mut c_void) -> c_int {
        const GO_ON: c_int = 0; // _URC_NO_REASON
        const STOP: c_int = 4; // _URC_NORMAL_STOP
        // SAFETY: `walk` below passes a `Walk`, and nobody else uses it meanwhile.
        let walk = unsafe { &mut *walk.cast::<Walk<'_>>() };
        let mut exact = 0;
        // SAFETY: the context is the unwinder's, and `exact` is valid for the answer.
        let address = unsafe { _Unwind_GetIPInfo(context, &raw mut exact) };
        if address == 0 {
            return STOP;
        }
        if walk.from != 0 && address != walk.from {
            return GO_ON;
        }
        walk.from = 0;
        // Of a call that returns there, the address of the call itself.
        let address = if exact == 0 { address - 1 } else { address };
        // SAFETY: as above; it is only compared with null.
        let has_landing_pads = !unsafe { _Unwind_GetLanguageSpecificData(context) }.is_null();
        let call = Call {
            address,
            has_landing_pads,
        };
        if (walk.each)(call) { GO_ON } else { STOP }
    }
    let mut walk = Walk { from, each };
    // SAFETY: `step` keeps to the unwinder's contract, and gets what it expects.
    unsafe { _Unwind_Backtrace(step, (&raw mut walk).cast()) };
}

/// Where a signal has come, and the stack pointer there.
///
/// # Safety
/// `context` is what the system passed to a signal handler.
pub(super) unsafe fn interrupted_at(context: *mut c_void) -> (usize, u64) {
    // SAFETY: the caller's promise.
    let context = unsafe { &(*context.cast::<libc::ucontext_t>()).uc_mcontext };
    #[cfg(target_arch = "x86_64")]
    {
        let register = |n: c_int| context.gregs[n as usize].cast_unsigned();
        (register(libc::REG_RIP) as usize, register(libc::REG_RSP))
    }
    #[cfg(target_arch = "aarch64")]
    {
        (context.pc as usize, context.sp)
    }
}

/// Frames of a thread that waits.
const MOST: usize = 64;
/// How long a thread may take to answer.
const PATIENCE: Duration = Duration::from_millis(200);

/// Whose stack is wanted; 0 when none is.
static WANTED: AtomicI32 = AtomicI32::new(0);
/// A futex: 1 once it is there.
static DONE: AtomicU32 = AtomicU32::new(0);
static LENGTH: AtomicUsize = AtomicUsize::new(0);
static FRAMES: [AtomicUsize; MOST] = [const { AtomicUsize::new(0) }; MOST];

fn signal() -> c_int {
    libc::SIGRTMAX() - 5
}

/// Installs the handler of the signal by which a thread is asked for its stack.
///
/// # Errors
/// What the system says.
pub(super) fn prepare() -> io::Result<()> {
    super::handler::handle(signal(), answer, libc::SA_RESTART)
}

extern "C" fn answer(_: c_int, _: *mut libc::siginfo_t, context: *mut c_void) {
    // SAFETY: the address of the thread's own `errno`, which the interrupted code may be about to read.
    let errno = unsafe { *libc::__errno_location() };
    let own = rustix::thread::gettid().as_raw_pid();
    if WANTED.load(Ordering::SeqCst) == own {
        // SAFETY: the system passed it.
        let (at, _) = unsafe { interrupted_at(context) };
        walk(at, &mut |call| {
            let n = LENGTH.fetch_add(1, Ordering::Relaxed);
            FRAMES[n].store(call.address, Ordering::Relaxed);
            n + 1 < MOST
        });
        DONE.store(1, Ordering::Release);
        let _ = futex::wake(&DONE, futex::Flags::PRIVATE, 1);
    }
    // SAFETY: as above.
    unsafe { *libc::__errno_location() = errno };
}

/// How many threads have been asked so far.
static ASKED: AtomicU32 = AtomicU32::new(0);

/// How many threads have been asked for their stacks so far, by a signal that ends a sleep.
pub(crate) fn asked() -> u32 {
    ASKED.load(Ordering::SeqCst)
}

/// Asks threads for their stacks, one at a time.
pub(crate) struct Stacks(());

impl Stacks {
    /// The calls that a thread of this process is in, the innermost first; none if it does not answer. It may hold any
    /// lock: the unwinder takes none.
    pub(crate) fn of(tid: i32) -> Vec<u64> {
        static ONE: Mutex<()> = Mutex::new(());
        let _one = lock_std(&ONE);
        LENGTH.store(0, Ordering::SeqCst);
        DONE.store(0, Ordering::SeqCst);
        WANTED.store(tid, Ordering::SeqCst);
        ASKED.fetch_add(1, Ordering::SeqCst);
        // SAFETY: it only sends a signal; if the thread has ended, nothing happens.
        unsafe { libc::syscall(libc::SYS_tgkill, std::process::id(), tid, signal()) };
        let deadline = Instant::now() + PATIENCE;
        while DONE.load(Ordering::Acquire) == 0 && Instant::now() < deadline {
            let pause = rustix::time::Timespec {
                tv_sec: 0,
                tv_nsec: 10_000_000,
            };
            let _ = futex::wait(&DONE, futex::Flags::PRIVATE, 0, Some(&pause));
        }
        WANTED.store(0, Ordering::SeqCst);
        if DONE.load(Ordering::Acquire) == 0 {
            return Vec::new();
        }
        let frames = FRAMES.iter().take(LENGTH.load(Ordering::SeqCst));
        frames
            .map(|frame| frame.load(Ordering::Relaxed) as u64)
            .collect()
    }
}
