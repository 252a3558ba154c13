//! `Once`, `OnceLock` and `LazyLock`, on a lock of the schedule's.

use std::cell::{Cell, RefCell, UnsafeCell};
use std::fmt;
use std::ops::Deref;
use std::panic::Location;

use super::mutex::Mutex;
use crate::engine::clocks::{VectorClock, learn, switch, tick};
use crate::engine::log::{Action, note};

/// As std's.
pub struct OnceLock<T> {
    lock: Mutex<()>,
    value: UnsafeCell<Option<T>>,
    /// What its maker knew.
    published: RefCell<Option<VectorClock>>,
}

// SAFETY: the value is written once, under the lock, and shared after that.
unsafe impl<T: Send + Sync> Sync for OnceLock<T> {}

impl<T> OnceLock<T> {
    /// As std's.
    #[track_caller]
    pub const fn new() -> Self {
        Self::of_kind("OnceLock")
    }

    #[track_caller]
    const fn of_kind(kind: &'static str) -> Self {
        Self {
            lock: Mutex::of_kind(kind, ()),
            value: UnsafeCell::new(None),
            published: RefCell::new(None),
        }
    }

    /// As std's.
    pub fn get(&self) -> Option<&T> {
        switch();
        if let Some(published) = &*self.published.borrow() {
            learn(published);
        }
        // SAFETY: it is written once, before anybody has a reference to what is in it.
        unsafe { (*self.value.get()).as_ref() }
    }

    /// As std's.
    pub fn get_mut(&mut self) -> Option<&mut T> {
        self.value.get_mut().as_mut()
    }

    /// As std's.
    ///
    /// # Errors
    /// When there is a value.
    #[track_caller]
    pub fn set(&self, value: T) -> Result<(), T> {
        let mut value = Some(value);
        self.get_or_init(|| value.take().expect("it is called once"));
        value.map_or(Ok(()), Err)
    }

    /// As std's.
    #[track_caller]
    pub fn get_or_init(&self, make: impl FnOnce() -> T) -> &T {
        if let Some(value) = self.get() {
            return value;
        }
        let _lock = self.lock.lock();
        // SAFETY: under the lock nobody else looks at it, and what is there is not written again.
        let is_empty = unsafe { (*self.value.get()).is_none() };
        if is_empty {
            let value = make();
            // SAFETY: as above; it is empty, so nobody has a reference to what is in it.
            unsafe { *self.value.get() = Some(value) };
            self.published.replace(Some(tick().1));
            crate::engine::parking::made(self.lock.number());
        }
        // SAFETY: as above.
        unsafe { (*self.value.get()).as_ref() }.expect("it was just made")
    }

    /// As std's.
    #[track_caller]
    pub fn wait(&self) -> &T {
        let (place, object) = (Location::caller(), self.lock.number());
        if let Some(value) = self.get() {
            return value;
        }
        note(place, Action::Want("its value", object));
        loop {
            crate::engine::parking::wait_for(object);
            if let Some(value) = self.get() {
                note(place, Action::Got("its value", object));
                return value;
            }
        }
    }

    /// As std's.
    pub fn into_inner(self) -> Option<T> {
        self.value.into_inner()
    }

    /// As std's.
    pub fn take(&mut self) -> Option<T> {
        self.value.get_mut().take()
    }
}

impl<T: Clone> Clone for OnceLock<T> {
    #[track_caller]
    fn clone(&self) -> Self {
        let mut new = Self::new();
        *new.value.get_mut() = self.get().cloned();
        new
    }
}

impl<T: PartialEq> PartialEq for OnceLock<T> {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl<T: Eq> Eq for OnceLock<T> {}

impl<T> Default for OnceLock<T> {
    #[track_caller]
    fn default() -> Self {
        Self::new()
    }
}

impl<T> From<T> for OnceLock<T> {
    #[track_caller]
    fn from(value: T) -> Self {
        let mut new = Self::new();
        *new.value.get_mut() = Some(value);
        new
    }
}

impl<T: fmt::Debug> fmt::Debug for OnceLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnceLock(..)")
    }
}

/// As std's.
pub struct Once(OnceLock<()>);

impl Once {
    /// As std's.
    #[track_caller]
    #[expect(clippy::new_without_default, reason = "std's has none")]
    pub const fn new() -> Self {
        Self(OnceLock::of_kind("Once"))
    }

    /// As std's.
    #[track_caller]
    pub fn call_once(&self, call: impl FnOnce()) {
        self.0.get_or_init(call);
    }

    /// As std's; nothing has ever gone wrong before, since a panic of another call leaves nothing behind.
    #[track_caller]
    pub fn call_once_force(&self, call: impl FnOnce(&OnceState)) {
        self.0.get_or_init(|| call(&OnceState(())));
    }

    /// As std's.
    #[track_caller]
    pub fn wait(&self) {
        self.0.wait();
    }

    /// As std's.
    #[track_caller]
    pub fn wait_force(&self) {
        self.0.wait();
    }

    /// As std's.
    pub fn is_completed(&self) -> bool {
        self.0.get().is_some()
    }
}

impl fmt::Debug for Once {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Once { .. }")
    }
}

/// As std's.
#[derive(Debug)]
pub struct OnceState(());

impl OnceState {
    /// As std's.
    #[must_use]
    pub fn is_poisoned(&self) -> bool {
        false
    }
}

/// As std's.
pub struct LazyLock<T, F = fn() -> T> {
    value: OnceLock<T>,
    make: Cell<Option<F>>,
}

// SAFETY: the function is taken once, under the lock.
unsafe impl<T: Send + Sync, F: Send> Sync for LazyLock<T, F> {}

impl<T, F: FnOnce() -> T> LazyLock<T, F> {
    /// As std's.
    #[track_caller]
    pub const fn new(make: F) -> Self {
        Self {
            value: OnceLock::of_kind("LazyLock"),
            make: Cell::new(Some(make)),
        }
    }

    /// As std's.
    #[track_caller]
    pub fn force(this: &Self) -> &T {
        this.value.get_or_init(|| {
            let make = this.make.take().expect("a panic ends the schedule");
            make()
        })
    }
}

impl<T, F: FnOnce() -> T> Deref for LazyLock<T, F> {
    type Target = T;

    #[track_caller]
    fn deref(&self) -> &T {
        Self::force(self)
    }
}

impl<T: fmt::Debug, F> fmt::Debug for LazyLock<T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LazyLock(..)")
    }
}

impl<T: Default> Default for LazyLock<T> {
    #[track_caller]
    fn default() -> Self {
        Self::new(T::default)
    }
}
