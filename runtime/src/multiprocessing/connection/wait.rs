//! `wait`: for the first of many connections.

use std::os::fd::{AsFd, BorrowedFd};
use std::time::Duration;

use super::{Connection, ConnectionError};
use crate::multiprocessing::transport::descriptors::Descriptor;
use crate::multiprocessing::transport::poll;
use crate::wait::Deadline;

/// Waits until some of these have something to receive, or have ended, and gives their places in the
/// list. Python: `multiprocessing.connection.wait(object_list)`.
///
/// # Errors
///
/// [`ConnectionError`] if one of them is a closed connection.
///
/// ```
/// use woozle::multiprocessing::{Process, connection::wait, pipe};
///
/// let (ours, theirs) = pipe::<u32>()?;
/// let p = Process::new(|| std::thread::park());
/// p.start()?;
/// theirs.send(1)?;
/// assert_eq!(wait(&[&ours, &p.sentinel()?])?, [0]);
/// ours.recv()?;
/// p.kill()?;
/// assert_eq!(wait(&[&ours, &p.sentinel()?])?, [1]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn wait(objects: &[&dyn Waitable]) -> Result<Vec<usize>, ConnectionError> {
    wait_until(objects, Deadline::NEVER)
}

/// As [`wait`], for at most this long; the list is empty if nothing came. Python:
/// `multiprocessing.connection.wait(object_list, timeout)`.
///
/// # Errors
///
/// As [`wait`]'s.
///
/// ```
/// use woozle::multiprocessing::{connection::wait_timeout, pipe};
/// use std::time::Duration;
///
/// let (a, b) = pipe::<u32>()?;
/// assert!(wait_timeout(&[&a, &b], Duration::from_millis(1))?.is_empty());
/// # Ok::<(), woozle::multiprocessing::ConnectionError>(())
/// ```
pub fn wait_timeout(
    objects: &[&dyn Waitable],
    timeout: Duration,
) -> Result<Vec<usize>, ConnectionError> {
    wait_until(objects, Deadline::after(timeout))
}

fn wait_until(
    objects: &[&dyn Waitable],
    deadline: Deadline,
) -> Result<Vec<usize>, ConnectionError> {
    if objects.is_empty() {
        return Ok(Vec::new());
    }
    let held = objects.iter().map(|object| object.hold());
    let held = held.collect::<Result<Vec<_>, _>>()?;
    let descriptors: Vec<_> = held.iter().map(AsFd::as_fd).collect();
    Ok(poll::wait_readable(&descriptors, deadline)?)
}

/// Something that [`wait`] can wait for: a [`Connection`], a
/// [`Queue`](crate::multiprocessing::Queue), or whatever has a descriptor, such as
/// [`Process::sentinel`](crate::multiprocessing::Process::sentinel) or a socket.
pub trait Waitable: Hold {}

/// What [`wait`] asks of them.
pub trait Hold {
    /// A descriptor, held for as long as it is waited for.
    fn hold(&self) -> Result<Held<'_>, ConnectionError>;
}

/// A descriptor that is borrowed, or shared with what it belongs to.
#[derive(Debug)]
pub struct Held<'a>(Inner<'a>);

#[derive(Debug)]
enum Inner<'a> {
    Borrowed(BorrowedFd<'a>),
    Shared(Descriptor),
}

impl From<Descriptor> for Held<'_> {
    fn from(descriptor: Descriptor) -> Self {
        Self(Inner::Shared(descriptor))
    }
}

impl AsFd for Held<'_> {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match &self.0 {
            Inner::Borrowed(descriptor) => *descriptor,
            Inner::Shared(descriptor) => descriptor.as_fd(),
        }
    }
}

impl<T: AsFd> Hold for T {
    fn hold(&self) -> Result<Held<'_>, ConnectionError> {
        Ok(Held(Inner::Borrowed(self.as_fd())))
    }
}

impl<S, R> Hold for Connection<S, R> {
    fn hold(&self) -> Result<Held<'_>, ConnectionError> {
        self.socket().map(Held::from)
    }
}

impl<T: AsFd> Waitable for T {}
impl<S, R> Waitable for Connection<S, R> {}
