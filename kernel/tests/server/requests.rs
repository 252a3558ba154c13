//! Every request gets its answer.

use serde_json::{Map, Value, json};
use woozle_kernel::wire::Content;
use woozle_kernel::wire::content::{
    CommInfoReply, CommInfoRequest, CompleteReply, CompleteRequest, ConnectRequest, DebugRequest,
    HistoryAccess, HistoryRequest, InspectReply, InspectRequest, InterruptRequest, IsCompleteReply,
    IsCompleteRequest, KernelInfoRequest, Reply, Tail,
};
use zeromq::{ReqSocket, Socket, SocketRecv, SocketSend};

use super::client::{Client, Kernel, is_child, within};

/// Asks on shell; the reply's content, after a look at busy and idle.
async fn ask(client: &mut Client, content: impl Into<Content>) -> Content {
    let request = client.ask_shell(content).await;
    let reply = client.shell_reply().await;
    assert!(is_child(&reply, &request));
    assert_eq!(client.output(&request).await, []);
    reply.content
}

fn status(reply: &Content) -> Value {
    serde_json::to_value(reply).expect("it is JSON")["status"].clone()
}

#[tokio::test]
async fn shell_requests_are_answered() {
    for kernel in [Kernel::over_tcp(), Kernel::over_ipc()] {
        let mut client = kernel.client().await;
        let client = &mut client;

        let Content::KernelInfoReply(Reply::Ok(info)) = ask(client, KernelInfoRequest {}).await
        else {
            panic!("not a kernel_info_reply");
        };
        assert_eq!(info.protocol_version, "5.5");
        assert_eq!(info.language_info.name, "rust");
        assert_eq!(info.language_info.version, "1.95.0");
        assert_eq!(info.supported_features, [] as [&str; 0]);

        let code = "fn f() {".to_owned();
        let incomplete = IsCompleteReply::Incomplete {
            indent: "    ".to_owned(),
        };
        assert_eq!(
            ask(client, IsCompleteRequest { code }).await,
            incomplete.into()
        );

        let request = CompleteRequest {
            code: "pri".to_owned(),
            cursor_pos: 3,
        };
        let none = Reply::Ok(CompleteReply::none(3));
        assert_eq!(ask(client, request).await, none.into());

        let request = InspectRequest {
            code: "x".to_owned(),
            cursor_pos: 0,
            detail_level: 0,
        };
        let not_found = Reply::Ok(InspectReply::default());
        assert_eq!(ask(client, request).await, not_found.into());

        let none = Reply::Ok(CommInfoReply::default());
        assert_eq!(ask(client, CommInfoRequest::default()).await, none.into());

        let Content::ConnectReply(Reply::Ok(ports)) = ask(client, ConnectRequest {}).await else {
            panic!("not a connect_reply");
        };
        assert_eq!(ports.hb_port, kernel.connection.hb_port);
    }
}

#[tokio::test]
async fn control_requests_are_answered() {
    let kernel = Kernel::over_ipc();
    let mut client = kernel.client().await;
    let mut debug = Map::new();
    debug.insert("command".to_owned(), json!("debugInfo"));
    let requests: [(Content, &str); 5] = [
        (KernelInfoRequest {}.into(), "ok"),
        (InterruptRequest {}.into(), "ok"),
        (DebugRequest(debug).into(), "ok"),
        (unknown("no_such_request"), "error"),
        (invalid("execute_request"), "error"),
    ];
    for (content, expected) in requests {
        let request = client.ask_control(content).await;
        let reply = client.control_reply().await;
        assert!(is_child(&reply, &request));
        assert_eq!(status(&reply.content), expected, "{reply:?}");
        assert_eq!(
            reply.header.msg_type.strip_suffix("_reply"),
            request.header.msg_type.strip_suffix("_request")
        );
        assert_eq!(client.output(&request).await, []);
    }
}

fn unknown(msg_type: &str) -> Content {
    Content::Unknown {
        msg_type: msg_type.to_owned(),
        content: json!({}),
    }
}

/// A content that the type does not have: a value of another type under its name.
fn invalid(msg_type: &str) -> Content {
    Content::Unknown {
        msg_type: msg_type.to_owned(),
        content: json!({"code": 1}),
    }
}

#[tokio::test]
async fn what_cannot_be_answered_is_answered_with_an_error() {
    let kernel = Kernel::over_ipc();
    let mut client = kernel.client().await;
    for content in [
        unknown("no_such_request"),
        invalid("execute_request"),
        invalid("is_complete_request"),
    ] {
        let msg_type = content.msg_type().replace("_request", "_reply");
        let request = client.ask_shell(content).await;
        let reply = client.shell_reply().await;
        assert!(is_child(&reply, &request));
        assert_eq!(reply.header.msg_type, msg_type);
        // The table has no error form of an is_complete_reply, so look at the JSON where it is known.
        if !matches!(reply.content, Content::Invalid { .. }) {
            assert_eq!(status(&reply.content), "error");
        }
        assert_eq!(client.output(&request).await, []);
    }
}

#[tokio::test]
async fn a_panicking_hook_is_answered() {
    let kernel = Kernel::over_ipc();
    let mut client = kernel.client().await;
    let code = "panic".to_owned();
    let reply = ask(&mut client, IsCompleteRequest { code }).await;
    assert_eq!(reply.msg_type(), "is_complete_reply");
    let code = "1".to_owned();
    let reply = ask(&mut client, IsCompleteRequest { code }).await;
    assert_eq!(reply, IsCompleteReply::Complete.into());
}

#[tokio::test]
async fn the_history_has_the_cells_of_this_session() {
    let kernel = Kernel::over_ipc();
    let mut client = kernel.client().await;
    client.run("echo 1").await;
    client.run("fail").await;
    let access = HistoryAccess::Tail(Tail { n: Some(10) });
    let request = HistoryRequest {
        output: false,
        raw: true,
        access,
    };
    let reply = ask(&mut client, request).await;
    let history = serde_json::to_value(&reply).expect("it is JSON")["history"].clone();
    assert_eq!(history, json!([[1, 1, "echo 1"], [1, 2, "fail"]]));
}

#[tokio::test]
async fn requests_are_answered_while_a_cell_runs() {
    let kernel = Kernel::over_ipc();
    let mut client = kernel.client().await;
    let cell = client
        .ask_shell(woozle_kernel::wire::content::ExecuteRequest::new("wait"))
        .await;
    client.until_input_shows(&cell).await;

    assert_eq!(status(&ask(&mut client, KernelInfoRequest {}).await), "ok");
    let code = "1".to_owned();
    let reply = ask(&mut client, IsCompleteRequest { code }).await;
    assert_eq!(reply, IsCompleteReply::Complete.into());

    client.ask_control(InterruptRequest {}).await;
    assert_eq!(status(&client.control_reply().await.content), "ok");
    let reply = client.shell_reply().await;
    assert!(is_child(&reply, &cell));
    assert_eq!(status(&reply.content), "error");
}

#[tokio::test]
async fn the_heart_beats() {
    for kernel in [Kernel::over_tcp(), Kernel::over_ipc()] {
        // A connection means that the sockets are open.
        let _client = kernel.client().await;
        let mut socket = ReqSocket::new();
        let endpoint = kernel.connection.endpoint(kernel.connection.hb_port);
        within("a connection", socket.connect(&endpoint))
            .await
            .expect("it connects");
        for beat in ["ping", "pong"] {
            socket.send(beat.into()).await.expect("it is sent");
            let echo = within("a heartbeat", socket.recv())
                .await
                .expect("it answers");
            assert_eq!(String::try_from(echo).as_deref(), Ok(beat));
        }
    }
}
