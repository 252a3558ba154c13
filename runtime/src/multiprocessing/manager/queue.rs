//! `QueueProxy`: a queue that a manager holds.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::answers::{in_time, number, unpack};
use super::client::Remote;
use super::error::{ManagerError, Refusal};
use super::wire::{Blob, Call};
use crate::wait::Deadline;

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
