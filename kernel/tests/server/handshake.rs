//! A kernel that chooses its ports itself.

use woozle_kernel::jupyter::connection::Connection;
use woozle_kernel::wire::content::{HandshakeReply, KernelInfoRequest, Reply};
use woozle_kernel::wire::{Content, Session};
use zeromq::{Endpoint, RouterSocket, Socket, SocketRecv, SocketSend};

use super::client::{Kernel, is_child, within};

#[tokio::test]
async fn it_tells_its_ports_to_who_started_it() {
    let fresh = Connection::fresh_tcp().expect("there are free ports");
    let mut registration = RouterSocket::new();
    let bound = registration.bind(&fresh.endpoint(0)).await;
    let Ok(Endpoint::Tcp(_, port)) = bound else {
        panic!("no socket: {bound:?}");
    };
    let mut connection = Connection {
        shell_port: 0,
        iopub_port: 0,
        stdin_port: 0,
        control_port: 0,
        hb_port: 0,
        registration_port: Some(port),
        ..fresh
    };
    let directory = tempfile::tempdir().expect("a directory");
    let mut kernel = Kernel::start(connection.clone(), directory);

    let starter = Session::new("starter", connection.key());
    let request = within("the handshake", registration.recv()).await;
    let request = starter.decode(request.expect("the socket lives"));
    let request = request.expect("a message of the kernel is valid");
    let Content::HandshakeRequest(ports) = &request.content else {
        panic!("not a handshake_request: {request:?}");
    };
    connection.shell_port = ports.shell_port;
    connection.iopub_port = ports.iopub_port;
    connection.stdin_port = ports.stdin_port;
    connection.control_port = ports.control_port;
    connection.hb_port = ports.hb_port;
    let mut reply = starter.child(&request.header, Reply::Ok(HandshakeReply {}));
    reply.identities.clone_from(&request.identities);
    let reply = starter.encode(&reply).expect("it can be encoded");
    registration.send(reply).await.expect("it is sent");

    kernel.connection = connection;
    let mut client = kernel.client().await;
    let request = client.ask_shell(KernelInfoRequest {}).await;
    assert!(is_child(&client.shell_reply().await, &request));
}
