//! Why the server cannot start or go on.

use std::io::ErrorKind;

use thiserror::Error;
use zeromq::ZmqError;

/// Why the server cannot start or go on.
#[derive(Debug, Error)]
pub enum ServerError {
    #[error("cannot open the {channel} channel at {endpoint}: {source}")]
    Bind {
        channel: &'static str,
        endpoint: String,
        source: Box<ZmqError>,
    },
    #[error("cannot start the server's threads: {0}")]
    Thread(std::io::Error),
    #[error("cannot watch for signals: {0}")]
    Signals(std::io::Error),
    #[error("a part of the server ended unexpectedly; the log says which and why")]
    Task,
}

impl ServerError {
    /// Whether a port, or a socket's path, is another program's.
    #[must_use]
    pub fn is_taken(&self) -> bool {
        matches!(
            self,
            Self::Bind { source, .. }
                if matches!(&**source, ZmqError::Network(error) if error.kind() == ErrorKind::AddrInUse)
        )
    }
}
