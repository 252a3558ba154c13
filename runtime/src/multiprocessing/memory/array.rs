//! `Array`: numbers that processes share, behind one lock.

use std::fmt;
use std::io;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use serde::{Deserialize, Serialize};

use crate::multiprocessing::memory::number::Number;
use crate::multiprocessing::memory::value::hold;
use crate::multiprocessing::sync::{RLock, RLockGuard, RawLock, Words};

/// Numbers in shared memory, with a lock: Python's `multiprocessing.Array`.
///
/// ```
/// use woozle::multiprocessing::{Array, Process};
///
/// fn double(numbers: Array<f64>) {
///     for number in numbers.guard().iter_mut() {
///         *number *= 2.0;
///     }
/// }
///
/// let numbers = Array::from_slice(&[1.0, 2.5])?;
/// let p = Process::with_args(double, (numbers.clone(),))?;
/// p.start()?;
/// p.join()?;
/// assert_eq!(numbers.to_vec(), [2.0, 5.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A clone, and what is sent to another process, is another handle of the same array. For arrays of
/// several dimensions, which several processes work on at once, there is
/// [`SharedArray`](crate::multiprocessing::SharedArray).
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Array<T: Number> {
    /// Only for the bytes behind it.
    words: Words<RawLock>,
    lock: RLock,
    length: usize,
    #[serde(skip)]
    _number: PhantomData<T>,
}

impl<T: Number> Array<T> {
    /// So many zeros. Python: `multiprocessing.Array(type, length)`.
    ///
    /// # Errors
    ///
    /// When the system gives no memory or descriptor.
    pub fn new(length: usize) -> io::Result<Self> {
        let bytes = length
            .checked_mul(size_of::<T>())
            .ok_or(io::ErrorKind::OutOfMemory)?;
        Ok(Self {
            words: Words::new(bytes)?,
            lock: RLock::new()?,
            length,
            _number: PhantomData,
        })
    }

    /// These numbers. Python: `multiprocessing.Array(type, sequence)`.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new)'s.
    pub fn from_slice(numbers: &[T]) -> io::Result<Self> {
        let array = Self::new(numbers.len())?;
        array.guard().copy_from_slice(numbers);
        Ok(array)
    }

    /// How many there are. Python: `len(a)`.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// A copy of all. Python: `a[:]`.
    ///
    /// # Panics
    ///
    /// If this thread has a guard of this array already.
    #[track_caller]
    pub fn to_vec(&self) -> Vec<T> {
        self.guard().to_vec()
    }

    /// One of them. Python: `a[i]`.
    ///
    /// # Panics
    ///
    /// If there is none of this index.
    #[track_caller]
    pub fn get(&self, index: usize) -> T {
        self.guard()[index]
    }

    /// Sets one of them. Python: `a[i] = value`.
    ///
    /// # Panics
    ///
    /// If there is none of this index.
    #[track_caller]
    pub fn set(&self, index: usize, value: T) {
        self.guard()[index] = value;
    }

    /// All of them, as a slice, while nobody else reads or writes. Python: `with a.get_lock():`.
    ///
    /// If a process has died while it held the array, what it has written is there.
    ///
    /// # Panics
    ///
    /// If this thread has a guard of this array already.
    #[track_caller]
    pub fn guard(&self) -> ArrayGuard<'_, T> {
        let held = hold(&self.lock);
        let twice = self.words.is_mine();
        assert!(!twice, "this thread has a guard of this array already");
        let _ = self.words.try_take();
        let (at, bytes) = self.words.rest();
        // The length came with the handle: it cannot be more than there is.
        let length = self.length.min(bytes / size_of::<T>());
        // SAFETY: there are so many numbers, aligned to 64 bytes. The lock keeps all others out, of
        // this process and others; the word, a second slice in this thread.
        let slice = unsafe { std::slice::from_raw_parts_mut(at.cast(), length) };
        ArrayGuard {
            slice,
            word: &self.words,
            _held: held,
        }
    }

    /// Its lock. Python: `a.get_lock()`.
    pub fn get_lock(&self) -> &RLock {
        &self.lock
    }
}

/// Holds an [`Array`]: a slice of its numbers.
#[must_use = "the array is released when this is dropped"]
pub struct ArrayGuard<'a, T> {
    slice: &'a mut [T],
    word: &'a RawLock,
    _held: RLockGuard<'a>,
}

impl<T> Deref for ArrayGuard<'_, T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.slice
    }
}

impl<T> DerefMut for ArrayGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut [T] {
        self.slice
    }
}

impl<T> Drop for ArrayGuard<'_, T> {
    fn drop(&mut self) {
        let _ = self.word.release();
    }
}

impl<T: fmt::Debug> fmt::Debug for ArrayGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.slice.fmt(f)
    }
}

impl<T: Number> Clone for Array<T> {
    fn clone(&self) -> Self {
        Self {
            words: self.words.clone(),
            lock: self.lock.clone(),
            length: self.length,
            _number: PhantomData,
        }
    }
}

impl<T: Number + fmt::Debug> fmt::Debug for Array<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Array {:?}>", self.to_vec())
    }
}
