//! Proxies of events and locks.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::ManagerError;
use super::client::Remote;
use super::wire::{Answer, Call};
use crate::wait::Deadline;

/// An event that a [`Manager`](super::Manager) holds, from any process.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub struct EventProxy {
    remote: Remote,
}

impl EventProxy {
    pub(super) fn new(remote: Remote) -> Self {
        Self { remote }
    }

    /// Sets the event and wakes all that wait for it. Python: `event.set()`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// let event = manager.event()?;
    /// event.set()?;
    /// event.wait()?;
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn set(&self) -> Result<(), ManagerError> {
        self.remote.call(Call::Set).map(drop)
    }

    /// Resets the event. Python: `event.clear()`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// let event = manager.event()?;
    /// event.clear()?;
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn clear(&self) -> Result<(), ManagerError> {
        self.remote.call(Call::Clear).map(drop)
    }

    /// Whether the event is set. Python: `event.is_set()`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// let event = manager.event()?;
    /// assert!(!event.is_set()?);
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn is_set(&self) -> Result<bool, ManagerError> {
        Ok(matches!(self.remote.call(Call::IsSet)?, Answer::Flag(true)))
    }

    /// Waits until the event is set. Python: `event.wait()`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// let event = manager.event()?;
    /// event.set()?;
    /// event.wait()?;
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn wait(&self) -> Result<(), ManagerError> {
        self.remote.call(Call::Wait).map(drop)
    }

    /// As [`wait`](Self::wait), for at most this long; whether it is set. Python:
    /// `event.wait(timeout)`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// # use std::time::Duration;
    /// let event = manager.event()?;
    /// assert!(!event.wait_timeout(Duration::from_millis(1))?);
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn wait_timeout(&self, timeout: Duration) -> Result<bool, ManagerError> {
        let deadline = Some(Deadline::after(timeout));
        got(&self.remote.call_until(Call::Wait, deadline)?)
    }
}

impl Clone for EventProxy {
    fn clone(&self) -> Self {
        Self::new(self.remote.clone())
    }
}

impl fmt::Debug for EventProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<EventProxy object #{}>", self.remote.object)
    }
}

/// A lock that a [`Manager`](super::Manager) holds, from any process. When the process that has taken it
/// ends, it is free again.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub struct LockProxy {
    remote: Remote,
}

impl LockProxy {
    pub(super) fn new(remote: Remote) -> Self {
        Self { remote }
    }

    /// Waits for the lock and takes it. Python: `lock.acquire()`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// let lock = manager.lock()?;
    /// lock.acquire()?;
    /// lock.release()?;
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn acquire(&self) -> Result<(), ManagerError> {
        self.remote.call(Call::Acquire).map(drop)
    }

    /// Takes the lock if it is free; whether it did. Python: `lock.acquire(False)`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// let lock = manager.lock()?;
    /// assert!(lock.try_acquire()?);
    /// assert!(!lock.try_acquire()?);
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn try_acquire(&self) -> Result<bool, ManagerError> {
        got(&self.remote.call_until(Call::Acquire, None)?)
    }

    /// As [`acquire`](Self::acquire), for at most this long; whether it did. Python:
    /// `lock.acquire(timeout=...)`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// # use std::time::Duration;
    /// let lock = manager.lock()?;
    /// assert!(lock.acquire_timeout(Duration::from_millis(1))?);
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn acquire_timeout(&self, timeout: Duration) -> Result<bool, ManagerError> {
        let deadline = Some(Deadline::after(timeout));
        got(&self.remote.call_until(Call::Acquire, deadline)?)
    }

    /// Gives the lock back; any process may. Python: `lock.release()`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended, or nobody holds the lock.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// let lock = manager.lock()?;
    /// assert!(lock.release().is_err());
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn release(&self) -> Result<(), ManagerError> {
        self.remote.call(Call::Release).map(drop)
    }

    /// Whether somebody holds the lock. Python: `lock.locked()`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// let lock = manager.lock()?;
    /// assert!(!lock.locked()?);
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn locked(&self) -> Result<bool, ManagerError> {
        Ok(matches!(self.remote.call(Call::IsSet)?, Answer::Flag(true)))
    }

    /// Waits for the lock and holds it until the guard is dropped. Python: `with lock:`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// # let manager = Manager::new()?;
    /// let lock = manager.lock()?;
    /// let held = lock.guard()?;
    /// drop(held);
    /// assert!(!lock.locked()?);
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn guard(&self) -> Result<LockProxyGuard<'_>, ManagerError> {
        self.acquire()?;
        Ok(LockProxyGuard(self))
    }
}

impl Clone for LockProxy {
    fn clone(&self) -> Self {
        Self::new(self.remote.clone())
    }
}

impl fmt::Debug for LockProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<LockProxy object #{}>", self.remote.object)
    }
}

/// Holds a [`LockProxy`] until it is dropped.
#[derive(Debug)]
#[must_use]
pub struct LockProxyGuard<'a>(&'a LockProxy);

impl Drop for LockProxyGuard<'_> {
    fn drop(&mut self) {
        // If the server is gone, so is the lock.
        let _ = self.0.release();
    }
}

fn got(answer: &Answer) -> Result<bool, ManagerError> {
    Ok(!matches!(answer, Answer::NotInTime))
}
