//! `DictProxy`: a dict that a manager holds.

use std::fmt;
use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::answers::{number, optional, unpack};
use super::client::Remote;
use super::error::{ManagerError, Refusal};
use super::wire::{Answer, Blob, Call};
use crate::multiprocessing::transport::descriptors;
use crate::multiprocessing::transport::descriptors::CodecError;

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

/// A key's bytes; it can hold nothing but data.
fn key_bytes<K: Serialize>(key: &K) -> Result<Vec<u8>, CodecError> {
    let parcel = descriptors::pack(key)?;
    if parcel.descriptors.is_empty() {
        Ok(parcel.bytes)
    } else {
        Err(CodecError::new("a key must be plain data"))
    }
}
