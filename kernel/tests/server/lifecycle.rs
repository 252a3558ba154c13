//! The end of the kernel, and its beginning after another one.

use tokio::task::spawn_blocking;
use woozle_kernel::server::{ServerError, serve};
use woozle_kernel::wire::Content;
use woozle_kernel::wire::content::{ExecuteRequest, Reply, ShutdownReply, ShutdownRequest};

use super::client::{Kernel, is_child};
use super::toy::{Toy, ToyHooks, Watch};

#[tokio::test]
async fn shutdown_is_answered_announced_and_ends_the_server() {
    for (kernel, restart) in [(Kernel::over_tcp(), false), (Kernel::over_ipc(), true)] {
        let mut client = kernel.client().await;
        let mut other = kernel.client().await;
        let request = client.ask_control(ShutdownRequest { restart }).await;
        let expected: Content = Reply::Ok(ShutdownReply { restart }).into();
        let reply = client.control_reply().await;
        assert!(is_child(&reply, &request));
        assert_eq!(reply.content, expected);
        assert_eq!(other.output(&request).await, [expected]);
        let watch = kernel.watch.clone();
        let (ended, directory) = kernel.ended().await;
        ended.expect("an orderly end");
        assert_eq!(watch.shut_down(), Some(restart));
        let left = std::fs::read_dir(directory.path())
            .expect("it is there")
            .count();
        assert_eq!(left, 0, "sockets are left");
    }
}

#[tokio::test]
async fn shutdown_on_shell_works_too() {
    let kernel = Kernel::over_tcp();
    let mut client = kernel.client().await;
    client.ask_shell(ShutdownRequest { restart: false }).await;
    assert_eq!(client.shell_reply().await.header.msg_type, "shutdown_reply");
    kernel.ended().await.0.expect("an orderly end");
}

#[tokio::test]
async fn shutdown_interrupts_the_running_cell_and_aborts_the_others() {
    let kernel = Kernel::over_ipc();
    let mut client = kernel.client().await;
    let running = client.ask_shell(ExecuteRequest::new("wait")).await;
    client.until_input_shows(&running).await;
    let queued = client.ask_shell(ExecuteRequest::new("wait")).await;
    // Answered on shell after the queued cell has been received there.
    client.ask_shell(ShutdownRequest { restart: false }).await;
    assert_eq!(client.shell_reply().await.header.msg_type, "shutdown_reply");

    assert!(is_child(&client.shell_reply().await, &running));
    let reply = client.shell_reply().await;
    assert!(is_child(&reply, &queued));
    assert!(
        matches!(reply.content, Content::ExecuteReply(reply) if reply.outcome == Reply::Aborted)
    );
    let watch = kernel.watch.clone();
    kernel.ended().await.0.expect("an orderly end");
    assert_eq!(watch.shut_down(), Some(false));
}

#[tokio::test]
async fn a_cell_that_does_not_end_does_not_keep_the_server() {
    let kernel = Kernel::over_tcp();
    let mut client = kernel.client().await;
    let stuck = client.ask_shell(ExecuteRequest::new("stuck")).await;
    client.until_input_shows(&stuck).await;
    client.ask_control(ShutdownRequest { restart: false }).await;
    assert_eq!(
        client.control_reply().await.header.msg_type,
        "shutdown_reply"
    );
    let watch = kernel.watch.clone();
    kernel.ended().await.0.expect("an orderly end");
    assert_eq!(watch.shut_down(), None, "the backend is still in its cell");
}

#[tokio::test]
async fn the_socket_of_a_killed_kernel_is_taken_over() {
    let kernel = Kernel::over_ipc();
    let mut client = kernel.client().await;
    let connection = kernel.connection.clone();
    client.ask_control(ShutdownRequest { restart: true }).await;
    let (_, directory) = kernel.ended().await;

    // A socket file that nobody listens at, as a SIGKILL leaves it.
    let path = format!("{}-{}", connection.ip, connection.shell_port);
    drop(std::os::unix::net::UnixListener::bind(&path).expect("the path is free"));
    let kernel = Kernel::start(connection, directory);
    kernel.client().await;
}

#[tokio::test]
async fn an_endpoint_that_is_taken_is_an_error_that_names_it() {
    let kernel = Kernel::over_tcp();
    let _client = kernel.client().await;
    let toy = Toy(Watch::default());
    let connection = kernel.connection.clone();
    let served = spawn_blocking(move || serve(&connection, toy, ToyHooks)).await;
    let error = served
        .expect("it does not panic")
        .expect_err("the ports are taken");
    assert!(matches!(error, ServerError::Bind { .. }));
    let port = kernel.connection.hb_port.to_string();
    assert!(error.to_string().contains(&port), "{error}");
}
