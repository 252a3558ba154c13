//! What can go wrong with a connection.

use std::io;

use thiserror::Error;

use crate::multiprocessing::transport::descriptors::CodecError;

/// Why something could not be sent, received or connected.
#[derive(Error)]
#[non_exhaustive]
pub enum ConnectionError {
    /// Everything that was sent has been received, and nobody has the other end any more. Python's
    /// `EOFError`.
    #[error(
        "end of file: the other end of the connection is closed, and there is nothing left to receive"
    )]
    Eof,
    /// Nobody has the other end any more. Python's `BrokenPipeError`.
    #[error("broken pipe: the other end of the connection is closed")]
    BrokenPipe,
    /// This end of a one-way pipe only receives.
    #[error("this connection is read-only: it is the receiving end of a one-way pipe")]
    ReadOnly,
    /// This end of a one-way pipe only sends.
    #[error("this connection is write-only: it is the sending end of a one-way pipe")]
    WriteOnly,
    /// This handle, or a clone of it, has been closed.
    #[error("the connection is closed on this side")]
    Closed,
    /// A message was longer than allowed; it is lost, and the connection can still be used.
    #[error("a message of {length} bytes came, and at most {max} were allowed")]
    TooLong {
        /// How long it was.
        length: usize,
        /// How long it might have been.
        max: usize,
    },
    /// A message was longer than the buffer for it; here it is.
    #[error("a message of {} bytes came, which is more than the buffer can hold", .0.len())]
    BufferTooShort(Vec<u8>),
    /// A value could not be turned into bytes, or the bytes into a value.
    #[error("{0}")]
    Codec(#[from] CodecError),
    /// The other side does not have the same key.
    #[error("authentication failed: the two sides do not have the same key")]
    Authentication,
    /// The operating system refused.
    #[error("the connection failed: {0}")]
    System(#[source] io::Error),
}

debug_is_display!(ConnectionError);

impl From<io::Error> for ConnectionError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset => Self::BrokenPipe,
            _ => Self::System(error),
        }
    }
}
