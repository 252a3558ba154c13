//! Variables of threads.

use std::cell::{Cell, RefCell};
use std::marker::PhantomData;

use shuttle::thread as model;

/// Where the values of one are, by thread.
pub struct RawKey<T: 'static>(model::LocalKey<T>);

impl<T> RawKey<T> {
    /// One whose values are made by a function.
    pub const fn new(init: fn() -> T) -> Self {
        Self(model::LocalKey {
            init,
            _p: PhantomData,
        })
    }
}

/// As std's.
pub struct LocalKey<T: 'static>(&'static RawKey<T>);

impl<T> LocalKey<T> {
    /// The one of a key.
    #[doc(hidden)]
    pub const fn new(key: &'static RawKey<T>) -> Self {
        Self(key)
    }

    /// As std's.
    pub fn with<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        self.0.0.with(look)
    }

    /// As std's.
    ///
    /// # Errors
    /// When the thread has ended.
    pub fn try_with<R>(&self, look: impl FnOnce(&T) -> R) -> Result<R, model::AccessError> {
        self.0.0.try_with(look)
    }
}

impl<T> LocalKey<Cell<T>> {
    /// As std's.
    pub fn set(&self, value: T) {
        self.with(|cell| cell.set(value));
    }

    /// As std's.
    pub fn get(&self) -> T
    where
        T: Copy,
    {
        self.with(Cell::get)
    }

    /// As std's.
    pub fn take(&self) -> T
    where
        T: Default,
    {
        self.with(Cell::take)
    }

    /// As std's.
    pub fn replace(&self, value: T) -> T {
        self.with(|cell| cell.replace(value))
    }
}

impl<T> LocalKey<RefCell<T>> {
    /// As std's.
    pub fn set(&self, value: T) {
        self.with(|cell| *cell.borrow_mut() = value);
    }

    /// As std's.
    pub fn take(&self) -> T
    where
        T: Default,
    {
        self.with(RefCell::take)
    }

    /// As std's.
    pub fn replace(&self, value: T) -> T {
        self.with(|cell| cell.replace(value))
    }

    /// As std's.
    pub fn with_borrow<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        self.with(|cell| look(&cell.borrow()))
    }

    /// As std's.
    pub fn with_borrow_mut<R>(&self, look: impl FnOnce(&mut T) -> R) -> R {
        self.with(|cell| look(&mut cell.borrow_mut()))
    }
}
