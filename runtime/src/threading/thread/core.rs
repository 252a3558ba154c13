//! What a thread's object holds, whatever its result: state, names, target.

use std::num::NonZeroU64;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering};

use crate::sync::{Mutex, lock};
use crate::threading::thread::thread_panic::ThreadPanic;
use crate::wait::{Deadline, WaitSet, Wanted};

/// What the thread runs; it keeps the result itself.
pub(in crate::threading) type Target = Box<dyn FnOnce() + Send>;

/// What is to be done if the thread crashes, and does not come back.
pub(crate) type OnCrash = Box<dyn FnOnce(ThreadPanic) + Send>;

/// Where a thread is in its life.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(in crate::threading) enum ThreadState {
    New = 0,
    Started = 1,
    Ended = 2,
}

/// Where a thread comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::threading) enum Origin {
    Ours,
    Main,
    Foreign,
}

pub(in crate::threading) struct Core {
    pub(in crate::threading) origin: Origin,
    state: AtomicU8,
    /// 0 before the start.
    ident: AtomicU64,
    /// 0 before the thread has run its first step.
    native_id: AtomicU32,
    pub(in crate::threading) daemon: AtomicBool,
    name: Mutex<Arc<str>>,
    pub(in crate::threading) stack_size: Option<usize>,
    target: Mutex<Option<Target>>,
    panic: Mutex<Option<ThreadPanic>>,
    on_crash: Mutex<Vec<OnCrash>>,
    ended: WaitSet,
}

impl Core {
    pub(in crate::threading) fn new(
        name: Arc<str>,
        daemon: bool,
        stack_size: Option<usize>,
    ) -> Self {
        Self {
            origin: Origin::Ours,
            state: AtomicU8::new(ThreadState::New as u8),
            ident: AtomicU64::new(0),
            native_id: AtomicU32::new(0),
            daemon: AtomicBool::new(daemon),
            name: Mutex::new(name),
            stack_size,
            target: Mutex::new(None),
            panic: Mutex::new(None),
            on_crash: Mutex::new(Vec::new()),
            ended: WaitSet::new(),
        }
    }

    /// The object of a thread that runs already.
    pub(in crate::threading) fn running(origin: Origin, name: Arc<str>, ident: NonZeroU64) -> Self {
        let mut core = Self::new(name, origin == Origin::Foreign, None);
        core.origin = origin;
        core.ident = AtomicU64::new(ident.get());
        core.state = AtomicU8::new(ThreadState::Started as u8);
        core
    }

    pub(in crate::threading) fn state(&self) -> ThreadState {
        match self.state.load(Ordering::Acquire) {
            0 => ThreadState::New,
            1 => ThreadState::Started,
            _ => ThreadState::Ended,
        }
    }

    /// Goes from new to started; false if that has been done before.
    pub(in crate::threading) fn begin(&self, ident: NonZeroU64) -> bool {
        let (new, started) = (ThreadState::New as u8, ThreadState::Started as u8);
        let begun = self
            .state
            .compare_exchange(new, started, Ordering::AcqRel, Ordering::Relaxed)
            .is_ok();
        if begun {
            self.ident.store(ident.get(), Ordering::Release);
        }
        begun
    }

    /// Goes back to new: the system gave no thread.
    pub(in crate::threading) fn unbegin(&self) {
        self.ident.store(0, Ordering::Release);
        self.state.store(ThreadState::New as u8, Ordering::Release);
    }

    /// The thread has ended, in this panic if there is one.
    pub(in crate::threading) fn end(&self, panic: Option<ThreadPanic>) {
        *lock(&self.panic) = panic;
        self.state
            .store(ThreadState::Ended as u8, Ordering::Release);
        self.ended.wake_all();
    }

    /// Waits until the thread has ended; false if the deadline passed before.
    pub(in crate::threading) fn wait_end(&self, deadline: Deadline) -> bool {
        let mut ended = || self.state() == ThreadState::Ended;
        self.ended.wait_until(Wanted::Thread, deadline, &mut ended)
    }

    pub(in crate::threading) fn ident(&self) -> Option<NonZeroU64> {
        NonZeroU64::new(self.ident.load(Ordering::Acquire))
    }

    pub(in crate::threading) fn native_id(&self) -> Option<u32> {
        match self.origin {
            Origin::Main => Some(std::process::id()),
            _ => Some(self.native_id.load(Ordering::Acquire)).filter(|id| *id != 0),
        }
    }

    pub(in crate::threading) fn set_native_id(&self, id: u32) {
        self.native_id.store(id, Ordering::Release);
    }

    pub(in crate::threading) fn name(&self) -> Arc<str> {
        lock(&self.name).clone()
    }

    pub(in crate::threading) fn set_name(&self, name: Arc<str>) {
        *lock(&self.name) = name;
    }

    pub(in crate::threading) fn set_target(&self, target: Target) {
        *lock(&self.target) = Some(target);
    }

    pub(in crate::threading) fn take_target(&self) -> Option<Target> {
        lock(&self.target).take()
    }

    pub(in crate::threading) fn push_on_crash(&self, call: OnCrash) {
        lock(&self.on_crash).push(call);
    }

    pub(in crate::threading) fn pop_on_crash(&self) {
        let call = lock(&self.on_crash).pop();
        drop(call); // outside the lock: it may be the last to hold something
    }

    /// The thread has crashed, and does not come back.
    pub(in crate::threading) fn crash(&self, crash: ThreadPanic) {
        self.end(Some(crash.clone()));
        let calls = std::mem::take(&mut *lock(&self.on_crash));
        for call in calls.into_iter().rev() {
            call(crash.clone());
        }
    }

    pub(in crate::threading) fn panic(&self) -> Option<ThreadPanic> {
        lock(&self.panic).clone()
    }
}
