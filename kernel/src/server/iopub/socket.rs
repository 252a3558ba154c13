//! Opening the iopub socket.

use std::net::TcpListener;
use std::time::Duration;

use socket2::SockRef;
use zeromq::{Endpoint, Socket, XPubSocket, ZmqError};

use crate::connection::{Connection, Transport};
use crate::server::ServerError;
use crate::server::channel::bind;

/// A client that takes nothing for this long, with all buffers full, is disconnected.
///
/// Output waits for the slowest client, so without this one stopped client would stop all cells for good.
/// The system does it, on TCP: zeromq's socket cannot tell which client it waits for.
const PATIENCE: Duration = Duration::from_secs(30);

/// Opens the socket. Port 0 becomes one that is free.
pub(in crate::server) async fn open(
    connection: &Connection,
    port: &mut u16,
) -> Result<XPubSocket, ServerError> {
    if connection.transport == Transport::Ipc {
        return bind("iopub", connection, port).await;
    }
    let endpoint = connection.endpoint(*port);
    let listen = || {
        let listener = TcpListener::bind((connection.ip.as_str(), *port))?;
        // Accepted connections inherit it.
        SockRef::from(&listener).set_tcp_user_timeout(Some(PATIENCE))?;
        Ok(listener)
    };
    let mut socket = XPubSocket::new();
    let bound = match listen() {
        Ok(listener) => socket.bind_listener(listener).await,
        Err(error) => Err(ZmqError::Network(error)),
    };
    match bound {
        Ok(Endpoint::Tcp(_, bound)) => *port = bound,
        Ok(_) => {}
        Err(source) => {
            let (channel, source) = ("iopub", Box::new(source));
            return Err(ServerError::Bind {
                channel,
                endpoint,
                source,
            });
        }
    }
    Ok(socket)
}
