//! Malformed messages do not disturb the channel.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};

use bytes::Bytes;
use serde_json::{Value, json};
use tokio::task::spawn_blocking;
use woozle_kernel::wire::content::{
    ExecuteRequest, KernelInfoRequest, Reply, ShutdownRequest, StreamName,
};
use woozle_kernel::wire::{Content, Key, Session};
use zeromq::{SocketSend, ZmqMessage};

use super::client::{Client, Kernel, ask, is_child, send};

fn frames(frames: &[&'static [u8]]) -> ZmqMessage {
    let frames: Vec<Bytes> = frames.iter().map(|f| Bytes::from_static(f)).collect();
    ZmqMessage::try_from(frames).expect("there are frames")
}

fn wrong_messages(session: &Session) -> Vec<ZmqMessage> {
    let forger = Session::new("forger", Key::new(b"another key"));
    let forged = forger.message(KernelInfoRequest {});
    let mut unsigned = session.message(KernelInfoRequest {});
    unsigned.identities = Vec::new();
    vec![
        forger.encode(&forged).expect("it can be encoded"),
        unsigned.encode(&Key::new(b"")).expect("it can be encoded"),
        frames(&[b""]),
        frames(&[b"hello"]),
        frames(&[b"<IDS|MSG>"]),
        frames(&[b"<IDS|MSG>", b"", b"{}", b"{}", b"{}", b"{}"]),
        frames(&[b"", b"<IDS|MSG>", b"\xff", b"\xff", b"", b"", b"", b""]),
    ]
}

#[tokio::test]
async fn a_replayed_message_is_ignored() {
    let kernel = Kernel::over_tcp();
    let mut client = kernel.client().await;
    let message = client.session.message(ExecuteRequest::new("echo once"));
    let encoded = client.session.encode(&message).expect("it can be encoded");
    send(&mut client.shell, encoded.clone()).await;
    assert!(is_child(&client.shell_reply().await, &message));
    client.output(&message).await;
    // Another socket makes no other message of it.
    send(&mut client.shell, encoded.clone()).await;
    send(&mut client.control, encoded).await;
    kernel_info_on_both(&mut client).await;
    let (reply, _) = client.run("echo twice").await;
    let reply = serde_json::to_value(reply).expect("it is JSON");
    assert_eq!(reply["execution_count"], 2);
}

/// A content under each request's name, of types that no field has.
#[tokio::test]
async fn wrong_types_in_content_are_answered() {
    let kernel = Kernel::over_ipc();
    let mut client = kernel.client().await;
    let requests = [
        "execute_request",
        "inspect_request",
        "complete_request",
        "history_request",
        "is_complete_request",
        "comm_info_request",
        "delete_subshell_request",
        "shutdown_request",
        "debug_request",
    ];
    for msg_type in requests {
        for content in [json!([1]), json!("text"), json!(null), wrong_fields()] {
            let msg_type = msg_type.to_owned();
            // Debug requests hold what they like, if it is an object.
            if msg_type == "debug_request" && content.is_object() {
                continue;
            }
            let content = Content::Unknown { msg_type, content };
            let request = client.ask_control(content).await;
            let reply = client.control_reply().await;
            assert!(is_child(&reply, &request));
            if !matches!(reply.content, Content::Invalid { .. }) {
                let reply = serde_json::to_value(&reply.content).expect("it is JSON");
                assert_eq!(reply["ename"], "InvalidRequest", "{request:?}: {reply}");
            }
        }
    }
    for msg_type in ["comm_open", "comm_msg", "comm_close", "no_such_type"] {
        let (msg_type, content) = (msg_type.to_owned(), json!([1]));
        let request = client
            .ask_shell(Content::Unknown { msg_type, content })
            .await;
        assert_eq!(client.output(&request).await, []);
    }
    kernel_info_on_both(&mut client).await;
}

fn wrong_fields() -> Value {
    let names = [
        "code",
        "cursor_pos",
        "hist_access_type",
        "target_name",
        "subshell_id",
        "restart",
        "silent",
    ];
    names.into_iter().map(|name| (name, json!([{}]))).collect()
}

#[tokio::test]
async fn a_huge_message_is_a_message() {
    let kernel = Kernel::over_tcp();
    let mut client = kernel.client().await;
    let text = "x".repeat(20_000_000);
    // A headless client's output is not slowed down.
    let request = ExecuteRequest {
        allow_stdin: false,
        ..ExecuteRequest::new(format!("echo {text}"))
    };
    let (reply, output) = client.run_request(request).await;
    assert_eq!(reply.msg_type(), "execute_reply");
    let said = super::client::text(&output, StreamName::Stdout);
    assert!(said == text, "{} bytes of {}", said.len(), text.len());
    kernel_info_on_both(&mut client).await;
}

#[tokio::test]
async fn messages_in_the_middle_of_a_shutdown_harm_nobody() {
    let kernel = Kernel::over_ipc();
    let mut client = kernel.client().await;
    let cell = client.ask_shell(ExecuteRequest::new("wait")).await;
    client.until_input_shows(&cell).await;
    client.ask_control(ShutdownRequest { restart: false }).await;
    // The kernel may be gone at any of these.
    for message in wrong_messages(&client.session) {
        let _ = client.shell.send(message.clone()).await;
        let _ = client.control.send(message).await;
        let request = client.session.message(KernelInfoRequest {});
        let request = client.session.encode(&request).expect("it can be encoded");
        let _ = client.shell.send(request).await;
    }
    assert_eq!(
        client.control_reply().await.header.msg_type,
        "shutdown_reply"
    );
    kernel.ended().await.0.expect("an orderly end");
}

async fn kernel_info_on_both(client: &mut Client) {
    let request = client.ask_shell(KernelInfoRequest {}).await;
    let reply = client.shell_reply().await;
    assert!(is_child(&reply, &request));
    assert!(matches!(
        reply.content,
        Content::KernelInfoReply(Reply::Ok(_))
    ));
    let request = client.ask_control(KernelInfoRequest {}).await;
    assert!(is_child(&client.control_reply().await, &request));
}

#[tokio::test]
async fn what_is_not_a_message_is_ignored() {
    let kernel = Kernel::over_tcp();
    let mut client = kernel.client().await;
    for message in wrong_messages(&client.session) {
        for socket in [&mut client.shell, &mut client.control, &mut client.stdin] {
            send(socket, message.clone()).await;
        }
    }
    kernel_info_on_both(&mut client).await;
}

#[tokio::test]
async fn what_belongs_on_another_channel_is_ignored_on_stdin() {
    let kernel = Kernel::over_tcp();
    let mut client = kernel.client().await;
    ask(&mut client.stdin, &client.session, KernelInfoRequest {}).await;
    kernel_info_on_both(&mut client).await;
}

#[tokio::test]
async fn a_client_that_leaves_takes_nobody_along() {
    let kernel = Kernel::over_tcp();
    let mut leaving = kernel.client().await;
    let mut staying = kernel.client().await;
    leaving
        .ask_shell(woozle_kernel::wire::content::ExecuteRequest::new(
            "lines 100000",
        ))
        .await;
    drop(leaving);
    kernel_info_on_both(&mut staying).await;
    let (_, output) = staying.run("echo here").await;
    assert!(matches!(&output[..], [Content::Stream(stream)] if stream.text == "here"));
}

#[tokio::test]
async fn what_does_not_speak_zeromq_disturbs_nobody() {
    let kernel = Kernel::over_tcp();
    let mut client = kernel.client().await;
    let connection = kernel.connection.clone();
    let speak = move || {
        let ports = [
            connection.shell_port,
            connection.control_port,
            connection.stdin_port,
            connection.iopub_port,
            connection.hb_port,
        ];
        for port in ports {
            for bytes in nonsense() {
                let address = (connection.ip.as_str(), port);
                let mut socket = TcpStream::connect(address).expect("it connects");
                // The kernel may have hung up.
                let _ = socket.write_all(&bytes);
                let _ = socket.shutdown(Shutdown::Write);
                let _ = socket.read_to_end(&mut Vec::new());
            }
        }
    };
    spawn_blocking(speak).await.expect("it speaks");
    kernel_info_on_both(&mut client).await;
    let (_, output) = client.run("echo still here").await;
    assert!(matches!(&output[..], [Content::Stream(stream)] if stream.text == "still here"));
}

/// What comes from a port scanner, a browser, and a peer that breaks off or lies about lengths.
fn nonsense() -> Vec<Vec<u8>> {
    let mut greeting = [0; 64];
    (greeting[0], greeting[9], greeting[10]) = (0xff, 0x7f, 3);
    greeting[12..16].copy_from_slice(b"NULL");
    let ready = b"\x04\x1a\x05READY\x0bSocket-Type\x00\x00\x00\x06DEALER";
    let after_greeting = |rest: &[u8]| [&greeting[..], rest].concat();
    let after_ready = |rest: &[u8]| [&greeting[..], ready, rest].concat();
    vec![
        Vec::new(),
        b"GET /api/kernels HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec(),
        vec![0xff; 1000],
        greeting[..20].to_vec(),
        after_greeting(b"\x04\xff\x05READY"),
        after_greeting(b"\x04\x01\x05READY"),
        after_ready(b"\x00\x05hel"),
        after_ready(b"\x06\x40\x00\x00\x00\x00\x00\x00\x00"),
        after_ready(b"\x02\xff\xff\xff\xff\xff\xff\xff\xff"),
        after_ready(b"\x02\x00\x00\x00\x7f\xff\xff\xff\xff<IDS|MSG>"),
        after_ready(b"\x00\x09<IDS|MSG>\xa5"),
    ]
}
