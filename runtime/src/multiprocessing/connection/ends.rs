//! `Connection`: an end of a pipe.

use std::borrow::Borrow;
use std::fmt;
use std::marker::PhantomData;
use std::os::fd::{AsFd, AsRawFd, OwnedFd, RawFd};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustix::net::{RecvFlags, SendFlags};
use serde::de::{DeserializeOwned, Deserializer};
use serde::ser::{Error as _, Serializer};
use serde::{Deserialize, Serialize};

use super::ConnectionError;
use crate::multiprocessing::transport::descriptors;
use crate::multiprocessing::transport::descriptors::Descriptor;
use crate::multiprocessing::transport::packet;
use crate::multiprocessing::transport::packet::Packet;
use crate::multiprocessing::transport::poll;
use crate::sync::lock_std;
use crate::wait::Deadline;

/// An end of a pipe between processes, which sends values of type `S` and receives values of type
/// `R`: Python's `multiprocessing.connection.Connection`.
///
/// [`pipe`](super::pipe) makes two of them. A message arrives whole, or, if its sender dies on the
/// way, not at all. Values may be of any size; a [`send`](Self::send) waits while the pipe is full.
/// Many threads and processes may use one end: each message goes to one of them.
///
/// **Types.** Python's connections take anything and find out at the other end what it is. Here a
/// connection has the types of what it carries, so that both ends agree when the cell is compiled,
/// and `recv()` needs no annotation. For messages of several kinds, use an `enum`; for raw bytes
/// there are [`send_bytes`](Self::send_bytes) and [`recv_bytes`](Self::recv_bytes) in any case.
///
/// **The end.** A clone is another handle of the same end; it closes when all are dropped, or one of
/// them calls [`close`](Self::close). The other end learns it when *every* process has closed its
/// copy, as in Python: so close your copy of the end that you have given to a process.
///
/// ```
/// use woozle::multiprocessing::{Connection, Process, pipe};
///
/// fn shout(words: Connection<String>) {
///     while let Ok(word) = words.recv() {
///         words.send(word.to_uppercase()).unwrap();
///     }
/// }
///
/// let (ours, theirs) = pipe::<String>()?;
/// let p = Process::with_args(shout, (theirs.clone(),))?;
/// p.start()?;
/// theirs.close();
/// ours.send("honey".to_string())?;
/// assert_eq!(ours.recv()?, "HONEY");
/// ours.close();
/// assert!(p.join()?.success());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Connection<S, R = S> {
    end: Arc<End>,
    types: PhantomData<fn(S) -> R>,
}

struct End {
    socket: Mutex<Option<Descriptor>>,
    access: Access,
}

/// What may be done with an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Access {
    Both,
    Receive,
    Send,
}

impl<S, R> Connection<S, R> {
    /// The two ends of a pipe whose directions carry different types: the first end sends `S` and
    /// receives `R`, the second the other way round.
    ///
    /// # Errors
    ///
    /// [`ConnectionError::System`] if there are too many open files.
    ///
    /// ```
    /// use woozle::multiprocessing::Connection;
    /// let (questions, answers) = Connection::<String, usize>::pair()?;
    /// questions.send("honey".to_string())?;
    /// answers.send(answers.recv()?.len())?;
    /// assert_eq!(questions.recv()?, 5);
    /// # Ok::<(), woozle::multiprocessing::ConnectionError>(())
    /// ```
    pub fn pair() -> Result<(Self, Connection<R, S>), ConnectionError> {
        let (one, other) = packet::pair()?;
        Ok((
            Self::from_socket(one, Access::Both),
            Connection::from_socket(other, Access::Both),
        ))
    }

    pub(super) fn from_socket(socket: OwnedFd, access: Access) -> Self {
        Self::from_descriptor(Descriptor::new(socket), access)
    }

    fn from_descriptor(socket: Descriptor, access: Access) -> Self {
        let end = End {
            socket: Mutex::new(Some(socket)),
            access,
        };
        Self {
            end: Arc::new(end),
            types: PhantomData,
        }
    }

    /// Sends a value, or a reference to one; waits while the pipe is full. Python: `conn.send(value)`.
    ///
    /// # Errors
    ///
    /// [`ConnectionError`]: nobody has the other end, this end is closed or only receives, the value
    /// cannot be serialised.
    ///
    /// ```
    /// use woozle::multiprocessing::{ConnectionError, pipe};
    /// let (a, b) = pipe::<Vec<u32>>()?;
    /// let honey = vec![1, 2, 3];
    /// a.send(&honey)?;
    /// assert_eq!(b.recv()?, honey);
    /// drop(b);
    /// assert!(matches!(a.send(honey), Err(ConnectionError::BrokenPipe)));
    /// # Ok::<(), ConnectionError>(())
    /// ```
    pub fn send(&self, value: impl Borrow<S>) -> Result<(), ConnectionError>
    where
        S: Serialize,
    {
        let socket = self.socket_for(Access::Send)?;
        let parcel = descriptors::pack(value.borrow())?;
        let descriptors: Vec<_> = parcel.descriptors.iter().map(|d| d.as_fd()).collect();
        packet::send(&socket, &parcel.bytes, &descriptors, SendFlags::empty())?;
        Ok(())
    }

    /// Waits for a value. Python: `conn.recv()`.
    ///
    /// # Errors
    ///
    /// [`ConnectionError::Eof`] when nobody has the other end and nothing is left; the other cases are
    /// those of [`send`](Self::send).
    ///
    /// ```
    /// use woozle::multiprocessing::{ConnectionError, pipe};
    /// let (a, b) = pipe::<u32>()?;
    /// a.send(42)?;
    /// a.close();
    /// assert_eq!(b.recv()?, 42);
    /// assert!(matches!(b.recv(), Err(ConnectionError::Eof)));
    /// # Ok::<(), ConnectionError>(())
    /// ```
    pub fn recv(&self) -> Result<R, ConnectionError>
    where
        R: DeserializeOwned,
    {
        let packet = self.receive()?;
        Ok(descriptors::unpack(&packet.bytes, packet.descriptors)?)
    }

    /// Whether a receive would not wait: there is a message, or the end. Python: `conn.poll()`.
    ///
    /// # Errors
    ///
    /// [`ConnectionError`] if this end is closed or only sends.
    ///
    /// ```
    /// # use woozle::multiprocessing::pipe;
    /// let (a, b) = pipe::<u32>()?;
    /// assert!(!b.poll()?);
    /// a.send(1)?;
    /// assert!(b.poll()?);
    /// # Ok::<(), woozle::multiprocessing::ConnectionError>(())
    /// ```
    pub fn poll(&self) -> Result<bool, ConnectionError> {
        self.poll_timeout(Duration::ZERO)
    }

    /// As [`poll`](Self::poll), but waits for at most this long. Python: `conn.poll(timeout)`. To wait
    /// for ever, call [`wait`](super::wait).
    ///
    /// # Errors
    ///
    /// As [`poll`](Self::poll)'s.
    ///
    /// ```
    /// # use woozle::multiprocessing::pipe;
    /// # use std::time::Duration;
    /// let (a, b) = pipe::<u32>()?;
    /// assert!(!b.poll_timeout(Duration::from_millis(1))?);
    /// drop(a);
    /// assert!(b.poll_timeout(Duration::from_secs(1))?);
    /// # Ok::<(), woozle::multiprocessing::ConnectionError>(())
    /// ```
    pub fn poll_timeout(&self, timeout: Duration) -> Result<bool, ConnectionError> {
        let socket = self.socket_for(Access::Receive)?;
        Ok(poll::is_readable(&socket, Deadline::after(timeout))?)
    }

    /// The number of the descriptor. Python: `conn.fileno()`.
    ///
    /// # Errors
    ///
    /// [`ConnectionError::Closed`].
    ///
    /// ```
    /// # use woozle::multiprocessing::pipe;
    /// let (a, b) = pipe::<u32>()?;
    /// assert_ne!(a.fileno()?, b.fileno()?);
    /// # Ok::<(), woozle::multiprocessing::ConnectionError>(())
    /// ```
    pub fn fileno(&self) -> Result<RawFd, ConnectionError> {
        Ok(self.socket()?.as_fd().as_raw_fd())
    }

    /// Closes this end in this process, for all clones of the handle. Calls that already wait go on.
    /// Python: `conn.close()`.
    ///
    /// ```
    /// # use woozle::multiprocessing::pipe;
    /// let (a, b) = pipe::<u32>()?;
    /// a.close();
    /// assert!(a.send(1).is_err() && b.recv().is_err());
    /// # Ok::<(), woozle::multiprocessing::ConnectionError>(())
    /// ```
    pub fn close(&self) {
        drop(self.end.lock().take());
    }

    /// Whether this end is closed in this process. Python: `conn.closed`.
    ///
    /// ```
    /// # use woozle::multiprocessing::pipe;
    /// let (a, _b) = pipe::<u32>()?;
    /// let other = a.clone();
    /// a.close();
    /// assert!(other.closed());
    /// # Ok::<(), woozle::multiprocessing::ConnectionError>(())
    /// ```
    pub fn closed(&self) -> bool {
        self.end.lock().is_none()
    }

    /// Whether values can be received. Python: `conn.readable`.
    ///
    /// ```
    /// # use woozle::multiprocessing::one_way_pipe;
    /// let (receiver, sender) = one_way_pipe::<u32>()?;
    /// assert!(receiver.readable() && !sender.readable());
    /// # Ok::<(), woozle::multiprocessing::ConnectionError>(())
    /// ```
    pub fn readable(&self) -> bool {
        self.end.access != Access::Send
    }

    /// Whether values can be sent. Python: `conn.writable`.
    ///
    /// ```
    /// # use woozle::multiprocessing::one_way_pipe;
    /// let (receiver, sender) = one_way_pipe::<u32>()?;
    /// assert!(sender.writable() && !receiver.writable());
    /// # Ok::<(), woozle::multiprocessing::ConnectionError>(())
    /// ```
    pub fn writable(&self) -> bool {
        self.end.access != Access::Receive
    }

    pub(super) fn socket(&self) -> Result<Descriptor, ConnectionError> {
        self.end.lock().clone().ok_or(ConnectionError::Closed)
    }

    pub(super) fn socket_for(&self, access: Access) -> Result<Descriptor, ConnectionError> {
        let socket = self.socket()?;
        match (access, self.end.access) {
            (Access::Send, Access::Receive) => Err(ConnectionError::ReadOnly),
            (Access::Receive, Access::Send) => Err(ConnectionError::WriteOnly),
            _ => Ok(socket),
        }
    }

    pub(super) fn receive(&self) -> Result<Packet, ConnectionError> {
        let socket = self.socket_for(Access::Receive)?;
        packet::receive(&socket, RecvFlags::empty())?.ok_or(ConnectionError::Eof)
    }
}

impl End {
    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Descriptor>> {
        lock_std(&self.socket)
    }
}

/// The two ends of a pipe that carries values of one type both ways. Python:
/// `multiprocessing.Pipe()`.
///
/// # Errors
///
/// [`ConnectionError::System`] if there are too many open files.
///
/// ```
/// use woozle::multiprocessing::pipe;
/// let (a, b) = pipe::<(u32, String)>()?;
/// a.send((42, "honey".to_string()))?;
/// let (number, word) = b.recv()?;
/// b.send((number + 1, word))?;
/// assert_eq!(a.recv()?.0, 43);
/// # Ok::<(), woozle::multiprocessing::ConnectionError>(())
/// ```
pub fn pipe<T>() -> Result<(Connection<T>, Connection<T>), ConnectionError> {
    Connection::pair()
}

/// A pipe of one direction: the end that receives, and the end that sends. Python:
/// `multiprocessing.Pipe(duplex=False)`.
///
/// # Errors
///
/// [`ConnectionError::System`] if there are too many open files.
///
/// ```
/// use woozle::multiprocessing::{ConnectionError, one_way_pipe};
/// let (receiver, sender) = one_way_pipe::<u32>()?;
/// sender.send(42)?;
/// assert_eq!(receiver.recv()?, 42);
/// assert!(matches!(receiver.send(1), Err(ConnectionError::ReadOnly)));
/// assert!(matches!(sender.recv(), Err(ConnectionError::WriteOnly)));
/// # Ok::<(), ConnectionError>(())
/// ```
pub fn one_way_pipe<T>() -> Result<(Connection<T>, Connection<T>), ConnectionError> {
    let (one, other) = packet::pair()?;
    Ok((
        Connection::from_socket(one, Access::Receive),
        Connection::from_socket(other, Access::Send),
    ))
}

impl<S, R> Clone for Connection<S, R> {
    fn clone(&self) -> Self {
        Self {
            end: self.end.clone(),
            types: PhantomData,
        }
    }
}

impl<S, R> fmt::Debug for Connection<S, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.fileno() {
            Ok(number) => write!(f, "<Connection {number}>"),
            Err(_) => f.write_str("<Connection closed>"),
        }
    }
}

impl<S, R> Serialize for Connection<S, R> {
    fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        let socket = self.socket().map_err(Z::Error::custom)?;
        (socket, self.end.access).serialize(serializer)
    }
}

impl<'de, S, R> Deserialize<'de> for Connection<S, R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (socket, access) = <(Descriptor, Access)>::deserialize(deserializer)?;
        Ok(Self::from_descriptor(socket, access))
    }
}
