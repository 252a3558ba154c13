//! Opening the iopub socket.

use std::net::TcpListener;
use std::time::Duration;

use socket2::SockRef;
use zeromq::{Socket, XPubSocket, ZmqError};

use crate::connection::{Connection, Transport};
use crate::server::ServerError;
use crate::server::channel::bind;

/// A client that takes nothing for this long, with all buffers full, is disconnected.
///
/// Output waits for the slowest client, so without this one stopped client would stop all cells for good.
/// The system does it, on TCP: zeromq's socket cannot tell which client it waits for.
const PATIENCE: Duration = Duration::from_secs(30);

pub(in crate::server) async fn open(connection: &Connection) -> Result<XPubSocket, ServerError> {
    let endpoint = connection.endpoint(connection.iopub_port);
    if connection.transport == Transport::Ipc {
        return bind("iopub", &endpoint).await;
    }
    let listen = || {
        let listener = TcpListener::bind((connection.ip.as_str(), connection.iopub_port))?;
        // Accepted connections inherit it.
        SockRef::from(&listener).set_tcp_user_timeout(Some(PATIENCE))?;
        Ok(listener)
    };
    let mut socket = XPubSocket::new();
    let bound = match listen() {
        Ok(listener) => socket.bind_listener(listener).await.map(drop),
        Err(error) => Err(ZmqError::Network(error)),
    };
    bound.map_err(|source| ServerError::Bind {
        channel: "iopub",
        endpoint,
        source: Box::new(source),
    })?;
    Ok(socket)
}
