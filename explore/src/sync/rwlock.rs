//! `RwLock`. It is never poisoned: a panic ends the schedule.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::sync::{LockResult, PoisonError, TryLockError, TryLockResult};

use shuttle::sync as model;

use crate::engine::log::{Action, Object, Place, note};

/// As std's.
pub struct RwLock<T: ?Sized> {
    object: Object,
    inner: model::RwLock<T>,
}

impl<T> RwLock<T> {
    /// As std's.
    #[track_caller]
    pub const fn new(value: T) -> Self {
        Self {
            object: Object::new("RwLock"),
            inner: model::RwLock::new(value),
        }
    }

    /// As std's.
    pub fn into_inner(self) -> LockResult<T> {
        self.inner.into_inner()
    }
}

impl<T: ?Sized> RwLock<T> {
    /// As std's.
    pub fn get_mut(&mut self) -> LockResult<&mut T> {
        self.inner.get_mut()
    }

    /// As std's.
    pub fn is_poisoned(&self) -> bool {
        false
    }

    /// As std's.
    pub fn clear_poison(&self) {}
}

macro_rules! guards {
    ($guard:ident, $method:ident, $try_method:ident, $unlock:literal) => {
        /// As std's.
        #[must_use = "if unused the RwLock will immediately unlock"]
        pub struct $guard<'a, T: ?Sized> {
            inner: Option<model::$guard<'a, T>>,
            object: u32,
            place: Place,
        }

        impl<T: ?Sized> RwLock<T> {
            /// As std's.
            #[track_caller]
            pub fn $method(&self) -> LockResult<$guard<'_, T>> {
                let (place, object) = (Location::caller(), self.object.number());
                note(place, Action::Want(stringify!($method), object));
                let inner = self.inner.$method();
                note(place, Action::Got(stringify!($method), object));
                Ok($guard {
                    inner: Some(inner.unwrap_or_else(PoisonError::into_inner)),
                    object,
                    place,
                })
            }

            /// As std's.
            #[track_caller]
            pub fn $try_method(&self) -> TryLockResult<$guard<'_, T>> {
                let (place, object) = (Location::caller(), self.object.number());
                let Ok(inner) = self.inner.$try_method() else {
                    note(place, Action::Refused(stringify!($try_method), object));
                    return Err(TryLockError::WouldBlock);
                };
                note(place, Action::Got(stringify!($try_method), object));
                Ok($guard {
                    inner: Some(inner),
                    object,
                    place,
                })
            }
        }

        impl<T: ?Sized> Drop for $guard<'_, T> {
            fn drop(&mut self) {
                if let Some(inner) = self.inner.take() {
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

guards!(RwLockReadGuard, read, try_read, "unlock (read)");
guards!(RwLockWriteGuard, write, try_write, "unlock (write)");

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
