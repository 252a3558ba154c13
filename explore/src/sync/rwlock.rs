//! `RwLock`. Only a panic of who may write poisons it.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::sync::{LockResult, PoisonError, TryLockError, TryLockResult};

use shuttle::sync as model;

use crate::engine::clocks::atomically;
use crate::engine::log::{Action, Object, Place, note};
use crate::engine::panics::{Poison, is_panicking};

/// As std's.
pub struct RwLock<T: ?Sized> {
    object: Object,
    poison: Poison,
    inner: model::RwLock<T>,
}

impl<T> RwLock<T> {
    /// As std's.
    #[track_caller]
    pub const fn new(value: T) -> Self {
        Self {
            object: Object::new("RwLock"),
            poison: Poison::new(),
            inner: model::RwLock::new(value),
        }
    }

    /// As std's.
    pub fn into_inner(self) -> LockResult<T> {
        let value = self.inner.into_inner();
        self.poison
            .checked(value.unwrap_or_else(PoisonError::into_inner))
    }
}

impl<T: ?Sized> RwLock<T> {
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

macro_rules! guards {
    ($guard:ident, $method:ident, $try_method:ident, $unlock:literal, $writes:literal) => {
        /// As std's.
        #[must_use = "if unused the RwLock will immediately unlock"]
        pub struct $guard<'a, T: ?Sized> {
            inner: Option<model::$guard<'a, T>>,
            lock: &'a RwLock<T>,
            object: u32,
            place: Place,
            was_panicking: bool,
        }

        impl<'a, T: ?Sized> $guard<'a, T> {
            fn new(
                lock: &'a RwLock<T>,
                inner: model::$guard<'a, T>,
                place: Place,
            ) -> LockResult<Self> {
                lock.poison.checked(Self {
                    inner: Some(inner),
                    lock,
                    object: lock.object.number(),
                    place,
                    was_panicking: is_panicking(),
                })
            }
        }

        impl<T: ?Sized> RwLock<T> {
            /// As std's.
            #[track_caller]
            pub fn $method(&self) -> LockResult<$guard<'_, T>> {
                let (place, object) = (Location::caller(), self.object.number());
                note(place, Action::Want(stringify!($method), object));
                let inner = self.inner.$method();
                note(place, Action::Got(stringify!($method), object));
                let inner = inner.unwrap_or_else(PoisonError::into_inner);
                $guard::new(self, inner, place)
            }

            /// As std's.
            #[track_caller]
            pub fn $try_method(&self) -> TryLockResult<$guard<'_, T>> {
                let (place, object) = (Location::caller(), self.object.number());
                let inner = match self.inner.$try_method() {
                    Ok(inner) => inner,
                    Err(TryLockError::Poisoned(error)) => error.into_inner(),
                    Err(TryLockError::WouldBlock) => {
                        note(place, Action::Refused(stringify!($try_method), object));
                        return Err(TryLockError::WouldBlock);
                    }
                };
                note(place, Action::Got(stringify!($try_method), object));
                Ok($guard::new(self, inner, place)?)
            }
        }

        impl<T: ?Sized> Drop for $guard<'_, T> {
            fn drop(&mut self) {
                if let Some(inner) = self.inner.take() {
                    if $writes {
                        self.lock.poison.leave(self.was_panicking);
                    }
                    drop(inner);
                    note(self.place, Action::Release($unlock, self.object));
                }
            }
        }

        impl<T: ?Sized> Deref for $guard<'_, T> {
            type Target = T;

            #[track_caller]
            fn deref(&self) -> &T {
                let access = Action::Access {
                    object: self.object,
                    writes: false,
                };
                note(Location::caller(), access);
                self.inner.as_ref().expect("it is locked")
            }
        }

        impl<T: ?Sized + fmt::Debug> fmt::Debug for $guard<'_, T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                (**self).fmt(f)
            }
        }

        impl<T: ?Sized + fmt::Display> fmt::Display for $guard<'_, T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                (**self).fmt(f)
            }
        }
    };
}

guards!(RwLockReadGuard, read, try_read, "unlock (read)", false);
guards!(RwLockWriteGuard, write, try_write, "unlock (write)", true);

impl<T: ?Sized> DerefMut for RwLockWriteGuard<'_, T> {
    #[track_caller]
    fn deref_mut(&mut self) -> &mut T {
        let access = Action::Access {
            object: self.object,
            writes: true,
        };
        note(Location::caller(), access);
        self.inner.as_mut().expect("it is locked")
    }
}

impl<T: ?Sized> fmt::Debug for RwLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RwLock { .. }")
    }
}

impl<T: Default> Default for RwLock<T> {
    #[track_caller]
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T> From<T> for RwLock<T> {
    #[track_caller]
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl<'a, T: ?Sized> RwLockWriteGuard<'a, T> {
    /// As std's. Who waits to write does not get in between, since nobody else runs meanwhile.
    #[track_caller]
    pub fn downgrade(mut guard: Self) -> RwLockReadGuard<'a, T> {
        let (place, lock) = (Location::caller(), guard.lock);
        note(place, Action::Release("unlock (write)", guard.object));
        let inner = atomically(|| {
            drop(guard.inner.take());
            lock.inner.read().unwrap_or_else(PoisonError::into_inner)
        });
        note(place, Action::Got("read", guard.object));
        RwLockReadGuard::new(lock, inner, place).unwrap_or_else(PoisonError::into_inner)
    }
}
