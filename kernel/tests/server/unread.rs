//! A client that subscribes to iopub and then reads nothing.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;

use tokio::task::spawn_blocking;
use woozle_kernel::jupyter::connection::{Connection, Transport};
use woozle_kernel::wire::content::{
    ExecuteRequest, InterruptRequest, KernelInfoRequest, StreamName,
};

use super::client::{Client, Kernel, is_child, text};

trait Socket: Read + Write + Send {}

impl<T: Read + Write + Send> Socket for T {}

/// Speaks as much ZMTP 3.0 as it takes to be a subscriber.
async fn subscribe(connection: &Connection) -> Box<dyn Socket> {
    let connection = connection.clone();
    let subscribed = spawn_blocking(move || {
        let endpoint = connection.endpoint(connection.iopub_port);
        let (_, address) = endpoint.split_once("://").expect("it has a transport");
        let mut socket: Box<dyn Socket> = match connection.transport {
            Transport::Tcp => Box::new(TcpStream::connect(address).expect("it connects")),
            Transport::Ipc => Box::new(UnixStream::connect(address).expect("it connects")),
        };
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
    });
    subscribed.await.expect("it subscribes")
}

/// More than all buffers hold.
const FLOOD: usize = 20_000_000;

/// A cell that prints more than all buffers hold; a headless client's output is not slowed down.
fn flood() -> ExecuteRequest {
    ExecuteRequest {
        allow_stdin: false,
        ..ExecuteRequest::new(format!("flood {FLOOD}"))
    }
}

/// Both channels answer.
async fn greet(client: &mut Client) {
    let request = client.ask_control(KernelInfoRequest {}).await;
    assert!(is_child(&client.control_reply().await, &request));
    let request = client.ask_shell(KernelInfoRequest {}).await;
    assert!(is_child(&client.shell_reply().await, &request));
}

#[tokio::test]
async fn it_delays_output_but_neither_answers_nor_loses_anything() {
    for kernel in [Kernel::over_tcp(), Kernel::over_ipc()] {
        let mut client = kernel.client().await;
        let silent = subscribe(&kernel.connection).await;
        let cell = client.ask_shell(flood()).await;
        client.until_input_shows(&cell).await;
        greet(&mut client).await;

        drop(silent);
        let output = client.output(&cell).await;
        assert_eq!(text(&output, StreamName::Stdout).len(), FLOOD);
        assert!(is_child(&client.shell_reply().await, &cell));
    }
}

/// The client that reads gets everything while the other one stays.
async fn is_cut_alone(kernel: Kernel, interrupted: bool) {
    let mut client = kernel.client().await;
    let mut silent = subscribe(&kernel.connection).await;
    let cell = client.ask_shell(flood()).await;
    client.until_input_shows(&cell).await;
    if interrupted {
        let request = client.ask_control(InterruptRequest {}).await;
        assert!(is_child(&client.control_reply().await, &request));
    }
    let output = client.output(&cell).await;
    assert_eq!(text(&output, StreamName::Stdout).len(), FLOOD);
    assert!(is_child(&client.shell_reply().await, &cell));
    greet(&mut client).await;
    // What it has in its buffers, and then the end.
    let read = spawn_blocking(move || std::io::copy(&mut silent, &mut std::io::sink()));
    match read.await.expect("it does not panic") {
        Ok(size) => assert!(size < FLOOD as u64, "it was not cut"),
        Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset),
    }
}

#[tokio::test]
async fn it_alone_is_cut_in_the_end() {
    tokio::join!(
        is_cut_alone(Kernel::over_tcp(), false),
        is_cut_alone(Kernel::over_ipc(), false),
    );
}

#[tokio::test]
async fn an_interrupt_does_not_wait_for_it() {
    is_cut_alone(Kernel::over_tcp(), true).await;
    is_cut_alone(Kernel::over_ipc(), true).await;
}
