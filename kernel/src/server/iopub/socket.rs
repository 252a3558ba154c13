//! Opening the iopub socket.

use std::io;
use std::path::PathBuf;
use std::task::{Context, Poll, ready};

use tokio::net::{TcpListener, UnixListener};

use super::subscriber::Stream;
use crate::jupyter::connection::{Connection, Transport};
use crate::server::channels::socket::remove_stale;
use crate::server::error::ServerError;

/// Where subscribers connect.
pub(in crate::server) enum Listener {
    Tcp(TcpListener),
    Ipc {
        listener: UnixListener,
        path: PathBuf,
    },
}

impl Listener {
    pub(super) fn poll_accept(
        &self,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<Box<dyn Stream>>> {
        Poll::Ready(match self {
            Self::Tcp(listener) => ready!(listener.poll_accept(context)).and_then(|(stream, _)| {
                stream.set_nodelay(true)?;
                Ok(Box::new(stream) as Box<dyn Stream>)
            }),
            Self::Ipc { listener, .. } => ready!(listener.poll_accept(context))
                .map(|(stream, _)| Box::new(stream) as Box<dyn Stream>),
        })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Self::Ipc { path, .. } = self
            && let Err(error) = std::fs::remove_file(&*path)
        {
            tracing::debug!(%error, path = %path.display(), "the iopub socket cannot be removed");
        }
    }
}

/// Opens the socket. Port 0 becomes one that is free.
pub(in crate::server) async fn open(
    connection: &Connection,
    port: &mut u16,
) -> Result<Listener, ServerError> {
    let endpoint = connection.endpoint(*port);
    remove_stale(&endpoint);
    match listen(connection, port, &endpoint).await {
        Ok(listener) => Ok(listener),
        Err(source) => Err(ServerError::Bind {
            channel: "iopub",
            endpoint,
            source: Box::new(source.into()),
        }),
    }
}

async fn listen(connection: &Connection, port: &mut u16, endpoint: &str) -> io::Result<Listener> {
    match connection.transport {
        Transport::Tcp => {
            let listener = TcpListener::bind((connection.ip.as_str(), *port)).await?;
            *port = listener.local_addr()?.port();
            Ok(Listener::Tcp(listener))
        }
        Transport::Ipc => {
            let path = PathBuf::from(endpoint.trim_start_matches("ipc://"));
            let listener = UnixListener::bind(&path)?;
            Ok(Listener::Ipc { listener, path })
        }
    }
}
