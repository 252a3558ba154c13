//! What is noted.
//!
//! | what | where from |
//! |---|---|
//! | waits on a futex, and wakes: std's locks, channels, parking, and those of other crates | the host's own `syscall` |
//! | sleeps, joins, threads that begin and end | the host's own `clock_nanosleep`, `pthread_join`, `pthread_create` |
//! | waits for the runtime's primitives; its locks when they are taken and released | `wait`, `threading::raw::lock` |
//! | tasks of pools; output | `process::task_origin`, the workers of pools; `process::output` |

use std::cell::Cell;

use rustix::time::{ClockId, clock_gettime};

use super::lanes::{is_on, write};
use crate::process::crash::walk;

macro_rules! kinds {
    ($($kind:ident)*) => {
        /// The kinds of events. As they are written, the first one is 1.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub(super) enum Kind {
            $($kind,)*
        }

        impl Kind {
            const ALL: &[Self] = &[$(Self::$kind),*];
        }
    };
}

kinds! {
    Begins Ends Starts WaitsOnFutex WaitsFor WaitsForThread Sleeps GoesOn Wakes Takes Releases BeginsTask EndsTask Prints Named
}

impl Kind {
    /// As it is written.
    fn number(self) -> u64 {
        self as u64 + 1
    }

    /// The kind that is written so.
    pub(super) fn of_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number).checked_sub(1)?).copied()
    }
}

/// How many words an event has before its frames and its text: the time; kind, number of frames, bytes of the text,
/// and a number; the object; the processor's time.
pub(super) const HEAD: usize = 4;
/// So many calls are noted of a stack.
const FRAMES: usize = 24;
/// So many bytes of a text.
const TEXT: usize = 40;

/// An event that is about to be written.
struct Note {
    time: u64,
    kind: Kind,
    number: u32,
    object: u64,
    /// Whether the processor's time is noted, which takes a system call.
    with_processor: bool,
    with_frames: bool,
}

impl Note {
    fn new(kind: Kind, object: u64) -> Self {
        Self {
            time: now(),
            kind,
            number: 0,
            object,
            with_processor: false,
            with_frames: false,
        }
    }

    fn with_frames(self) -> Self {
        Self {
            with_frames: true,
            ..self
        }
    }

    fn with_processor(self) -> Self {
        Self {
            with_processor: true,
            ..self
        }
    }

    fn number(self, number: u32) -> Self {
        Self { number, ..self }
    }

    fn write(self, text: &[u8]) {
        let mut frames = [0_u64; FRAMES];
        let mut count = 0;
        if self.with_frames {
            walk(0, &mut |call| {
                frames[count] = call.address as u64;
                count += 1;
                count < FRAMES
            });
        }
        let text = &text[..text.len().min(TEXT)];
        let mut words = [0_u64; TEXT / 8];
        for (word, bytes) in words.iter_mut().zip(text.chunks(8)) {
            let mut all = [0; 8];
            all[..bytes.len()].copy_from_slice(bytes);
            *word = u64::from_le_bytes(all);
        }
        let processor = match self.with_processor {
            true => clock(ClockId::ThreadCPUTime),
            false => 0,
        };
        let kind = self.kind.number()
            | (count as u64) << 8
            | (text.len() as u64) << 16
            | u64::from(self.number) << 32;
        let head = [self.time, kind, self.object, processor];
        write(&[&head, &frames[..count], &words[..text.len().div_ceil(8)]]);
    }
}

/// Nanoseconds of a clock. By the system alone: libc's functions are the host's, which take note of who knows the time.
fn clock(clock: ClockId) -> u64 {
    let time = clock_gettime(clock);
    time.tv_sec.cast_unsigned() * 1_000_000_000 + time.tv_nsec.cast_unsigned()
}

/// The time, as events have it.
pub(super) fn now() -> u64 {
    clock(ClockId::Monotonic)
}

thread_local! {
    /// Whether futexes are those of a wait that is noted otherwise.
    static INNER: Cell<bool> = const { Cell::new(false) };
}

/// Until this is dropped, what the current thread does on futexes is a part of what it has noted.
#[derive(Debug)]
pub(crate) struct Inner(bool);

impl Inner {
    pub(crate) fn enter() -> Self {
        Self(INNER.try_with(|inner| inner.replace(true)).unwrap_or(true))
    }

    fn is_in() -> bool {
        INNER.try_with(Cell::get).unwrap_or(true)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let _ = INNER.try_with(|inner| inner.set(self.0));
    }
}

/// A wait that is noted; its end is noted when this is dropped.
#[derive(Debug)]
pub struct Waits(());

impl Drop for Waits {
    fn drop(&mut self) {
        if is_on() {
            Note::new(Kind::GoesOn, 0).with_processor().write(&[]);
        }
    }
}

fn begin(note: Note, text: &[u8]) -> Waits {
    note.with_frames().with_processor().write(text);
    Waits(())
}

/// The current thread is about to wait on a futex, until the result is dropped.
#[inline]
#[must_use]
pub fn waits_on_futex(word: usize) -> Option<Waits> {
    let is_noted = is_on() && !Inner::is_in();
    is_noted.then(|| begin(Note::new(Kind::WaitsOnFutex, word as u64), &[]))
}

/// A call that wakes threads that wait on a futex.
#[derive(Debug)]
pub struct WakesFutex {
    time: u64,
    word: usize,
}

/// The current thread is about to wake threads that wait on a futex.
#[inline]
#[must_use]
pub fn wakes_futex(word: usize) -> Option<WakesFutex> {
    let is_noted = is_on() && !Inner::is_in();
    is_noted.then(|| WakesFutex { time: now(), word })
}

impl WakesFutex {
    /// So many were woken.
    pub fn woken(self, count: u32) {
        if count > 0 {
            let note = Note {
                time: self.time,
                ..Note::new(Kind::Wakes, self.word as u64)
            };
            note.number(count).with_frames().write(&[]);
        }
    }
}

/// The current thread is about to wake threads that wait on a word of the runtime's: `wake` does that, and says how many
/// there were.
pub(crate) fn wakes(word: usize, wake: impl FnOnce() -> usize) {
    if !is_on() {
        wake();
        return;
    }
    let time = now();
    let inner = Inner::enter();
    let count = wake();
    drop(inner);
    let futex = WakesFutex { time, word };
    futex.woken(u32::try_from(count).unwrap_or(u32::MAX));
}

/// The current thread is about to sleep, until the result is dropped.
#[inline]
#[must_use]
pub fn sleeps(nanoseconds: u64) -> Option<Waits> {
    is_on().then(|| begin(Note::new(Kind::Sleeps, nanoseconds), &[]))
}

/// The current thread is about to wait for something of the runtime's, until the result is dropped.
#[must_use]
pub(crate) fn waits_for(kind: &str, word: usize) -> Option<(Waits, Inner)> {
    is_on().then(|| {
        let waits = begin(Note::new(Kind::WaitsFor, word as u64), kind.as_bytes());
        (waits, Inner::enter())
    })
}

/// The current thread is about to wait for the end of another one, until the result is dropped.
#[must_use]
pub(crate) fn waits_for_thread(handle: usize) -> Option<Waits> {
    is_on().then(|| begin(Note::new(Kind::WaitsForThread, handle as u64), &[]))
}

/// The current thread, of this cell, begins.
pub(crate) fn begins(cell: u32) {
    if is_on() {
        let note = Note::new(Kind::Begins, 0).number(cell);
        note.with_processor().write(&[]);
    }
}

/// What the current thread is called.
pub(crate) fn named(name: &str) {
    if is_on() {
        Note::new(Kind::Named, 0).write(name.as_bytes());
    }
}

/// The current thread is about to end.
pub(crate) fn ends() {
    if is_on() {
        let note = Note::new(Kind::Ends, 0).with_processor();
        let name = name();
        let length = name.iter().position(|byte| *byte == 0);
        note.write(&name[..length.unwrap_or(name.len())]);
    }
}

/// The current thread's name, as the system has it: bytes up to a zero.
fn name() -> [u8; 16] {
    let mut name = [0; 16];
    // SAFETY: the system writes 16 bytes at most.
    unsafe { libc::prctl(libc::PR_GET_NAME, name.as_mut_ptr()) };
    name
}

/// The current thread has started another one.
pub(crate) fn starts(handle: usize) {
    if is_on() {
        let note = Note::new(Kind::Starts, handle as u64);
        note.with_frames().write(&[]);
    }
}

/// The current thread has taken a lock.
#[inline]
pub(crate) fn takes(word: usize) {
    if is_on() {
        Note::new(Kind::Takes, word as u64).write(&[]);
    }
}

/// The current thread is about to release a lock.
#[inline]
pub(crate) fn releases(word: usize) {
    if is_on() {
        Note::new(Kind::Releases, word as u64).write(&[]);
    }
}

/// The current thread runs a task of a pool, for as long as the result lives.
#[derive(Debug)]
pub(crate) struct Task(());

/// Notes that a task of a pool begins.
pub(crate) fn task() -> Option<Task> {
    is_on().then(|| {
        let note = Note::new(Kind::BeginsTask, 0);
        note.with_frames().with_processor().write(&[]);
        Task(())
    })
}

impl Drop for Task {
    fn drop(&mut self) {
        if is_on() {
            Note::new(Kind::EndsTask, 0).with_processor().write(&[]);
        }
    }
}

/// The current thread prints this.
#[inline]
pub(crate) fn prints(text: &[u8]) {
    if is_on() {
        let note = Note::new(Kind::Prints, text.len() as u64);
        note.with_frames().write(text);
    }
}
