//! `Value`: a number that processes share.

use std::fmt;
use std::io;
use std::marker::PhantomData;

use serde::{Deserialize, Serialize};

use crate::multiprocessing::memory::number::Number;
use crate::multiprocessing::sync::raw::LockError;
use crate::multiprocessing::sync::{RLock, RLockGuard, Words};

/// A number in shared memory, with a lock: Python's `multiprocessing.Value`.
///
/// A clone, and what is sent to another process, is another handle of the same number.
///
/// ```
/// use woozle::multiprocessing::{Process, Value};
///
/// fn count(n: Value<u64>) {
///     for _ in 0..100 {
///         n.update(|n| *n += 1);
///     }
/// }
///
/// let n = Value::new(0_u64)?;
/// let processes = [0; 3].map(|_| Process::with_args(count, (n.clone(),)));
/// for p in processes {
///     let p = p?;
///     p.start()?;
///     p.join()?;
/// }
/// assert_eq!(n.get(), 300);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// In Python, `n.value += 1` is two steps, between which others may come; [`update`](Self::update) is
/// one. A process that dies in the middle of it leaves the number as it was, or as it was to be, and
/// the lock to others.
///
/// Python's `RawValue` has no lock; a number that several processes write needs one.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Value<T: Number> {
    cell: Words<Cell>,
    lock: RLock,
    #[serde(skip)]
    _number: PhantomData<T>,
}

/// The number's place: as many bytes as the longest number has.
#[repr(C, align(16))]
pub(crate) struct Cell([std::sync::atomic::AtomicU64; 2]);

// SAFETY: atomics, which are fine when they are zero.
unsafe impl crate::multiprocessing::sync::Shareable for Cell {}

impl<T: Number> Value<T> {
    /// A new number. Python: `multiprocessing.Value(type, value)`.
    ///
    /// # Errors
    ///
    /// When the system gives no memory or descriptor.
    pub fn new(value: T) -> io::Result<Self> {
        let this = Self {
            cell: Words::new(0)?,
            lock: RLock::new()?,
            _number: PhantomData,
        };
        this.set(value);
        Ok(this)
    }

    /// The number. Python: `v.value`.
    pub fn get(&self) -> T {
        self.update(|value| *value)
    }

    /// Sets the number. Python: `v.value = ...`.
    pub fn set(&self, value: T) {
        self.update(|old| *old = value);
    }

    /// Changes the number, while nobody else reads or writes it; gives what `change` returns.
    pub fn update<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let _held = self.hold();
        let place: *mut T = std::ptr::from_ref(&self.cell.0).cast_mut().cast();
        // SAFETY: the cell is long enough and aligned for every number, and any bytes are one. The
        // lock is held, so nobody else reads or writes. A copy is changed, since `change` may come
        // here again (the lock lets it).
        unsafe {
            let mut value = place.read_volatile();
            let result = change(&mut value);
            place.write_volatile(value);
            result
        }
    }

    /// Its lock, to do several things as one. Python: `v.get_lock()`.
    ///
    /// ```
    /// # use woozle::multiprocessing::Value;
    /// let n = Value::new(1.5)?;
    /// let _held = n.get_lock().guard()?;
    /// n.set(n.get() * 2.0);           // the same thread may take it again
    /// assert_eq!(n.get(), 3.0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn get_lock(&self) -> &RLock {
        &self.lock
    }

    fn hold(&self) -> RLockGuard<'_> {
        hold(&self.lock)
    }
}

/// Takes a lock, whether its owner has died or not: a number is never half written.
pub(in crate::multiprocessing) fn hold(lock: &RLock) -> RLockGuard<'_> {
    loop {
        match lock.guard() {
            Ok(held) => return held,
            Err(LockError::OwnerDied) => {}
            Err(error) => panic!("the lock of a shared number: {error}"),
        }
    }
}

impl<T: Number> Clone for Value<T> {
    fn clone(&self) -> Self {
        Self {
            cell: self.cell.clone(),
            lock: self.lock.clone(),
            _number: PhantomData,
        }
    }
}

impl<T: Number + fmt::Debug> fmt::Debug for Value<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Value {:?}>", self.get())
    }
}
