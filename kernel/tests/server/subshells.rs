//! Subshells: made and ended on control, named in the header of what comes on shell.

use woozle_kernel::wire::Content;
use woozle_kernel::wire::content::{
    CreateSubshellRequest, DeleteSubshellRequest, ExecuteRequest, InterruptRequest,
    KernelInfoRequest, ListSubshellRequest, Reply,
};

use super::client::{Client, Kernel, is_child};

async fn create(client: &mut Client) -> String {
    client.ask_control(CreateSubshellRequest {}).await;
    match client.control_reply().await.content {
        Content::CreateSubshellReply(Reply::Ok(reply)) => reply.subshell_id,
        other => panic!("not a create_subshell_reply: {other:?}"),
    }
}

async fn list(client: &mut Client) -> Vec<String> {
    client.ask_control(ListSubshellRequest {}).await;
    match client.control_reply().await.content {
        Content::ListSubshellReply(Reply::Ok(reply)) => reply.subshell_id,
        other => panic!("not a list_subshell_reply: {other:?}"),
    }
}

async fn delete(client: &mut Client, id: &str) -> Content {
    let subshell_id = id.to_owned();
    client
        .ask_control(DeleteSubshellRequest { subshell_id })
        .await;
    client.control_reply().await.content
}

#[tokio::test]
async fn they_come_and_go() {
    let kernel = Kernel::over_ipc();
    let mut client = kernel.client().await;
    assert_eq!(list(&mut client).await, [] as [&str; 0]);
    let (first, second) = (create(&mut client).await, create(&mut client).await);
    assert_ne!(first, second);
    let mut all = list(&mut client).await;
    all.sort();
    let mut both = [first.clone(), second.clone()];
    both.sort();
    assert_eq!(all, both);
    assert!(matches!(
        delete(&mut client, &first).await,
        Content::DeleteSubshellReply(Reply::Ok(_))
    ));
    assert!(matches!(
        delete(&mut client, &first).await,
        Content::DeleteSubshellReply(Reply::Error(_))
    ));
    assert_eq!(list(&mut client).await, [second]);
}

#[tokio::test]
async fn a_request_to_no_subshell_is_refused() {
    let kernel = Kernel::over_ipc();
    let mut client = kernel.client().await;
    let request = client.ask_subshell("none", KernelInfoRequest {}).await;
    let reply = client.shell_reply().await;
    assert!(is_child(&reply, &request));
    assert!(matches!(
        reply.content,
        Content::KernelInfoReply(Reply::Error(error)) if error.ename == "SubshellNotFound"
    ));
    let request = client.ask_shell(CreateSubshellRequest {}).await;
    assert!(is_child(&client.shell_reply().await, &request));
    assert_eq!(list(&mut client).await, [] as [&str; 0]);
}

#[tokio::test]
async fn requests_in_a_subshell_are_answered_while_a_cell_runs() {
    let kernel = Kernel::over_ipc();
    let mut client = kernel.client().await;
    let id = create(&mut client).await;
    let cell = client.ask_shell(ExecuteRequest::new("wait")).await;
    client.until_input_shows(&cell).await;
    let request = client.ask_subshell(&id, KernelInfoRequest {}).await;
    let reply = client.shell_reply().await;
    assert!(is_child(&reply, &request));
    let parent = reply.parent_header.expect("it has one");
    assert_eq!(parent.subshell_id(), Some(&*id));
    client.ask_control(InterruptRequest {}).await;
    assert!(is_child(&client.shell_reply().await, &cell));
}

#[tokio::test]
async fn a_failure_aborts_the_cells_of_its_own_subshell() {
    let kernel = Kernel::over_ipc();
    let mut client = kernel.client().await;
    let id = create(&mut client).await;
    // They are all queued while the first waits.
    let wait = client.ask_shell(ExecuteRequest::new("wait")).await;
    client.until_input_shows(&wait).await;
    let same = client.ask_shell(ExecuteRequest::new("echo 1")).await;
    let other = client
        .ask_subshell(&id, ExecuteRequest::new("echo 2"))
        .await;
    // Answered behind them on the same socket, so they have been received.
    let last = client.ask_shell(KernelInfoRequest {}).await;
    assert!(is_child(&client.shell_reply().await, &last));
    client.ask_control(InterruptRequest {}).await;
    let mut statuses = Vec::new();
    for request in [wait, same, other] {
        let reply = client.shell_reply().await;
        assert!(is_child(&reply, &request));
        let reply = serde_json::to_value(reply.content).expect("it is JSON");
        statuses.push(reply["status"].clone());
    }
    assert_eq!(statuses, ["error", "aborted", "ok"]);
}
