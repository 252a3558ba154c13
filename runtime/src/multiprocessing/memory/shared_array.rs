//! `SharedArray`: an array of ndarray's that processes share.

use std::fmt;
use std::io;
use std::marker::PhantomData;
use std::ops::Range;

use ndarray::{Array, ArrayView, ArrayViewMut, Dimension, IntoDimension, IxDyn, RemoveAxis};
use serde::{Deserialize, Serialize};

use crate::multiprocessing::memory::number::Number;
use crate::multiprocessing::sync::raw::{LockError, RawLock, Taken};
use crate::multiprocessing::sync::{Shareable, Words};
use crate::wait::Deadline;

/// An array in shared memory: all processes see the same numbers, and nothing is copied when it is
/// sent from one to another. Python: an `ndarray` on top of `multiprocessing.shared_memory`.
///
/// ```
/// use ndarray::{Array2, Ix2};
/// use woozle::multiprocessing::{Pool, SharedArray};
///
/// /// Doubles one row.
/// fn double(image: SharedArray<f64, Ix2>, row: usize) {
///     let mut row = image.lock_rows(row..row + 1).unwrap();
///     row.view_mut().map_inplace(|pixel| *pixel *= 2.0);
/// }
///
/// let image = SharedArray::from_array(&Array2::from_elem((4, 3), 1.5))?;
/// let pool = Pool::new(2)?;
/// pool.starmap(double, (0..4).map(|row| (image.clone(), row)))?;
/// assert_eq!(image.to_array()?, Array2::from_elem((4, 3), 3.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Who may read and write
///
/// Rust lets nobody read what somebody else writes. So the numbers are reached through
/// [`lock`](Self::lock), for the whole array, or [`lock_rows`](Self::lock_rows), for a part along the
/// first axis; several processes can work on different parts at once. There are at most 64 locks: an
/// array of more rows is divided into 64 blocks, and locking a row locks its block. If a process dies
/// with a lock, the next one to ask gets [`LockError::OwnerDied`], once.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub struct SharedArray<T: Number, D: Dimension> {
    words: Words<Blocks>,
    shape: Vec<usize>,
    #[serde(skip)]
    _array: PhantomData<fn() -> (T, D)>,
}

const BLOCKS: usize = 64;

/// A lock for each block of rows.
#[repr(C, align(64))]
pub(crate) struct Blocks([RawLock; BLOCKS]);

// SAFETY: locks are atomics, unlocked when they are zero.
unsafe impl Shareable for Blocks {
    const LOCKS: usize = BLOCKS;
}

impl<T: Number, D: Dimension> SharedArray<T, D> {
    /// An array of zeros. Python: `numpy.zeros(shape)`, in shared memory.
    ///
    /// # Errors
    ///
    /// When the system gives no memory or descriptor.
    ///
    /// ```
    /// # use woozle::multiprocessing::SharedArray;
    /// let image = SharedArray::<f32, _>::zeros((2, 3))?;
    /// assert_eq!(image.shape(), [2, 3]);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn zeros(shape: impl IntoDimension<Dim = D>) -> io::Result<Self> {
        let shape = shape.into_dimension().slice().to_vec();
        let bytes = shape
            .iter()
            .try_fold(size_of::<T>(), |bytes, length| bytes.checked_mul(*length));
        let bytes = bytes.ok_or(io::ErrorKind::OutOfMemory)?;
        Ok(Self {
            words: Words::new(bytes)?,
            shape,
            _array: PhantomData,
        })
    }

    /// A copy of this array, in shared memory.
    ///
    /// # Errors
    ///
    /// As [`zeros`](Self::zeros)'s.
    pub fn from_array(array: &Array<T, D>) -> io::Result<Self> {
        let shared = Self::zeros(array.raw_dim())?;
        // Nobody else has it yet, so its locks are free.
        if let Ok(mut all) = shared.lock() {
            all.view_mut().assign(array);
        }
        Ok(shared)
    }

    /// A copy of the whole, in this process's own memory.
    ///
    /// # Errors
    ///
    /// [`LockError`].
    pub fn to_array(&self) -> Result<Array<T, D>, LockError> {
        self.lock().map(|all| all.view().to_owned())
    }

    /// Its lengths along each axis.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// Takes the whole array: nobody else reads or writes it until the guard is dropped.
    ///
    /// # Errors
    ///
    /// [`LockError`]: a process has died with a part of it, or this thread has one already.
    pub fn lock(&self) -> Result<SharedArrayGuard<'_, T, D>, LockError> {
        self.lock_range(0..self.rows())
    }

    /// How many rows there are; an array without axes is one.
    fn rows(&self) -> usize {
        self.shape.first().copied().unwrap_or(1)
    }

    /// How many rows a lock is for.
    fn rows_of_block(&self) -> usize {
        self.rows().div_ceil(BLOCKS).max(1)
    }

    fn lock_range(&self, rows: Range<usize>) -> Result<SharedArrayGuard<'_, T, D>, LockError> {
        let mut guard = SharedArrayGuard {
            array: self,
            rows: rows.clone(),
            held: 0..0,
            _thread: PhantomData,
        };
        if rows.is_empty() {
            return Ok(guard);
        }
        let block = self.rows_of_block();
        let blocks = rows.start / block..(rows.end - 1) / block + 1;
        guard.held = blocks.start..blocks.start;
        // In order, so that nobody waits in a circle.
        for number in blocks {
            let taken = self.words.0[number].take(Deadline::NEVER)?;
            guard.held.end = number + 1;
            if taken == Some(Taken::OwnerDied) {
                return Err(LockError::OwnerDied); // the guard releases it
            }
        }
        Ok(guard)
    }

    /// Where the numbers of these rows are, and their shape.
    fn part(&self, rows: &Range<usize>) -> (*mut T, Vec<usize>) {
        let (at, bytes) = self.words.rest();
        let mut shape = self.shape.clone();
        let row: usize = shape.iter().skip(1).product();
        if let Some(first) = shape.first_mut() {
            *first = rows.len();
        }
        let (begin, end) = (rows.start * row, rows.end * row);
        assert!(
            end * size_of::<T>() <= bytes,
            "the shared memory is shorter than the array"
        );
        // SAFETY: within the memory, by the line above.
        (unsafe { at.cast::<T>().add(begin) }, shape)
    }
}

impl<T: Number, D: RemoveAxis> SharedArray<T, D> {
    /// Takes some rows: the part of the array with these indices along the first axis.
    ///
    /// # Errors
    ///
    /// As [`lock`](Self::lock)'s.
    ///
    /// # Panics
    ///
    /// If there are no such rows.
    #[track_caller]
    pub fn lock_rows(&self, rows: Range<usize>) -> Result<SharedArrayGuard<'_, T, D>, LockError> {
        let count = self.rows();
        assert!(
            rows.start <= rows.end && rows.end <= count,
            "rows {rows:?} of an array of {count} rows"
        );
        self.lock_range(rows)
    }
}

/// Holds a part of a [`SharedArray`], which is read and written through it.
#[must_use = "the part is released when this is dropped"]
pub struct SharedArrayGuard<'a, T: Number, D: Dimension> {
    array: &'a SharedArray<T, D>,
    rows: Range<usize>,
    held: Range<usize>,
    /// A lock is released by the thread that has taken it.
    _thread: PhantomData<*const ()>,
}

impl<T: Number, D: Dimension> SharedArrayGuard<'_, T, D> {
    /// The numbers, to read.
    pub fn view(&self) -> ArrayView<'_, T, D> {
        let (at, shape) = self.array.part(&self.rows);
        // SAFETY: there are so many numbers of this shape, aligned to 64 bytes, in standard order;
        // the locks keep all others out, and the borrow of the guard keeps out a mutable view.
        let view = unsafe { ArrayView::from_shape_ptr(IxDyn(&shape), at) };
        view.into_dimensionality().expect("the shape is one of D")
    }

    /// The numbers, to write.
    pub fn view_mut(&mut self) -> ArrayViewMut<'_, T, D> {
        let (at, shape) = self.array.part(&self.rows);
        // SAFETY: as in `view`; the guard is borrowed mutably.
        let view = unsafe { ArrayViewMut::from_shape_ptr(IxDyn(&shape), at) };
        view.into_dimensionality().expect("the shape is one of D")
    }
}

impl<T: Number, D: Dimension> Drop for SharedArrayGuard<'_, T, D> {
    fn drop(&mut self) {
        for number in self.held.clone() {
            let _ = self.array.words.0[number].release();
        }
    }
}

impl<T: Number, D: Dimension> Clone for SharedArray<T, D> {
    fn clone(&self) -> Self {
        Self {
            words: self.words.clone(),
            shape: self.shape.clone(),
            _array: PhantomData,
        }
    }
}

impl<T: Number, D: Dimension> fmt::Debug for SharedArray<T, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "<SharedArray {:?} of {}>",
            self.shape,
            std::any::type_name::<T>()
        )
    }
}
