//! Proxies of single values and of namespaces.

use std::fmt;
use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::client::Remote;
use super::wire::{Answer, Blob, Call};
use super::{ManagerError, Refusal, type_names};

/// A value that a [`Manager`](super::Manager) holds, from any process.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub struct ValueProxy<T> {
    remote: Remote,
    types: PhantomData<fn(T) -> T>,
}

impl<T> ValueProxy<T> {
    pub(super) fn new(remote: Remote) -> Self {
        Self {
            remote,
            types: PhantomData,
        }
    }

    /// A copy of the value. Python: `value.value`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// let value = manager.value(1)?;
    /// assert_eq!(value.get()?, 1);
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn get(&self) -> Result<T, ManagerError>
    where
        T: DeserializeOwned,
    {
        self.read().map(|(_, value)| value)
    }

    /// Sets the value. Python: `value.value = new`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended, or it cannot be serialised.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// let value = manager.value(1)?;
    /// value.set(2)?;
    /// assert_eq!(value.get()?, 2);
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn set(&self, new: T) -> Result<(), ManagerError>
    where
        T: Serialize,
    {
        self.remote.call(Call::Write(Blob::pack(&new)?)).map(drop)
    }

    /// Changes the value in one step: if another process has changed it meanwhile, `change` is
    /// called again. Gives the new value. Python has no such form: its `value.value += 1` loses counts.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended, or it cannot be serialised.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// let value = manager.value(1)?;
    /// assert_eq!(value.update(|n| n + 1)?, 2);
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn update(&self, change: impl Fn(T) -> T) -> Result<T, ManagerError>
    where
        T: Serialize + DeserializeOwned,
    {
        loop {
            let (version, old) = self.read()?;
            let new = change(old);
            let call = Call::WriteIf(version, Blob::pack(&new)?);
            if matches!(self.remote.call(call)?, Answer::Flag(true)) {
                return Ok(new);
            }
        }
    }

    fn read(&self) -> Result<(u64, T), ManagerError>
    where
        T: DeserializeOwned,
    {
        match self.remote.call(Call::Read)? {
            Answer::Versioned(version, blob) => Ok((version, blob.unpack()?)),
            _ => Err(Refusal::Unknown.into()),
        }
    }
}

impl<T> Clone for ValueProxy<T> {
    fn clone(&self) -> Self {
        Self::new(self.remote.clone())
    }
}

impl<T> fmt::Debug for ValueProxy<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<ValueProxy object #{}>", self.remote.object)
    }
}

/// Values by name that a [`Manager`](super::Manager) holds, from any process.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub struct NamespaceProxy {
    remote: Remote,
}

impl NamespaceProxy {
    pub(super) fn new(remote: Remote) -> Self {
        Self { remote }
    }

    /// Sets an attribute. Python: `namespace.name = value`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended, or the value cannot be serialised.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// let names = manager.namespace()?;
    /// names.set("pots", 10)?;
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn set<T: Serialize>(&self, name: &str, value: T) -> Result<(), ManagerError> {
        let mut value = Blob::pack(&value)?;
        value.type_name = Some(type_names::of::<T>());
        self.remote.call(Call::Put(name.into(), value)).map(drop)
    }

    /// A copy of an attribute; the type must be that which was set. A `&str` is read as a `String`, a slice as a
    /// `Vec`, and any other reference as what it refers to. Python: `namespace.name`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended, or there is none, or it is of another type
    /// ([`ManagerError::Type`]).
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// let names = manager.namespace()?;
    /// names.set("pots", 10)?;
    /// assert_eq!(names.get::<i32>("pots")?, 10);
    /// assert!(names.get::<i32>("pans").is_err());
    /// assert!(names.get::<u32>("pots").is_err());
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn get<T: DeserializeOwned>(&self, name: &str) -> Result<T, ManagerError> {
        let blob = match self.remote.call(Call::Get(name.into()))? {
            Answer::Blob(blob) => blob.ok_or(Refusal::Name)?,
            _ => return Err(Refusal::Unknown.into()),
        };
        let asked = type_names::of::<T>();
        match &blob.type_name {
            Some(set) if *set != asked => Err(wrong_type(name, set, &asked)),
            _ => Ok(blob.unpack()?),
        }
    }

    /// Removes an attribute. Python: `del namespace.name`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended, or there is none.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// let names = manager.namespace()?;
    /// assert!(names.remove("pots").is_err());
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn remove(&self, name: &str) -> Result<(), ManagerError> {
        match self.remote.call(Call::Remove(name.into()))? {
            Answer::Blob(Some(_)) => Ok(()),
            _ => Err(Refusal::Name.into()),
        }
    }
}

fn wrong_type(name: &str, set: &str, asked: &str) -> ManagerError {
    let (mut shown, mut wanted) = (type_names::short(set), type_names::short(asked));
    if shown == wanted {
        // Two types of the same name.
        (shown, wanted) = (set.to_owned(), asked.to_owned());
    }
    ManagerError::Type {
        name: name.to_owned(),
        set: shown,
        asked: wanted,
    }
}

impl Clone for NamespaceProxy {
    fn clone(&self) -> Self {
        Self::new(self.remote.clone())
    }
}

impl fmt::Debug for NamespaceProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<NamespaceProxy object #{}>", self.remote.object)
    }
}
