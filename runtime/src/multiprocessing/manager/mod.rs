//! Values that a server process holds and every process can change: Python's
//! `multiprocessing.Manager`.
//!
//! `server` is the process, `objects` what it holds, `wire` what is said; `client` is the way
//! there, and the proxies are the typed face of it.

mod answers;
mod client;
mod dict;
mod error;
mod list;
mod objects;
mod queue;
mod server;
mod signals;
mod type_names;
mod value;
mod wire;

use std::fmt;
use std::io;
use std::os::fd::OwnedFd;
use std::sync::Arc;

use rustix::net::{
    AddressFamily, SocketAddrUnix, SocketFlags, SocketType, bind, listen, socket_with,
};
use serde::Serialize;

use crate::multiprocessing::children::child::Child;

use crate::multiprocessing::children::exit::Exit;
use crate::multiprocessing::children::watched::Watch;
use crate::multiprocessing::transport::descriptors::Parcel;
use crate::multiprocessing::transport::packet::Packet;
use crate::wait::Deadline;

use client::{Address, Remote};
use wire::{Answer, Blob, New, Request};

pub use dict::DictProxy;
pub use error::{ManagerError, Refusal};
pub use list::ListProxy;
pub use queue::QueueProxy;
pub use signals::{EventProxy, LockProxy, LockProxyGuard};
pub use value::{NamespaceProxy, ValueProxy};

/// A process that holds values for all others: Python's `multiprocessing.Manager()`.
///
/// It gives out *proxies*: handles that any process can have, and whose every method asks the server.
/// That makes them the slowest way to share (some 10 µs a call), and the most general: a list or a
/// dict of whatever is `Serialize`, also of other proxies. For numbers and arrays, `Value`, `Array`
/// and `SharedArray` are shared memory; for messages there are queues.
///
/// ```
/// use woozle::multiprocessing::{DictProxy, Manager, Process};
///
/// fn note(lengths: DictProxy<String, usize>, word: String) {
///     let length = word.len();
///     lengths.insert(word, length).unwrap();
/// }
///
/// let manager = Manager::new()?;
/// let lengths = manager.dict()?;
/// let children = ["honey", "haycorns"].map(|word| {
///     Process::with_args(note, (lengths.clone(), word.to_string())).unwrap()
/// });
/// for p in &children { p.start()? }
/// for p in &children { p.join()?; }
/// assert_eq!(lengths.get(&"honey".to_string())?, Some(5));
/// assert_eq!(lengths.len()?, 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # The end
///
/// The server ends when the last clone of the manager is dropped, or by
/// [`shutdown`](Self::shutdown); proxies give [`ManagerError::Gone`] from then on. Until then it
/// keeps every object it was asked for, whether there is a proxy or not.
///
/// # What differs from Python
///
/// - Objects have a type. The server keeps their bytes and does not read them; so there is no `sort`, say: take
///   the [`to_vec`](ListProxy::to_vec), and put it back.
/// - An index or a key that is missing is an error or a `None`, as in Rust's collections.
/// - `Semaphore`, `Condition`, `Barrier`, `RLock`, `Array`, `Pool` of a manager are not there: those of
///   [`multiprocessing`](crate::multiprocessing) go to any process as they are.
/// - A lock whose holder ends is free again; in Python it is held for ever.
/// - `register`, and managers on other machines, are not there.
#[derive(Clone)]
pub struct Manager(Arc<Server>);

struct Server {
    child: Child,
    address: Address,
}

struct Nobody;

impl Watch for Nobody {
    fn message(&self, _: Packet) {}
    fn ended(&self, _: Exit) {}
}

impl Manager {
    /// Starts a manager. Python: `Manager()`.
    ///
    /// # Errors
    ///
    /// [`ManagerError::System`] if there can be no further process or socket.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// let manager = Manager::new()?;
    /// assert_eq!(manager.value(42)?.get()?, 42);
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn new() -> Result<Self, ManagerError> {
        let (listener, address) = bind_somewhere().map_err(ManagerError::System)?;
        let parcel = Parcel {
            bytes: Vec::new(),
            descriptors: vec![Arc::new(listener)],
        };
        let child = Child::spawn(server::main, &parcel, Arc::new(Nobody));
        let child = child.map_err(ManagerError::System)?;
        Ok(Self(Arc::new(Server { child, address })))
    }

    /// A new empty list. Python: `manager.list()`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if the server has ended.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// let manager = Manager::new()?;
    /// let list = manager.list()?;
    /// list.extend([1, 2, 3])?;
    /// assert_eq!(list.to_vec()?, [1, 2, 3]);
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn list<T>(&self) -> Result<ListProxy<T>, ManagerError> {
        self.create(New::List).map(ListProxy::new)
    }

    /// A new empty dict. Python: `manager.dict()`.
    ///
    /// # Errors
    ///
    /// As [`list`](Self::list)'s.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// let manager = Manager::new()?;
    /// let dict = manager.dict()?;
    /// dict.insert("honey".to_string(), 1)?;
    /// assert_eq!(dict.items()?, [("honey".to_string(), 1)]);
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn dict<K, V>(&self) -> Result<DictProxy<K, V>, ManagerError> {
        self.create(New::Dict).map(DictProxy::new)
    }

    /// A new queue without bound. Python: `manager.Queue()`.
    ///
    /// # Errors
    ///
    /// As [`list`](Self::list)'s.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// let manager = Manager::new()?;
    /// let queue = manager.queue()?;
    /// queue.put(1)?;
    /// assert_eq!(queue.get()?, 1);
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn queue<T>(&self) -> Result<QueueProxy<T>, ManagerError> {
        self.queue_with_maxsize(0)
    }

    /// A new queue that holds at most so many items; 0 means no bound. Python:
    /// `manager.Queue(maxsize)`.
    ///
    /// # Errors
    ///
    /// As [`list`](Self::list)'s.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// let manager = Manager::new()?;
    /// let queue = manager.queue_with_maxsize(1)?;
    /// queue.put(1)?;
    /// assert!(queue.put_nowait(2).is_err());
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn queue_with_maxsize<T>(&self, maxsize: usize) -> Result<QueueProxy<T>, ManagerError> {
        self.create(New::Queue { maxsize }).map(QueueProxy::new)
    }

    /// A new value. Python: `manager.Value(typecode, value)`.
    ///
    /// # Errors
    ///
    /// [`ManagerError`] if it cannot be serialised, or the server has ended.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// let manager = Manager::new()?;
    /// let counter = manager.value(0)?;
    /// counter.update(|n| n + 1)?;
    /// assert_eq!(counter.get()?, 1);
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn value<T: Serialize>(&self, value: T) -> Result<ValueProxy<T>, ManagerError> {
        self.create(New::Value(Blob::pack(&value)?))
            .map(ValueProxy::new)
    }

    /// A new namespace: values of any types by name. Python: `manager.Namespace()`.
    ///
    /// # Errors
    ///
    /// As [`list`](Self::list)'s.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// let manager = Manager::new()?;
    /// let namespace = manager.namespace()?;
    /// namespace.set("pots", 10)?;
    /// let pots: i32 = namespace.get("pots")?;
    /// assert_eq!(pots, 10);
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn namespace(&self) -> Result<NamespaceProxy, ManagerError> {
        self.create(New::Namespace).map(NamespaceProxy::new)
    }

    /// A new event, which is not set. Python: `manager.Event()`.
    ///
    /// # Errors
    ///
    /// As [`list`](Self::list)'s.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// let manager = Manager::new()?;
    /// assert!(!manager.event()?.is_set()?);
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn event(&self) -> Result<EventProxy, ManagerError> {
        self.create(New::Event).map(EventProxy::new)
    }

    /// A new lock, which nobody holds. Python: `manager.Lock()`.
    ///
    /// # Errors
    ///
    /// As [`list`](Self::list)'s.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// let manager = Manager::new()?;
    /// let lock = manager.lock()?;
    /// let held = lock.guard()?;
    /// assert!(lock.locked()?);
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn lock(&self) -> Result<LockProxy, ManagerError> {
        self.create(New::Lock).map(LockProxy::new)
    }

    /// Ends the server. Python: `manager.shutdown()`.
    ///
    /// ```
    /// # use woozle::multiprocessing::{Manager, ManagerError};
    /// let manager = Manager::new()?;
    /// let list = manager.list::<u32>()?;
    /// manager.shutdown();
    /// assert!(matches!(list.push(1), Err(ManagerError::Gone)));
    /// # Ok::<(), ManagerError>(())
    /// ```
    pub fn shutdown(&self) {
        self.0.end();
    }

    /// The process id of the server.
    ///
    /// ```
    /// # use woozle::multiprocessing::Manager;
    /// assert_ne!(Manager::new()?.pid(), std::process::id());
    /// # Ok::<(), woozle::multiprocessing::ManagerError>(())
    /// ```
    pub fn pid(&self) -> u32 {
        self.0.child.pid()
    }

    fn create(&self, new: New) -> Result<Remote, ManagerError> {
        let server = self.0.address.clone();
        match server.ask(&Request::Create(new), Deadline::NEVER)? {
            Answer::Number(object) => Ok(Remote { server, object }),
            _ => Err(Refusal::Unknown.into()),
        }
    }
}

impl Server {
    fn end(&self) {
        self.child.kill(rustix::process::Signal::KILL);
        self.child.wait(Deadline::NEVER);
        self.address.forget();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

impl fmt::Debug for Manager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Manager pid={}>", self.pid())
    }
}

/// A listening socket with a name that nobody else has.
fn bind_somewhere() -> io::Result<(OwnedFd, Address)> {
    let name = format!("woozle-{:032x}", rand::random::<u128>()).into_bytes();
    let kind = SocketType::SEQPACKET;
    let socket = socket_with(AddressFamily::UNIX, kind, SocketFlags::CLOEXEC, None)?;
    bind(&socket, &SocketAddrUnix::new_abstract_name(&name)?)?;
    listen(&socket, 1024)?;
    Ok((socket, Address(name)))
}
