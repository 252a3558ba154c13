//! `Mutex`.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::sync::{LockResult, PoisonError, TryLockError, TryLockResult};

use shuttle::sync as model;

use crate::engine::log::{Action, Object, Place, note};
use crate::engine::panics::{Poison, is_panicking};

/// As std's.
pub struct Mutex<T: ?Sized> {
    object: Object,
    poison: Poison,
    inner: model::Mutex<T>,
}

/// As std's.
#[must_use = "if unused the Mutex will immediately unlock"]
pub struct MutexGuard<'a, T: ?Sized> {
    inner: Option<model::MutexGuard<'a, T>>,
    mutex: &'a Mutex<T>,
    /// Where it was locked: its end has no place of its own.
    place: Place,
    was_panicking: bool,
}

impl<T> Mutex<T> {
    /// As std's.
    #[track_caller]
    pub const fn new(value: T) -> Self {
        Self::of_kind("Mutex", value)
    }

    /// One that is a part of something else.
    #[track_caller]
    pub(super) const fn of_kind(kind: &'static str, value: T) -> Self {
        Self {
            object: Object::new(kind),
            poison: Poison::new(),
            inner: model::Mutex::new(value),
        }
    }

    /// As std's.
    pub fn into_inner(self) -> LockResult<T> {
        let value = self.inner.into_inner();
        self.poison
            .checked(value.unwrap_or_else(PoisonError::into_inner))
    }
}

impl<T: ?Sized> Mutex<T> {
    /// As std's.
    #[track_caller]
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        let (place, object) = (Location::caller(), self.object.number());
        note(place, Action::Want("lock", object));
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        note(place, Action::Got("lock", object));
        self.guard(inner, place)
    }

    fn guard<'a>(
        &'a self,
        inner: model::MutexGuard<'a, T>,
        place: Place,
    ) -> LockResult<MutexGuard<'a, T>> {
        self.poison.checked(MutexGuard {
            inner: Some(inner),
            mutex: self,
            place,
            was_panicking: is_panicking(),
        })
    }

    /// Its number among what threads share.
    pub(super) fn number(&self) -> u32 {
        self.object.number()
    }

    /// As std's.
    #[track_caller]
    pub fn try_lock(&self) -> TryLockResult<MutexGuard<'_, T>> {
        let (place, object) = (Location::caller(), self.object.number());
        let inner = match self.inner.try_lock() {
            Ok(inner) => inner,
            Err(TryLockError::Poisoned(error)) => error.into_inner(),
            Err(TryLockError::WouldBlock) => {
                note(place, Action::Refused("try_lock", object));
                return Err(TryLockError::WouldBlock);
            }
        };
        note(place, Action::Got("try_lock", object));
        Ok(self.guard(inner, place)?)
    }

    /// As std's.
    pub fn get_mut(&mut self) -> LockResult<&mut T> {
        let value = self.inner.get_mut();
        self.poison
            .checked(value.unwrap_or_else(PoisonError::into_inner))
    }

    /// As std's.
    pub fn is_poisoned(&self) -> bool {
        self.poison.is_set()
    }

    /// As std's.
    pub fn clear_poison(&self) {
        self.poison.clear();
    }
}

impl<'a, T: ?Sized> MutexGuard<'a, T> {
    /// Unlocks for a wait, and has it locked again by what `wait` gives.
    pub(super) fn during(
        mut self,
        place: Place,
        wait: impl FnOnce(model::MutexGuard<'a, T>, &'a model::Mutex<T>) -> model::MutexGuard<'a, T>,
    ) -> LockResult<Self> {
        let inner = self.inner.take().expect("it is locked");
        let object = self.mutex.object.number();
        note(place, Action::Release("unlock", object));
        self.inner = Some(wait(inner, &self.mutex.inner));
        note(place, Action::Got("lock", object));
        self.place = place;
        self.mutex.poison.checked(self)
    }
}

impl<T: ?Sized> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        if let Some(inner) = self.inner.take() {
            self.mutex.poison.leave(self.was_panicking);
            drop(inner);
            let object = self.mutex.object.number();
            note(self.place, Action::Release("unlock", object));
        }
    }
}

impl<T: ?Sized> Deref for MutexGuard<'_, T> {
    type Target = T;

    #[track_caller]
    fn deref(&self) -> &T {
        let object = self.mutex.object.number();
        note(
            Location::caller(),
            Action::Access {
                object,
                writes: false,
            },
        );
        self.inner.as_ref().expect("it is locked")
    }
}

impl<T: ?Sized> DerefMut for MutexGuard<'_, T> {
    #[track_caller]
    fn deref_mut(&mut self) -> &mut T {
        let object = self.mutex.object.number();
        note(
            Location::caller(),
            Action::Access {
                object,
                writes: true,
            },
        );
        self.inner.as_mut().expect("it is locked")
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized> fmt::Debug for Mutex<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mutex { .. }")
    }
}

impl<T: Default> Default for Mutex<T> {
    #[track_caller]
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T> From<T> for Mutex<T> {
    #[track_caller]
    fn from(value: T) -> Self {
        Self::new(value)
    }
}
