//! What each thread knows of the others, beside what shuttle keeps: what fences have passed on.

use std::cell::{Cell, RefCell};

use shuttle_engine::runtime::execution::ExecutionState;
pub use shuttle_engine::runtime::task::clock::VectorClock;
use shuttle_engine::runtime::thread;
use std::sync::atomic::Ordering;

thread_local! {
    static IS_ATOMIC: Cell<bool> = const { Cell::new(false) };
    static WEAK: Cell<bool> = const { Cell::new(true) };
    static FENCES: RefCell<Fences> = RefCell::default();
    static THREADS: RefCell<Threads> = RefCell::default();
}

/// What threads pass on by ending and by letting others go on, which shuttle does not keep.
#[derive(Default)]
struct Threads {
    /// By thread: what it knew when it ended.
    ended: Vec<VectorClock>,
    /// By thread: what those knew who have unparked it.
    unparked: Vec<VectorClock>,
    /// The threads of the scopes, which are told apart by their addresses.
    scopes: Vec<(usize, usize)>,
}

/// What fences pass on.
#[derive(Default)]
struct Fences {
    /// By thread: what its stores without an ordering of their own publish.
    published: Vec<VectorClock>,
    /// By thread: what its next fence makes known to it.
    pending: Vec<VectorClock>,
    /// The order of all sequentially consistent fences.
    total: Option<VectorClock>,
}

/// Whether loads and stores have the orderings of C11, or are all sequentially consistent.
pub fn set_weak(weak: bool) {
    WEAK.set(weak);
}

/// As [`set_weak`] has said.
pub fn is_weak() -> bool {
    WEAK.get()
}

/// A run begins.
pub(super) fn begin() {
    IS_ATOMIC.set(false);
    FENCES.take();
    THREADS.take();
}

/// Whether an ordering acquires.
pub fn acquires(order: Ordering) -> bool {
    matches!(
        order,
        Ordering::Acquire | Ordering::AcqRel | Ordering::SeqCst
    )
}

/// Whether an ordering releases.
pub fn releases(order: Ordering) -> bool {
    matches!(
        order,
        Ordering::Release | Ordering::AcqRel | Ordering::SeqCst
    )
}

/// Another thread may run here.
pub fn switch() {
    if !IS_ATOMIC.get() {
        thread::switch();
    }
}

/// Whether no other thread may run now.
pub(super) fn is_atomic() -> bool {
    IS_ATOMIC.get()
}

/// Does something during which no other thread runs.
pub fn atomically<R>(act: impl FnOnce() -> R) -> R {
    let before = IS_ATOMIC.replace(true);
    let result = act();
    IS_ATOMIC.set(before);
    result
}

/// The running thread, and its clock after one more step.
pub fn tick() -> (usize, VectorClock) {
    ExecutionState::with(|state| {
        let thread = usize::from(state.current().id());
        (thread, state.increment_clock().clone())
    })
}

/// What a clock says of a thread.
pub fn time_of(clock: &VectorClock, thread: usize) -> u32 {
    clock.iter().copied().nth(thread).unwrap_or(0)
}

/// What was published to the running thread is known to it from now on.
pub fn learn(clock: &VectorClock) {
    ExecutionState::with(|state| state.update_clock(clock));
}

/// What was published is known to a thread from its next fence on.
pub fn learn_by_fence(thread: usize, clock: &VectorClock) {
    FENCES.with_borrow_mut(|fences| of(&mut fences.pending, thread).update(clock));
}

/// What the last releasing fence of a thread lets its relaxed stores publish.
pub fn published_by_fence(thread: usize) -> VectorClock {
    FENCES.with_borrow_mut(|fences| of(&mut fences.published, thread).clone())
}

/// A fence of the running thread.
pub fn fence(order: Ordering) {
    let (thread, mut clock) = tick();
    let news = FENCES.with_borrow_mut(|fences| {
        let mut news = VectorClock::new();
        if acquires(order) {
            news.update(of(&mut fences.pending, thread));
        }
        if order == Ordering::SeqCst
            && let Some(total) = &fences.total
        {
            news.update(total);
        }
        clock.update(&news);
        if releases(order) {
            *of(&mut fences.published, thread) = clock.clone();
        }
        if order == Ordering::SeqCst {
            let total = fences.total.get_or_insert_with(VectorClock::new);
            total.update(&clock);
        }
        news
    });
    learn(&news);
}

/// The running thread ends.
pub fn publish_end() {
    let (thread, clock) = tick();
    THREADS.with_borrow_mut(|threads| of(&mut threads.ended, thread).update(&clock));
}

/// The running thread knows that another one has ended.
pub fn learn_end(thread: usize) {
    let clock = THREADS.with_borrow_mut(|threads| of(&mut threads.ended, thread).clone());
    learn(&clock);
}

/// A thread is one of a scope.
pub fn enter_scope(scope: usize, thread: usize) {
    THREADS.with_borrow_mut(|threads| threads.scopes.push((scope, thread)));
}

/// All threads of a scope have ended.
pub fn leave_scope(scope: usize) {
    let ended = THREADS.with_borrow_mut(|threads| {
        let of_it = threads.scopes.extract_if(.., |(own, _)| *own == scope);
        of_it.collect::<Vec<_>>()
    });
    for (_, thread) in ended {
        learn_end(thread);
    }
}

/// The running thread unparks another one.
pub fn publish_unpark(thread: usize) {
    let (_, clock) = tick();
    THREADS.with_borrow_mut(|threads| of(&mut threads.unparked, thread).update(&clock));
}

/// The running thread has been unparked.
pub fn learn_unpark() {
    let (thread, _) = tick();
    let clock = THREADS.with_borrow_mut(|threads| of(&mut threads.unparked, thread).clone());
    learn(&clock);
}

fn of(clocks: &mut Vec<VectorClock>, thread: usize) -> &mut VectorClock {
    if clocks.len() <= thread {
        clocks.resize_with(thread + 1, VectorClock::new);
    }
    &mut clocks[thread]
}
