//! Making all other threads wait in a signal handler.

use std::cell::UnsafeCell;
use std::ffi::{c_int, c_void};
use std::io;
use std::sync::atomic::{
    AtomicBool, AtomicI32, AtomicI64, AtomicPtr, AtomicU32, AtomicUsize, Ordering,
};
use std::time::{Duration, Instant};

use rustix::thread::futex;

use super::{arch, ending, tasks};

/// Threads at most.
pub(super) const CAPACITY: usize = 4096;
/// How long a thread that sleeps may block the signal: it is likely to do so for good.
const PATIENCE: Duration = Duration::from_millis(200);
/// How long one that runs may: libc blocks all signals for a moment, which is long where the processors are busy.
const PATIENCE_IF_IT_RUNS: Duration = Duration::from_secs(1);
/// How long any thread may take to stop. One that starts a program blocks all signals and waits until the other one
/// has begun, which the system calls a disk sleep.
const LONGEST: Duration = Duration::from_secs(5);
/// So many nanoseconds of a processor are enough for a thread to come back to the call that it was stopped in, and for
/// the pages that it writes to on its way to be copied.
const WAY_BACK: i64 = 500_000;

/// What is known of a thread.
#[derive(Debug, Default)]
pub(super) struct Slot {
    pub(super) tid: AtomicI32,
    /// 0 until the thread waits; the rest is valid from then on.
    parked: AtomicU32,
    /// The address of the signal's context, on the thread's stack.
    pub(super) context: AtomicUsize,
    pub(super) thread_pointer: AtomicUsize,
    /// Its `pthread_t`.
    pub(super) handle: AtomicUsize,
    /// Where libc keeps the thread's number. The kernel writes 0 there when the thread ends, and wakes who joins it.
    pub(super) clear_tid: AtomicUsize,
    pub(super) robust_list: AtomicUsize,
    pub(super) robust_length: AtomicUsize,
    pub(super) name: Name,
    /// The interrupted code may be about to read it.
    pub(super) errno: AtomicI32,
    /// Nanoseconds of a processor that the thread had used.
    used: AtomicI64,
    /// In the copy: the new thread's number; 0 for one that does not come back.
    pub(super) new_tid: AtomicI32,
    /// In the copy: whether it comes back only to end; see `ending`.
    pub(super) doomed: AtomicBool,
}

#[derive(Debug, Default)]
pub(super) struct Name(pub(super) UnsafeCell<[u8; 16]>);

// SAFETY: written by the slot's thread before `parked` is 1, read by others after that.
unsafe impl Sync for Name {}

impl Slot {
    fn is_parked(&self) -> bool {
        self.parked.load(Ordering::Acquire) != 0
    }
}

static SLOTS: AtomicPtr<Slot> = AtomicPtr::new(std::ptr::null_mut());
static USED: AtomicUsize = AtomicUsize::new(0);
/// Whether a thread that gets the signal is to wait.
static PARKING: AtomicBool = AtomicBool::new(false);
/// A futex: how many threads wait.
static PARKED: AtomicU32 = AtomicU32::new(0);
/// A futex: changes when they are to go on.
static ROUND: AtomicU32 = AtomicU32::new(0);

/// The slots in use.
pub(super) fn slots() -> &'static [Slot] {
    let slots = SLOTS.load(Ordering::Acquire);
    if slots.is_null() {
        return &[];
    }
    // SAFETY: `prepare` leaked `CAPACITY` slots there, and `USED` is never more.
    unsafe { std::slice::from_raw_parts(slots, USED.load(Ordering::Acquire)) }
}

/// Another number each time that threads have been stopped for a checkpoint, and go on. A system call may end with `EINTR` by that.
pub fn round() -> u32 {
    ROUND.load(Ordering::SeqCst)
}

/// Whether this thread was stopped for the last checkpoint, and has not run for long enough since to be back where it
/// was: what it does now says nothing.
pub(crate) fn is_on_its_way_back(tid: i32) -> bool {
    let mut slots = slots().iter().filter(|slot| slot.is_parked());
    let used = slots.find_map(|slot| {
        if slot.new_tid.load(Ordering::Relaxed) == tid {
            return Some(0); // another thread for the system, whose clock began anew
        }
        (slot.tid.load(Ordering::Relaxed) == tid).then(|| slot.used.load(Ordering::Relaxed))
    });
    used.is_some_and(|used| processor_time(tid).is_some_and(|now| now - used < WAY_BACK))
}

/// Nanoseconds of a processor that a thread of this process has used; none if it has ended.
fn processor_time(tid: i32) -> Option<i64> {
    // How Linux numbers the clock of a thread: "of one thread" (4), "as the scheduler counts" (2).
    let clock = !tid << 3 | 4 | 2;
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: `time` is valid for the answer.
    let known = unsafe { libc::clock_gettime(clock, &raw mut time) } == 0;
    known.then_some(time.tv_sec * 1_000_000_000 + time.tv_nsec)
}

pub(super) fn capacity() -> usize {
    CAPACITY
}

pub(super) fn signal() -> c_int {
    libc::SIGRTMAX() - 3
}

/// Installs the signal handler.
///
/// # Errors
/// When the system refuses, or cannot say what a thread's end has to clear.
pub(crate) fn prepare() -> io::Result<()> {
    if clear_tid_address() == 0 {
        return Err(io::ErrorKind::Unsupported.into());
    }
    if SLOTS.load(Ordering::Acquire).is_null() {
        let slots: Vec<Slot> = (0..CAPACITY).map(|_| Slot::default()).collect();
        SLOTS.store(
            Box::leak(slots.into_boxed_slice()).as_mut_ptr(),
            Ordering::Release,
        );
    }
    let handler: extern "C" fn(c_int, *mut libc::siginfo_t, *mut c_void) = wait_here;
    // SAFETY: all zeroes is a valid `sigaction`; the handler has the signature that SA_SIGINFO asks for, and makes
    // system calls only.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handler as usize;
        action.sa_flags = libc::SA_SIGINFO | libc::SA_RESTART;
        libc::sigfillset(&raw mut action.sa_mask);
        if libc::sigaction(signal(), &raw const action, std::ptr::null_mut()) != 0 {
            return Err(io::Error::last_os_error());
        }
    }
    Ok(())
}

/// All other threads wait, until this is dropped.
#[derive(Debug)]
pub(super) struct Parked(());

impl Parked {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.threads().count()
    }

    pub(super) fn threads(&self) -> impl Iterator<Item = &'static Slot> {
        slots().iter().filter(|slot| slot.is_parked())
    }

    /// Adds the old and new number of each that is there again.
    pub(super) fn note_new(&self, numbers: &mut Vec<(i32, i32)>) {
        let number = |slot: &Slot| {
            let new = slot.new_tid.load(Ordering::Relaxed);
            (new != 0).then(|| (slot.tid.load(Ordering::Relaxed), new))
        };
        numbers.extend(self.threads().filter_map(number));
    }
}

impl Drop for Parked {
    fn drop(&mut self) {
        PARKING.store(false, Ordering::SeqCst);
        ROUND.fetch_add(1, Ordering::SeqCst);
        let _ = futex::wake(&ROUND, futex::Flags::PRIVATE, u32::MAX >> 1);
    }
}

/// Stops all other threads. From the first one on nothing here touches a lock or the allocator, which that
/// thread may hold.
///
/// # Errors
/// `TimedOut` when one does not stop; `OutOfMemory` when there are too many.
pub(super) fn all() -> io::Result<Parked> {
    if SLOTS.load(Ordering::Acquire).is_null() {
        return Err(io::ErrorKind::Unsupported.into());
    }
    let (own, process) = (tasks::own(), std::process::id().cast_signed());
    let begun = Instant::now();
    USED.store(0, Ordering::Release);
    PARKED.store(0, Ordering::SeqCst);
    PARKING.store(true, Ordering::SeqCst);
    let parked = Parked(());
    loop {
        let mut found = false;
        let mut full = false;
        tasks::each(|tid| {
            let known = slots()
                .iter()
                .any(|slot| slot.tid.load(Ordering::Relaxed) == tid);
            if tid == own || known {
                return;
            }
            found = true;
            full |= !ask(tid, process);
        })?;
        if full {
            return Err(io::ErrorKind::OutOfMemory.into());
        }
        if !found {
            return Ok(parked); // a thread that waits starts no other
        }
        wait_for_all(process, begun)?;
    }
}

/// Sends the signal to a thread; false if there is no slot for it.
fn ask(tid: i32, process: i32) -> bool {
    let used = USED.load(Ordering::Relaxed);
    if used == CAPACITY {
        return false;
    }
    // SAFETY: within the slots that `prepare` leaked.
    let slot = unsafe { &*SLOTS.load(Ordering::Relaxed).add(used) };
    slot.parked.store(0, Ordering::Relaxed);
    slot.new_tid.store(0, Ordering::Relaxed);
    slot.tid.store(tid, Ordering::Relaxed);
    USED.store(used + 1, Ordering::Release);
    // SAFETY: it only sends a signal; if the thread has ended, nothing happens.
    unsafe { libc::syscall(libc::SYS_tgkill, process, tid, signal()) };
    true
}

/// Waits until each thread that was asked waits, or has ended.
fn wait_for_all(process: i32, begun: Instant) -> io::Result<()> {
    loop {
        let seen = PARKED.load(Ordering::SeqCst);
        let exists = |slot: &Slot| {
            let tid = slot.tid.load(Ordering::Relaxed);
            // SAFETY: signal 0 only asks.
            unsafe { libc::syscall(libc::SYS_tgkill, process, tid, 0) == 0 }
        };
        if slots().iter().all(|slot| slot.is_parked() || !exists(slot)) {
            return Ok(());
        }
        let waited = begun.elapsed();
        let blocks_for_long = |slot: &Slot| {
            let tid = slot.tid.load(Ordering::Relaxed);
            let blocks = || tasks::state_if_it_blocks(tid, signal());
            !slot.is_parked()
                && exists(slot)
                && blocks().is_some_and(|state| match state {
                    b'S' => true,
                    b'R' => waited >= PATIENCE_IF_IT_RUNS,
                    _ => false,
                })
        };
        if waited >= LONGEST || waited >= PATIENCE && slots().iter().any(blocks_for_long) {
            return Err(io::ErrorKind::TimedOut.into());
        }
        let pause = rustix::time::Timespec {
            tv_sec: 0,
            tv_nsec: 1_000_000,
        };
        let _ = futex::wait(&PARKED, futex::Flags::PRIVATE, seen, Some(&pause));
    }
}

/// Where libc keeps the current thread's number.
pub(super) fn clear_tid_address() -> usize {
    let mut address = 0_usize;
    // SAFETY: `address` is valid for the answer.
    unsafe { libc::prctl(libc::PR_GET_TID_ADDRESS, &raw mut address, 0, 0, 0) };
    address
}

/// The signal handler: notes what is needed to make this thread anew, and waits.
extern "C" fn wait_here(_: c_int, _: *mut libc::siginfo_t, context: *mut c_void) {
    // SAFETY: the address of the thread's own `errno`, which the interrupted code may be about to read.
    let errno = unsafe { *libc::__errno_location() };
    ending::end_if_doomed(context.addr());
    let round = ROUND.load(Ordering::SeqCst);
    let own = tasks::own();
    let mut slots = slots().iter();
    let slot = slots.find(|slot| slot.tid.load(Ordering::Relaxed) == own);
    if let Some(slot) = slot.filter(|slot| PARKING.load(Ordering::SeqCst) && !slot.is_parked()) {
        note(slot, context);
        slot.errno.store(errno, Ordering::Relaxed);
        let used = processor_time(own).unwrap_or(0);
        slot.used.store(used, Ordering::Relaxed);
        slot.parked.store(1, Ordering::Release);
        PARKED.fetch_add(1, Ordering::SeqCst);
        let _ = futex::wake(&PARKED, futex::Flags::PRIVATE, 1);
        while ROUND.load(Ordering::SeqCst) == round {
            let _ = futex::wait(&ROUND, futex::Flags::PRIVATE, round, None);
        }
    }
    // SAFETY: as above.
    unsafe { *libc::__errno_location() = errno };
}

fn note(slot: &Slot, context: *mut c_void) {
    let (mut list, mut length) = (0_usize, 0_usize);
    // SAFETY: both addresses are valid for the answer; so is the name's, of 16 bytes, which only this thread
    // touches until it says that it waits.
    unsafe {
        libc::syscall(libc::SYS_get_robust_list, 0, &raw mut list, &raw mut length);
        libc::prctl(libc::PR_GET_NAME, slot.name.0.get());
    }
    slot.robust_list.store(list, Ordering::Relaxed);
    slot.robust_length.store(length, Ordering::Relaxed);
    slot.clear_tid.store(clear_tid_address(), Ordering::Relaxed);
    slot.thread_pointer
        .store(arch::thread_pointer(), Ordering::Relaxed);
    slot.handle.store(arch::own_handle(), Ordering::Relaxed);
    slot.context.store(context.addr(), Ordering::Relaxed);
}
