//! Output: all of it, in order, with the right parent.

use woozle_kernel::wire::Content;
use woozle_kernel::wire::content::{ExecuteRequest, InterruptRequest, Stream, StreamName};

use super::client::{Kernel, is_child, text};

fn lines(count: usize) -> String {
    (0..count).map(|i| format!("{i}\n")).collect()
}

#[tokio::test]
async fn a_hundred_thousand_lines_arrive_in_order() {
    for kernel in [Kernel::over_tcp(), Kernel::over_ipc()] {
        let mut client = kernel.client().await;
        for allow_stdin in [false, true] {
            let request = ExecuteRequest {
                allow_stdin,
                ..ExecuteRequest::new("lines 100000")
            };
            let (_, output) = client.run_request(request).await;
            assert_eq!(text(&output, StreamName::Stdout), lines(100_000));
            assert!(output.len() < 1000, "{} messages", output.len());
        }
    }
}

#[tokio::test]
async fn more_than_the_buffer_holds_arrives() {
    let kernel = Kernel::over_ipc();
    let mut client = kernel.client().await;
    let request = ExecuteRequest {
        allow_stdin: false,
        ..ExecuteRequest::new("lines 2000000")
    };
    let (_, output) = client.run_request(request).await;
    assert_eq!(text(&output, StreamName::Stdout), lines(2_000_000));
    for content in &output {
        let size = serde_json::to_vec(content).expect("it is JSON").len();
        assert!(size < 500_000, "a message of {size} bytes");
    }
}

#[tokio::test]
async fn every_client_gets_all() {
    let kernel = Kernel::over_tcp();
    let mut first = kernel.client().await;
    let mut second = kernel.client().await;
    let request = first.ask_shell(ExecuteRequest::new("lines 1000")).await;
    for client in [&mut first, &mut second] {
        let output = client.output(&request).await;
        assert_eq!(text(&output, StreamName::Stdout), lines(1000));
    }
}

#[tokio::test]
async fn the_order_of_both_streams_is_kept() {
    let kernel = Kernel::over_ipc();
    let mut client = kernel.client().await;
    let (_, output) = client.run("both 500").await;
    let mut all = String::new();
    for content in &output {
        let Content::Stream(Stream { name, text }) = content else {
            panic!("not a stream: {content:?}");
        };
        let even = text.trim().parse::<usize>().expect("one number") % 2 == 0;
        assert_eq!(even, *name == StreamName::Stdout);
        all.push_str(text);
    }
    assert_eq!(all, lines(500));
}

#[tokio::test]
async fn late_output_has_the_parent_of_its_own_cell() {
    let kernel = Kernel::over_ipc();
    let mut client = kernel.client().await;
    let early = client.ask_shell(ExecuteRequest::new("late")).await;
    client.output(&early).await;
    assert!(is_child(&client.shell_reply().await, &early));
    client.run("echo another cell").await;
    client.ask_control(InterruptRequest {}).await;
    loop {
        let message = client.published().await;
        if let Content::Stream(stream) = &message.content {
            assert_eq!(stream.text, "late");
            assert!(is_child(&message, &early));
            return;
        }
    }
}
