//! Sending and receiving bytes as they are.

use rustix::net::SendFlags;

use super::ends::{Access, Connection};
use super::error::ConnectionError;
use crate::multiprocessing::transport::packet;

impl<S, R> Connection<S, R> {
    /// Sends bytes as they are. Python: `conn.send_bytes(buffer)`.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send)'s.
    ///
    /// ```
    /// # use woozle::multiprocessing::pipe;
    /// let (a, b) = pipe::<()>()?;
    /// a.send_bytes(b"honey")?;
    /// assert_eq!(b.recv_bytes()?, b"honey");
    /// # Ok::<(), woozle::multiprocessing::ConnectionError>(())
    /// ```
    pub fn send_bytes(&self, bytes: &[u8]) -> Result<(), ConnectionError> {
        let socket = self.socket_for(Access::Send)?;
        Ok(packet::send(&socket, bytes, &[], SendFlags::empty())?)
    }

    /// Waits for a message and gives its bytes. Python: `conn.recv_bytes()`.
    ///
    /// # Errors
    ///
    /// As [`recv`](Self::recv)'s.
    ///
    /// ```
    /// # use woozle::multiprocessing::pipe;
    /// let (a, b) = pipe::<()>()?;
    /// a.send_bytes(b"")?;
    /// assert!(b.recv_bytes()?.is_empty());
    /// # Ok::<(), woozle::multiprocessing::ConnectionError>(())
    /// ```
    pub fn recv_bytes(&self) -> Result<Vec<u8>, ConnectionError> {
        Ok(self.receive()?.bytes)
    }

    /// As [`recv_bytes`](Self::recv_bytes), for at most `max` bytes. Python:
    /// `conn.recv_bytes(maxlength)`.
    ///
    /// # Errors
    ///
    /// [`ConnectionError::TooLong`] too: the message is lost then. In Python so is the connection;
    /// here the next message can be received.
    ///
    /// ```
    /// # use woozle::multiprocessing::pipe;
    /// let (a, b) = pipe::<()>()?;
    /// a.send_bytes(b"honey")?;
    /// a.send_bytes(b"bee")?;
    /// assert!(b.recv_bytes_max(4).is_err());
    /// assert_eq!(b.recv_bytes_max(4)?, b"bee");
    /// # Ok::<(), woozle::multiprocessing::ConnectionError>(())
    /// ```
    pub fn recv_bytes_max(&self, max: usize) -> Result<Vec<u8>, ConnectionError> {
        let bytes = self.receive()?.bytes;
        if bytes.len() > max {
            let length = bytes.len();
            return Err(ConnectionError::TooLong { length, max });
        }
        Ok(bytes)
    }

    /// Waits for a message and copies its bytes to the beginning of `buffer`; gives their number.
    /// Python: `conn.recv_bytes_into(buffer)`.
    ///
    /// # Errors
    ///
    /// [`ConnectionError::BufferTooShort`], with the message, too.
    ///
    /// ```
    /// # use woozle::multiprocessing::{ConnectionError, pipe};
    /// let (a, b) = pipe::<()>()?;
    /// let mut buffer = [0; 4];
    /// a.send_bytes(b"bee")?;
    /// assert_eq!(b.recv_bytes_into(&mut buffer)?, 3);
    /// a.send_bytes(b"honey")?;
    /// let Err(ConnectionError::BufferTooShort(message)) = b.recv_bytes_into(&mut buffer) else {
    ///     unreachable!()
    /// };
    /// assert_eq!(message, b"honey");
    /// # Ok::<(), ConnectionError>(())
    /// ```
    pub fn recv_bytes_into(&self, buffer: &mut [u8]) -> Result<usize, ConnectionError> {
        let bytes = self.receive()?.bytes;
        match buffer.get_mut(..bytes.len()) {
            Some(room) => room.copy_from_slice(&bytes),
            None => return Err(ConnectionError::BufferTooShort(bytes)),
        }
        Ok(bytes.len())
    }
}
