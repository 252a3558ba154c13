//! Proxies of lists, dicts and queues.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::client::Remote;
use super::wire::{Answer, Blob, Call};
use super::{ManagerError, Refusal};
use crate::multiprocessing::transport::descriptors;
use crate::multiprocessing::transport::descriptors::CodecError;
use crate::wait::Deadline;

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

/// A dict that a [`Manager`](super::Manager) holds, from any process. Keys are the same if their bytes
/// are.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub struct DictProxy<K, V> {
    remote: Remote,
    types: PhantomData<fn() -> (K, V)>,
}

impl<K, V> DictProxy<K, V> {
    pub(super) fn new(remote: Remote) -> Self {
        Self {
            remote,
            types: PhantomData,
        }
    }

    /// Sets the value of a key; gives the former one. Python: `dict[key] = value`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended, or something cannot be serialised.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// let dict = manager.dict()?;
    /// assert_eq!(dict.insert(1, 'a')?, None);
    /// assert_eq!(dict.insert(1, 'b')?, Some('a'));
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn insert(&self, key: K, value: V) -> Result<Option<V>, ManagerError>
    where
        K: Serialize,
        V: Serialize + DeserializeOwned,
    {
        let value = Blob::pack(&value)?;
        optional(self.remote.call(Call::Put(key_bytes(&key)?, value))?)
    }

    /// A copy of the value of a key. Python: `dict.get(key)`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// let dict = manager.dict()?;
    /// dict.insert(1, 'a')?;
    /// assert_eq!((dict.get(&1)?, dict.get(&2)?), (Some('a'), None));
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn get(&self, key: &K) -> Result<Option<V>, ManagerError>
    where
        K: Serialize,
        V: DeserializeOwned,
    {
        optional(self.remote.call(Call::Get(key_bytes(key)?))?)
    }

    /// The value of a key, which is set if there is none. Python: `dict.setdefault(key, value)`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// let dict = manager.dict()?;
    /// assert_eq!(dict.get_or_insert(1, 'a')?, 'a');
    /// assert_eq!(dict.get_or_insert(1, 'b')?, 'a');
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn get_or_insert(&self, key: K, value: V) -> Result<V, ManagerError>
    where
        K: Serialize,
        V: Serialize + DeserializeOwned,
    {
        let value = Blob::pack(&value)?;
        unpack(self.remote.call(Call::GetOrPut(key_bytes(&key)?, value))?)
    }

    /// Takes a key out; gives its value. Python: `dict.pop(key, None)`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// let dict = manager.dict()?;
    /// dict.insert(1, 'a')?;
    /// assert_eq!(dict.remove(&1)?, Some('a'));
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn remove(&self, key: &K) -> Result<Option<V>, ManagerError>
    where
        K: Serialize,
        V: DeserializeOwned,
    {
        optional(self.remote.call(Call::Remove(key_bytes(key)?))?)
    }

    /// Whether there is such a key. Python: `key in dict`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// let dict = manager.dict::<i32, i32>()?;
    /// assert!(!dict.contains_key(&1)?);
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn contains_key(&self, key: &K) -> Result<bool, ManagerError>
    where
        K: Serialize,
    {
        let answer = self.remote.call(Call::Get(key_bytes(key)?))?;
        Ok(matches!(answer, Answer::Blob(Some(_))))
    }

    /// A copy of all pairs, in the order in which the keys came. Python: `dict.items()`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// let dict = manager.dict()?;
    /// dict.insert(1, 'a')?;
    /// assert_eq!(dict.items()?, [(1, 'a')]);
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn items(&self) -> Result<Vec<(K, V)>, ManagerError>
    where
        K: DeserializeOwned,
        V: DeserializeOwned,
    {
        let Answer::Pairs(pairs) = self.remote.call(Call::All)? else {
            return Err(Refusal::Unknown.into());
        };
        let pairs = pairs
            .iter()
            .map(|(key, value)| Ok((descriptors::unpack(key, Vec::new())?, value.unpack()?)));
        pairs.collect()
    }

    /// How many pairs there are. Python: `len()`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// let it = manager.dict::<u32, u32>()?;
    /// assert_eq!(it.len()?, 0);
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn len(&self) -> Result<usize, ManagerError> {
        number(self.remote.call(Call::Len)?)
    }

    /// Whether there are no pairs.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// let it = manager.dict::<u32, u32>()?;
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
    /// let it = manager.dict::<u32, u32>()?;
    /// it.clear()?;
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn clear(&self) -> Result<(), ManagerError> {
        self.remote.call(Call::Clear).map(drop)
    }
}

impl<K, V> Clone for DictProxy<K, V> {
    fn clone(&self) -> Self {
        Self::new(self.remote.clone())
    }
}

impl<K, V> fmt::Debug for DictProxy<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<DictProxy object #{}>", self.remote.object)
    }
}

/// A queue that a [`Manager`](super::Manager) holds, from any process.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub struct QueueProxy<T> {
    remote: Remote,
    types: PhantomData<fn(T) -> T>,
}

impl<T> QueueProxy<T> {
    pub(super) fn new(remote: Remote) -> Self {
        Self {
            remote,
            types: PhantomData,
        }
    }

    /// Puts an item; waits for room. Python: `queue.put(item)`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended, the item cannot be serialised, or there is no room.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// let queue = manager.queue_with_maxsize(1)?;
    /// queue.put(1)?;
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn put(&self, item: T) -> Result<(), ManagerError>
    where
        T: Serialize,
    {
        let call = Call::Enqueue(Blob::pack(&item)?);
        in_time(
            self.remote.call_until(call, Some(Deadline::NEVER))?,
            Refusal::Full,
        )
        .map(drop)
    }

    /// Puts an item if there is room now. Python: `queue.put_nowait(item)`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended, the item cannot be serialised, or there is no room.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// let queue = manager.queue_with_maxsize(1)?;
    /// queue.put_nowait(1)?;
    /// assert!(queue.put_nowait(2).is_err());
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn put_nowait(&self, item: T) -> Result<(), ManagerError>
    where
        T: Serialize,
    {
        let call = Call::Enqueue(Blob::pack(&item)?);
        in_time(self.remote.call_until(call, None)?, Refusal::Full).map(drop)
    }

    /// Puts an item, waiting for at most this long. Python: `queue.put(item, timeout=...)`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended, the item cannot be serialised, or there is no room.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// # use std::time::Duration;
    /// let queue = manager.queue_with_maxsize(1)?;
    /// queue.put_timeout(1, Duration::from_millis(1))?;
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn put_timeout(&self, item: T, timeout: Duration) -> Result<(), ManagerError>
    where
        T: Serialize,
    {
        let call = Call::Enqueue(Blob::pack(&item)?);
        in_time(
            self.remote
                .call_until(call, Some(Deadline::after(timeout)))?,
            Refusal::Full,
        )
        .map(drop)
    }

    /// Waits for an item and takes it out. Python: `queue.get()`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended, or there is no item.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// let queue = manager.queue_with_maxsize(1)?;
    /// queue.put(1)?;
    /// assert_eq!(queue.get()?, 1);
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn get(&self) -> Result<T, ManagerError>
    where
        T: DeserializeOwned,
    {
        let answer = self
            .remote
            .call_until(Call::Dequeue, Some(Deadline::NEVER))?;
        unpack(in_time(answer, Refusal::Empty)?)
    }

    /// Takes an item out if there is one. Python: `queue.get_nowait()`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended, or there is no item.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// assert!(manager.queue::<u32>()?.get_nowait().is_err());
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn get_nowait(&self) -> Result<T, ManagerError>
    where
        T: DeserializeOwned,
    {
        let answer = self.remote.call_until(Call::Dequeue, None)?;
        unpack(in_time(answer, Refusal::Empty)?)
    }

    /// Waits for an item for at most this long. Python: `queue.get(timeout=...)`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended, or there is no item.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// # use std::time::Duration;
    /// let queue = manager.queue::<u32>()?;
    /// assert!(queue.get_timeout(Duration::from_millis(1)).is_err());
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn get_timeout(&self, timeout: Duration) -> Result<T, ManagerError>
    where
        T: DeserializeOwned,
    {
        let answer = self
            .remote
            .call_until(Call::Dequeue, Some(Deadline::after(timeout)))?;
        unpack(in_time(answer, Refusal::Empty)?)
    }

    /// How many items are in the queue. Python: `queue.qsize()`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// assert_eq!(manager.queue::<u32>()?.qsize()?, 0);
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn qsize(&self) -> Result<usize, ManagerError> {
        number(self.remote.call(Call::Len)?)
    }

    /// Whether the queue is empty. Python: `queue.empty()`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// assert!(manager.queue::<u32>()?.empty()?);
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn empty(&self) -> Result<bool, ManagerError> {
        Ok(self.qsize()? == 0)
    }

    /// Says that an item that was got is dealt with. Python: `queue.task_done()`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended, or all are done already.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// assert!(manager.queue::<u32>()?.task_done().is_err());
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn task_done(&self) -> Result<(), ManagerError> {
        self.remote.call(Call::TaskDone).map(drop)
    }

    /// Waits until every item that was put is `task_done`. Python: `queue.join()`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// manager.queue::<u32>()?.join()?;
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn join(&self) -> Result<(), ManagerError> {
        self.remote.call(Call::Join).map(drop)
    }
}

impl<T> Clone for QueueProxy<T> {
    fn clone(&self) -> Self {
        Self::new(self.remote.clone())
    }
}

impl<T> fmt::Debug for QueueProxy<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<QueueProxy object #{}>", self.remote.object)
    }
}

/// A key's bytes; it can hold nothing but data.
fn key_bytes<K: Serialize>(key: &K) -> Result<Vec<u8>, CodecError> {
    let parcel = descriptors::pack(key)?;
    if parcel.descriptors.is_empty() {
        Ok(parcel.bytes)
    } else {
        Err(CodecError::new("a key must be plain data"))
    }
}

pub(super) fn optional<T: DeserializeOwned>(answer: Answer) -> Result<Option<T>, ManagerError> {
    match answer {
        Answer::Blob(Some(blob)) => Ok(Some(blob.unpack()?)),
        Answer::Blob(None) => Ok(None),
        _ => Err(Refusal::Unknown.into()),
    }
}

pub(super) fn unpack<T: DeserializeOwned>(answer: Answer) -> Result<T, ManagerError> {
    optional(answer)?.ok_or(Refusal::Unknown.into())
}

fn number(answer: Answer) -> Result<usize, ManagerError> {
    match answer {
        Answer::Number(number) => Ok(usize::try_from(number).unwrap_or(usize::MAX)),
        _ => Err(Refusal::Unknown.into()),
    }
}

fn in_time(answer: Answer, refusal: Refusal) -> Result<Answer, ManagerError> {
    match answer {
        Answer::NotInTime => Err(refusal.into()),
        answer => Ok(answer),
    }
}
