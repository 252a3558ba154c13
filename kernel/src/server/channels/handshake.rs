//! The kernel chooses its ports itself and tells them to the client that started it.

use std::future::pending;

use zeromq::{DealerSocket, Socket, SocketRecv, SocketSend};

use crate::jupyter::connection::{Connection, Transport};
use crate::server::channels::socket::SendError;
use crate::wire::content::{ConnectReply, HandshakeRequest, Reply};
use crate::wire::{Content, Session};

/// The ports to open: those of the connection file, or any where it names a registration port.
pub(in crate::server) fn wanted(connection: &Connection) -> ConnectReply {
    let of_file = ConnectReply {
        shell_port: connection.shell_port,
        iopub_port: connection.iopub_port,
        stdin_port: connection.stdin_port,
        control_port: connection.control_port,
        hb_port: connection.hb_port,
    };
    match (connection.registration_port, connection.transport) {
        (None, _) => of_file,
        (Some(_), Transport::Tcp) => ConnectReply {
            shell_port: 0,
            iopub_port: 0,
            stdin_port: 0,
            control_port: 0,
            hb_port: 0,
        },
        // Any number does: the path's beginning is this kernel's own. 0 is nobody's.
        (Some(_), Transport::Ipc) => ConnectReply {
            shell_port: 1,
            iopub_port: 2,
            stdin_port: 3,
            control_port: 4,
            hb_port: 5,
        },
    }
}

/// Tells the client the ports. Never ends: the server watches for tasks that do.
pub(in crate::server) async fn register(endpoint: String, session: Session, ports: ConnectReply) {
    match tell(&endpoint, &session, &ports).await {
        Ok(Content::HandshakeReply(Reply::Ok(_))) => tracing::debug!("the client knows the ports"),
        Ok(other) => tracing::error!(?other, "the client does not accept the kernel"),
        // What the parent's end, or a signal, then ends.
        Err(error) => tracing::error!(%error, endpoint, "the client cannot be told the ports"),
    }
    pending().await
}

async fn tell(
    endpoint: &str,
    session: &Session,
    ports: &ConnectReply,
) -> Result<Content, SendError> {
    let mut socket = DealerSocket::new();
    socket.connect(endpoint).await?;
    let request = session.message(HandshakeRequest {
        shell_port: ports.shell_port,
        iopub_port: ports.iopub_port,
        stdin_port: ports.stdin_port,
        control_port: ports.control_port,
        hb_port: ports.hb_port,
    });
    socket.send(session.encode(&request)?).await?;
    loop {
        match session.decode(socket.recv().await?) {
            Ok(message) => return Ok(message.content),
            Err(error) => tracing::warn!(%error, "a message to the handshake is ignored"),
        }
    }
}
