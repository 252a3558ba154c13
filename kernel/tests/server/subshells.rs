//! Subshells, which there are none of: this is said, and nothing else goes wrong.

use woozle_kernel::wire::Content;
use woozle_kernel::wire::content::{
    CreateSubshellRequest, DeleteSubshellRequest, ExecuteRequest, KernelInfoRequest,
    ListSubshellRequest, Reply,
};

use super::client::{Kernel, is_child};

#[tokio::test]
async fn they_are_neither_announced_nor_made() {
    let kernel = Kernel::over_ipc();
    let mut client = kernel.client().await;
    client.ask_control(KernelInfoRequest {}).await;
    let reply = client.control_reply().await;
    let Content::KernelInfoReply(Reply::Ok(info)) = reply.content else {
        panic!("not a kernel_info_reply: {reply:?}");
    };
    assert_eq!(info.supported_features, [] as [&str; 0]);
    let requests: [Content; 3] = [
        CreateSubshellRequest {}.into(),
        DeleteSubshellRequest {
            subshell_id: "none".to_owned(),
        }
        .into(),
        ListSubshellRequest {}.into(),
    ];
    for request in requests {
        let request = client.ask_control(request).await;
        let reply = client.control_reply().await;
        assert!(is_child(&reply, &request));
        let reply = serde_json::to_value(reply.content).expect("it is JSON");
        assert_eq!(reply["status"], "error");
        assert_eq!(reply["ename"], "NotSupported");
    }
}

#[tokio::test]
async fn a_request_to_one_is_refused() {
    let kernel = Kernel::over_ipc();
    let mut client = kernel.client().await;
    let requests: [Content; 2] = [
        KernelInfoRequest {}.into(),
        ExecuteRequest::new("echo 1").into(),
    ];
    for request in requests {
        let request = client.ask_subshell("none", request).await;
        let reply = client.shell_reply().await;
        assert!(is_child(&reply, &request));
        let reply = serde_json::to_value(reply.content).expect("it is JSON");
        assert_eq!(reply["ename"], "SubshellNotFound");
    }
}
