//! The heartbeat: it sends back what it gets, so that a client sees that the kernel is alive.

use zeromq::{RouterSocket, SocketRecv, SocketSend};

/// Echoes for ever.
///
/// A ROUTER and not a REP: it does not depend on the client's keeping to request and reply by turns,
/// and a client that leaves in between cannot stop it.
pub(in crate::server) async fn echo(mut socket: RouterSocket) {
    loop {
        let echoed = match socket.recv().await {
            Ok(message) => socket.send(message).await,
            Err(error) => {
                tracing::error!(%error, "the heartbeat's socket failed");
                return;
            }
        };
        if let Err(error) = echoed {
            tracing::debug!(%error, "a heartbeat could not be answered");
        }
    }
}
