//! Comms from both sides, with their buffers.

use bytes::Bytes;
use serde_json::{Map, json};
use woozle_kernel::wire::content::{
    CommClose, CommInfoReply, CommInfoRequest, CommMsg, CommOpen, CommTarget, ExecuteRequest,
    InterruptRequest, Reply,
};
use woozle_kernel::wire::{Content, Message};

use super::client::{Client, Kernel, is_child, send};

fn open(comm_id: &str, target_name: &str) -> CommOpen {
    CommOpen {
        comm_id: comm_id.to_owned(),
        target_name: target_name.to_owned(),
        data: Map::new(),
    }
}

fn close(comm_id: &str) -> CommClose {
    CommClose {
        comm_id: comm_id.to_owned(),
        data: Map::new(),
    }
}

/// The ids of the open comms.
async fn comms(client: &mut Client, target_name: Option<&str>) -> Vec<(String, CommTarget)> {
    let target_name = target_name.map(str::to_owned);
    let request = client.ask_shell(CommInfoRequest { target_name }).await;
    client.output(&request).await;
    match client.shell_reply().await.content {
        Content::CommInfoReply(Reply::Ok(CommInfoReply { comms })) => comms.into_iter().collect(),
        other => panic!("not a comm_info_reply: {other:?}"),
    }
}

fn target(comm_id: &str, target_name: &str) -> (String, CommTarget) {
    let target_name = target_name.to_owned();
    (comm_id.to_owned(), CommTarget { target_name })
}

#[tokio::test]
async fn a_comm_without_a_target_is_closed() {
    let kernel = Kernel::over_ipc();
    let mut client = kernel.client().await;
    let request = client.ask_shell(open("c", "none")).await;
    assert_eq!(client.output(&request).await, [close("c").into()]);
    assert_eq!(comms(&mut client, None).await, []);
    // Nor does a message open one.
    let message = CommMsg {
        comm_id: "d".to_owned(),
        data: Map::new(),
    };
    let request = client.ask_shell(message).await;
    assert_eq!(client.output(&request).await, [close("d").into()]);
}

#[tokio::test]
async fn messages_and_buffers_go_there_and_back() {
    let kernel = Kernel::over_tcp();
    let mut client = kernel.client().await;
    let request = client.ask_shell(open("c", "echo")).await;
    assert_eq!(client.output(&request).await, []);
    assert_eq!(comms(&mut client, None).await, [target("c", "echo")]);
    assert_eq!(comms(&mut client, Some("other")).await, []);

    let data = Map::from_iter([("value".to_owned(), json!(7))]);
    let sent = Message {
        metadata: Map::from_iter([("version".to_owned(), json!("2.1.0"))]),
        buffers: vec![Bytes::from_static(b"\x00\xff"), Bytes::new()],
        ..client.session.message(CommMsg {
            comm_id: "c".to_owned(),
            data,
        })
    };
    let encoded = client.session.encode(&sent).expect("it can be encoded");
    send(&mut client.shell, encoded).await;
    let echo = loop {
        let message = client.published().await;
        if matches!(message.content, Content::CommMsg(_)) {
            break message;
        }
    };
    assert_eq!(echo.content, sent.content);
    assert_eq!(echo.metadata, sent.metadata);
    assert_eq!(echo.buffers, sent.buffers);

    let request = client.ask_shell(close("c")).await;
    assert_eq!(client.output(&request).await, []);
    assert_eq!(comms(&mut client, None).await, []);
}

#[tokio::test]
async fn a_cell_opens_a_comm_and_loses_it() {
    let kernel = Kernel::over_ipc();
    let mut client = kernel.client().await;
    let (_, output) = client.run("open widget").await;
    assert_eq!(output, [open("of-the-cell", "widget").into()]);
    assert_eq!(
        comms(&mut client, None).await,
        [target("of-the-cell", "widget")]
    );
    client.ask_shell(ExecuteRequest::new("lose-comms")).await;
    loop {
        let message = client.published().await;
        if message.content == close("of-the-cell").into() {
            break;
        }
    }
    assert_eq!(client.shell_reply().await.header.msg_type, "execute_reply");
    assert_eq!(comms(&mut client, None).await, []);
}

#[tokio::test]
async fn comms_do_not_wait_for_a_cell() {
    let kernel = Kernel::over_ipc();
    let mut client = kernel.client().await;
    let cell = client.ask_shell(ExecuteRequest::new("wait")).await;
    client.until_input_shows(&cell).await;
    let request = client.ask_shell(open("c", "none")).await;
    assert_eq!(client.output(&request).await, [close("c").into()]);
    client.ask_control(InterruptRequest {}).await;
    assert!(is_child(&client.shell_reply().await, &cell));
}
