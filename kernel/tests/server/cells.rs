//! Cells: order, errors, aborts, input.

use woozle_kernel::wire::Content;
use woozle_kernel::wire::content::{
    ErrorOutput, ExecuteReply, ExecuteRequest, InputReply, InterruptRequest, Reply, StreamName,
};

use super::client::{Kernel, ask, is_child, receive, send, text};

fn execute_reply(content: Content) -> ExecuteReply {
    match content {
        Content::ExecuteReply(reply) => reply,
        other => panic!("not an execute_reply: {other:?}"),
    }
}

#[tokio::test]
async fn a_cell_is_echoed_run_and_answered() {
    for kernel in [Kernel::over_tcp(), Kernel::over_ipc()] {
        let mut client = kernel.client().await;
        let request = client.ask_shell(ExecuteRequest::new("result 42")).await;
        let output = client.output(&request).await;
        let types: Vec<&str> = output.iter().map(Content::msg_type).collect();
        assert_eq!(
            types,
            ["execute_input", "stream", "execute_result", "stream"]
        );
        let reply = client.shell_reply().await;
        assert!(is_child(&reply, &request));
        let reply = execute_reply(reply.content);
        assert_eq!(reply.execution_count, Some(1));
        assert!(matches!(reply.outcome, Reply::Ok(_)));
    }
}

#[tokio::test]
async fn only_cells_that_are_stored_are_counted() {
    let kernel = Kernel::over_ipc();
    let mut client = kernel.client().await;
    let silent = ExecuteRequest {
        silent: true,
        ..ExecuteRequest::new("echo a")
    };
    let unstored = ExecuteRequest {
        store_history: false,
        ..ExecuteRequest::new("echo a")
    };
    let plain = ExecuteRequest::new("echo a");
    let mut counts = Vec::new();
    for request in [plain.clone(), silent, unstored, plain] {
        let (reply, _) = client.run_request(request).await;
        counts.push(execute_reply(reply).execution_count);
    }
    assert_eq!(counts, [Some(1), Some(2), Some(2), Some(2)]);
}

#[tokio::test]
async fn a_silent_cell_is_not_echoed() {
    let kernel = Kernel::over_ipc();
    let mut client = kernel.client().await;
    let silent = ExecuteRequest {
        silent: true,
        ..ExecuteRequest::new("echo a")
    };
    let request = client.ask_shell(silent).await;
    let output = client.output(&request).await;
    assert!(
        output
            .iter()
            .all(|content| !matches!(content, Content::ExecuteInput(_)))
    );
}

#[tokio::test]
async fn an_error_is_shown_once_and_answered() {
    let kernel = Kernel::over_ipc();
    let mut client = kernel.client().await;
    let (reply, output) = client.run("fail so what").await;
    let shown = ErrorOutput {
        ename: "Toy".to_owned(),
        evalue: "so what".to_owned(),
        traceback: Vec::new(),
    };
    assert_eq!(output, [shown.into()]);
    assert!(matches!(execute_reply(reply).outcome, Reply::Error(error) if error.ename == "Toy"));
}

#[tokio::test]
async fn a_panic_of_the_backend_is_an_error_and_the_next_cell_runs() {
    let kernel = Kernel::over_ipc();
    let mut client = kernel.client().await;
    let (reply, output) = client.run("panic tripped").await;
    assert!(matches!(&output[..], [Content::Error(error)] if error.evalue.contains("tripped")));
    assert!(matches!(execute_reply(reply).outcome, Reply::Error(_)));
    let (reply, output) = client.run("echo still here").await;
    assert_eq!(text(&output, StreamName::Stdout), "still here");
    assert!(matches!(execute_reply(reply).outcome, Reply::Ok(_)));
}

#[tokio::test]
async fn an_error_aborts_the_queue_unless_the_request_says_no() {
    let kernel = Kernel::over_ipc();
    let mut client = kernel.client().await;
    for stop_on_error in [true, false] {
        let first = ExecuteRequest {
            stop_on_error,
            ..ExecuteRequest::new("wait")
        };
        let first = client.ask_shell(first).await;
        client.until_input_shows(&first).await;
        let mut queued = Vec::new();
        for code in ["echo a", "echo b"] {
            queued.push(client.ask_shell(ExecuteRequest::new(code)).await);
        }
        client.ask_control(InterruptRequest {}).await;

        assert!(is_child(&client.shell_reply().await, &first));
        for request in &queued {
            let reply = client.shell_reply().await;
            assert!(is_child(&reply, request));
            let reply = execute_reply(reply.content);
            let aborted = matches!(reply.outcome, Reply::Aborted);
            assert_eq!(aborted, stop_on_error);
            // What has not run has no number.
            assert_eq!(reply.execution_count.is_none(), aborted);
            // Each has its busy and idle; an aborted one nothing in between.
            assert_eq!(client.output(request).await.is_empty(), stop_on_error);
        }
        // What comes after the abort runs.
        let (reply, _) = client.run("echo c").await;
        assert!(matches!(execute_reply(reply).outcome, Reply::Ok(_)));
    }
}

#[tokio::test]
async fn a_cell_asks_for_input() {
    for kernel in [Kernel::over_tcp(), Kernel::over_ipc()] {
        let mut client = kernel.client().await;
        let request = client.ask_shell(ExecuteRequest::new("input Name?")).await;
        let prompt = receive(&mut client.stdin, &client.session, "a prompt").await;
        assert!(is_child(&prompt, &request));
        assert!(matches!(&prompt.content, Content::InputRequest(asked) if asked.prompt == "Name?"));
        let value = "Pooh".to_owned();
        // Without a parent, as jupyter_client does it.
        ask(&mut client.stdin, &client.session, InputReply { value }).await;
        let output = client.output(&request).await;
        assert_eq!(text(&output, StreamName::Stdout), "got Pooh");
    }
}

#[tokio::test]
async fn an_answer_to_another_prompt_is_ignored() {
    let kernel = Kernel::over_ipc();
    let mut client = kernel.client().await;
    let request = client.ask_shell(ExecuteRequest::new("input Name?")).await;
    let prompt = receive(&mut client.stdin, &client.session, "a prompt").await;
    for (parent, value) in [(&request.header, "wrong"), (&prompt.header, "right")] {
        let value = value.to_owned();
        let reply = client.session.child(parent, InputReply { value });
        let reply = client.session.encode(&reply).expect("it can be encoded");
        send(&mut client.stdin, reply).await;
    }
    let output = client.output(&request).await;
    assert_eq!(text(&output, StreamName::Stdout), "got right");
}

#[tokio::test]
async fn an_interrupt_ends_the_wait_for_input() {
    let kernel = Kernel::over_ipc();
    let mut client = kernel.client().await;
    client.ask_shell(ExecuteRequest::new("input ?")).await;
    receive(&mut client.stdin, &client.session, "a prompt").await;
    client.ask_control(InterruptRequest {}).await;
    let reply = execute_reply(client.shell_reply().await.content);
    assert!(matches!(reply.outcome, Reply::Error(error) if error.evalue.contains("interrupted")));
}

#[tokio::test]
async fn no_prompt_where_the_client_forbids_it() {
    let kernel = Kernel::over_ipc();
    let mut client = kernel.client().await;
    let request = ExecuteRequest {
        allow_stdin: false,
        ..ExecuteRequest::new("input ?")
    };
    let (reply, _) = client.run_request(request).await;
    let outcome = execute_reply(reply).outcome;
    assert!(matches!(outcome, Reply::Error(error) if error.evalue.contains("allow_stdin")));
}
