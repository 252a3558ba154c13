//! `ListProxy`: a list that a manager holds.

use std::fmt;
use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::answers::{number, optional, unpack};
use super::client::Remote;
use super::error::{ManagerError, Refusal};
use super::wire::{Answer, Blob, Call};

/// A list that a [`Manager`](super::Manager) holds, from any process. Each method is one step: no other
/// process comes between.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub struct ListProxy<T> {
    remote: Remote,
    types: PhantomData<fn(T) -> T>,
}

impl<T> ListProxy<T> {
    pub(super) fn new(remote: Remote) -> Self {
        Self {
            remote,
            types: PhantomData,
        }
    }

    /// Adds an item at the end. Python: `list.append(item)`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended, or the item cannot be serialised.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// let list = manager.list()?;
    /// list.push(1)?;
    /// assert_eq!(list.len()?, 1);
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn push(&self, item: T) -> Result<(), ManagerError>
    where
        T: Serialize,
    {
        self.extend([item])
    }

    /// Adds items at the end, all at once. Python: `list.extend(items)`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended, or an item cannot be serialised.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// let list = manager.list()?;
    /// list.extend([1, 2])?;
    /// assert_eq!(list.to_vec()?, [1, 2]);
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn extend(&self, items: impl IntoIterator<Item = T>) -> Result<(), ManagerError>
    where
        T: Serialize,
    {
        let blobs: Result<Vec<_>, _> = items.into_iter().map(|item| Blob::pack(&item)).collect();
        self.remote.call(Call::Extend(blobs?)).map(drop)
    }

    /// Inserts an item before the one at `index`. Python: `list.insert(index, item)`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended, or there is no such place.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// let list = manager.list()?;
    /// list.insert(0, 'a')?;
    /// assert!(list.insert(2, 'b').is_err());
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn insert(&self, index: usize, item: T) -> Result<(), ManagerError>
    where
        T: Serialize,
    {
        let blob = Blob::pack(&item)?;
        self.remote.call(Call::Insert(index, blob)).map(drop)
    }

    /// A copy of an item. Python: `list[index]`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended, or there is no such place.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// let list = manager.list()?;
    /// list.push(1)?;
    /// assert_eq!(list.get(0)?, 1);
    /// assert!(list.get(1).is_err());
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn get(&self, index: usize) -> Result<T, ManagerError>
    where
        T: DeserializeOwned,
    {
        unpack(self.remote.call(Call::At(index))?)
    }

    /// Replaces an item. Python: `list[index] = item`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended, or there is no such place.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// let list = manager.list()?;
    /// list.push(1)?;
    /// list.set(0, 2)?;
    /// assert_eq!(list.get(0)?, 2);
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn set(&self, index: usize, item: T) -> Result<(), ManagerError>
    where
        T: Serialize,
    {
        let blob = Blob::pack(&item)?;
        self.remote.call(Call::Replace(index, blob)).map(drop)
    }

    /// Takes an item out. Python: `list.pop(index)`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended, or there is no such place.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// let list = manager.list()?;
    /// list.extend([1, 2])?;
    /// assert_eq!(list.remove(0)?, 1);
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn remove(&self, index: usize) -> Result<T, ManagerError>
    where
        T: DeserializeOwned,
    {
        unpack(self.remote.call(Call::Take(index))?)
    }

    /// Takes the last item out; `None` if there is none. Python: `list.pop()`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// let list = manager.list()?;
    /// list.push(1)?;
    /// assert_eq!((list.pop()?, list.pop()?), (Some(1), None));
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn pop(&self) -> Result<Option<T>, ManagerError>
    where
        T: DeserializeOwned,
    {
        optional(self.remote.call(Call::Pop)?)
    }

    /// A copy of all items. Python: `list[:]`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// let list = manager.list()?;
    /// list.push(1)?;
    /// assert_eq!(list.to_vec()?, [1]);
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn to_vec(&self) -> Result<Vec<T>, ManagerError>
    where
        T: DeserializeOwned,
    {
        match self.remote.call(Call::All)? {
            Answer::Blobs(blobs) => Ok(blobs.iter().map(Blob::unpack).collect::<Result<_, _>>()?),
            _ => Err(Refusal::Unknown.into()),
        }
    }

    /// How many items there are. Python: `len()`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// let it = manager.list::<u32>()?;
    /// assert_eq!(it.len()?, 0);
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn len(&self) -> Result<usize, ManagerError> {
        number(self.remote.call(Call::Len)?)
    }

    /// Whether there are no items.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// let it = manager.list::<u32>()?;
    /// assert!(it.is_empty()?);
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn is_empty(&self) -> Result<bool, ManagerError> {
        Ok(self.len()? == 0)
    }

    /// Removes everything. Python: `clear()`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// let it = manager.list::<u32>()?;
    /// it.clear()?;
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn clear(&self) -> Result<(), ManagerError> {
        self.remote.call(Call::Clear).map(drop)
    }
}

impl<T> Clone for ListProxy<T> {
    fn clone(&self) -> Self {
        Self::new(self.remote.clone())
    }
}

impl<T> fmt::Debug for ListProxy<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<ListProxy object #{}>", self.remote.object)
    }
}
