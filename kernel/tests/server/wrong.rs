//! Messages that are none do not disturb the channel.

use bytes::Bytes;
use woozle_kernel::wire::content::{KernelInfoRequest, Reply};
use woozle_kernel::wire::{Content, Key, Session};
use zeromq::ZmqMessage;

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
