//! A client that subscribes to iopub and then reads nothing.

use std::io::{Read, Write};
use std::net::TcpStream;

use tokio::task::spawn_blocking;
use woozle_kernel::connection::Connection;
use woozle_kernel::wire::content::{ExecuteRequest, KernelInfoRequest, StreamName};

use super::client::{Kernel, is_child, text};

/// Speaks as much ZMTP 3.0 as it takes to be a subscriber.
fn subscribe(connection: &Connection) -> TcpStream {
    let address = (connection.ip.as_str(), connection.iopub_port);
    let mut socket = TcpStream::connect(address).expect("it connects");
    let mut greeting = [0; 64];
    (greeting[0], greeting[9], greeting[10]) = (0xff, 0x7f, 3);
    greeting[12..16].copy_from_slice(b"NULL");
    let ready = b"\x04\x19\x05READY\x0bSocket-Type\x00\x00\x00\x03SUB";
    socket.write_all(&greeting).expect("written");
    socket.write_all(ready).expect("written");
    // The other side's greeting and READY; then a subscription to everything.
    socket.read_exact(&mut greeting).expect("read");
    let mut head = [0; 2];
    socket.read_exact(&mut head).expect("read");
    let mut command = vec![0; usize::from(head[1])];
    socket.read_exact(&mut command).expect("read");
    assert!(command.starts_with(b"\x05READY"), "{command:?}");
    socket.write_all(b"\x00\x01\x01").expect("written");
    // The kernel's welcome shows that it counts.
    socket.read_exact(&mut head).expect("read");
    socket
}

#[tokio::test]
async fn it_delays_output_but_neither_answers_nor_loses_anything() {
    let kernel = Kernel::over_tcp();
    let mut client = kernel.client().await;
    let connection = kernel.connection.clone();
    let silent = spawn_blocking(move || subscribe(&connection));
    let silent = silent.await.expect("it subscribes");

    // More than all buffers hold; a headless client's output is not slowed down.
    let count = 2_000_000;
    let request = ExecuteRequest {
        allow_stdin: false,
        ..ExecuteRequest::new(format!("lines {count}"))
    };
    let cell = client.ask_shell(request).await;
    client.until_input_shows(&cell).await;
    let request = client.ask_control(KernelInfoRequest {}).await;
    assert!(is_child(&client.control_reply().await, &request));
    let request = client.ask_shell(KernelInfoRequest {}).await;
    assert!(is_child(&client.shell_reply().await, &request));

    drop(silent);
    let output = client.output(&cell).await;
    let said = text(&output, StreamName::Stdout);
    assert_eq!(said.lines().count(), count);
    assert!(is_child(&client.shell_reply().await, &cell));
}
