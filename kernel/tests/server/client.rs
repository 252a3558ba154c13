//! A front end, and the kernel that it talks to.

use std::thread;
use std::time::Duration;

use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::time::timeout;
use woozle_kernel::jupyter::connection::Connection;
use woozle_kernel::server::{ServerError, serve};
use woozle_kernel::wire::content::{ExecuteRequest, ExecutionState, Status, StreamName};
use woozle_kernel::wire::{Content, Message, Session};
use zeromq::util::PeerIdentity;
use zeromq::{DealerSocket, Socket, SocketOptions, SocketRecv, SocketSend, SubSocket, ZmqMessage};

use super::toy::{Toy, ToyHooks, Watch};

/// Stops a test that hangs.
const HANG: Duration = Duration::from_secs(60);

pub(crate) async fn within<T>(what: &str, future: impl Future<Output = T>) -> T {
    match timeout(HANG, future).await {
        Ok(value) => value,
        Err(_) => panic!("nothing after {HANG:?}: {what}"),
    }
}

pub(crate) struct Kernel {
    pub(crate) connection: Connection,
    pub(crate) watch: Watch,
    server: oneshot::Receiver<Result<(), ServerError>>,
    directory: TempDir,
}

impl Kernel {
    pub(crate) fn over_tcp() -> Self {
        let connection = Connection::fresh_tcp().expect("there are free ports");
        Self::start(connection, tempfile::tempdir().expect("a directory"))
    }

    pub(crate) fn over_ipc() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        Self::start(Connection::fresh_ipc(directory.path()), directory)
    }

    pub(crate) fn start(connection: Connection, directory: TempDir) -> Self {
        let watch = Watch::default();
        let toy = Toy(watch.clone());
        let served = connection.clone();
        let (ended, server) = oneshot::channel();
        // Not a thread of the test's runtime: that would wait for a kernel that nobody shuts down.
        thread::spawn(move || ended.send(serve(&served, toy, ToyHooks)));
        Self {
            connection,
            watch,
            server,
            directory,
        }
    }

    /// The result of the server, when it has ended, and the directory of its sockets.
    pub(crate) async fn ended(self) -> (Result<(), ServerError>, TempDir) {
        let ended = within("the end of the server", self.server).await;
        (ended.expect("it does not panic"), self.directory)
    }

    pub(crate) async fn client(&self) -> Client {
        within("a connection", Client::connect(&self.connection)).await
    }
}

pub(crate) struct Client {
    pub(crate) session: Session,
    pub(crate) shell: DealerSocket,
    pub(crate) control: DealerSocket,
    pub(crate) stdin: DealerSocket,
    iopub: SubSocket,
}

impl Client {
    async fn connect(connection: &Connection) -> Self {
        let session = Session::new("tester", connection.key());
        let identity: PeerIdentity = session.id().parse().expect("short enough");
        let dealer = async |port| {
            let mut options = SocketOptions::default();
            options.peer_identity(identity.clone());
            let mut socket = DealerSocket::with_options(options);
            let endpoint = connection.endpoint(port);
            socket.connect(&endpoint).await.expect("it connects");
            socket
        };
        let mut iopub = SubSocket::new();
        let endpoint = connection.endpoint(connection.iopub_port);
        iopub.connect(&endpoint).await.expect("it connects");
        iopub.subscribe("").await.expect("it subscribes");
        let mut client = Self {
            shell: dealer(connection.shell_port).await,
            control: dealer(connection.control_port).await,
            stdin: dealer(connection.stdin_port).await,
            iopub,
            session,
        };
        while !matches!(client.published().await.content, Content::IopubWelcome(_)) {}
        client
    }

    /// The next message on iopub.
    pub(crate) async fn published(&mut self) -> Message {
        receive(&mut self.iopub, &self.session, "iopub").await
    }

    pub(crate) async fn ask_shell(&mut self, content: impl Into<Content>) -> Message {
        ask(&mut self.shell, &self.session, content).await
    }

    /// Asks in a subshell.
    pub(crate) async fn ask_subshell(&mut self, id: &str, content: impl Into<Content>) -> Message {
        let mut message = self.session.message(content);
        let header = &mut message.header.other;
        header.insert("subshell_id".to_owned(), id.into());
        let encoded = self.session.encode(&message).expect("it can be encoded");
        send(&mut self.shell, encoded).await;
        message
    }

    pub(crate) async fn ask_control(&mut self, content: impl Into<Content>) -> Message {
        ask(&mut self.control, &self.session, content).await
    }

    pub(crate) async fn shell_reply(&mut self) -> Message {
        receive(&mut self.shell, &self.session, "a reply on shell").await
    }

    pub(crate) async fn control_reply(&mut self) -> Message {
        receive(&mut self.control, &self.session, "a reply on control").await
    }

    /// The iopub contents of this request, from `busy` to `idle` but without them;
    /// those of other requests are skipped.
    pub(crate) async fn output(&mut self, request: &Message) -> Vec<Content> {
        let mut contents = Vec::new();
        loop {
            let message = self.published().await;
            if !is_child(&message, request) {
                continue;
            }
            match message.content {
                Content::Status(Status {
                    execution_state: ExecutionState::Busy,
                }) => assert_eq!(contents, [], "before busy"),
                Content::Status(Status {
                    execution_state: ExecutionState::Idle,
                }) => return contents,
                content => contents.push(content),
            }
        }
    }

    /// Runs a cell; its reply, and its output without the echo of the input.
    pub(crate) async fn run(&mut self, code: &str) -> (Content, Vec<Content>) {
        self.run_request(ExecuteRequest::new(code)).await
    }

    pub(crate) async fn run_request(&mut self, request: ExecuteRequest) -> (Content, Vec<Content>) {
        let request = self.ask_shell(request).await;
        let mut output = self.output(&request).await;
        if matches!(output.first(), Some(Content::ExecuteInput(_))) {
            output.remove(0);
        }
        let reply = self.shell_reply().await;
        assert!(is_child(&reply, &request));
        (reply.content, output)
    }

    /// Waits until this cell runs.
    pub(crate) async fn until_input_shows(&mut self, request: &Message) {
        loop {
            let message = self.published().await;
            if is_child(&message, request) && matches!(message.content, Content::ExecuteInput(_)) {
                return;
            }
        }
    }
}

pub(crate) fn is_child(message: &Message, parent: &Message) -> bool {
    message.parent_header.as_ref() == Some(&parent.header)
}

/// The text of a stream in these contents.
pub(crate) fn text(contents: &[Content], name: StreamName) -> String {
    let streams = contents.iter().filter_map(|content| match content {
        Content::Stream(stream) if stream.name == name => Some(stream.text.as_str()),
        _ => None,
    });
    streams.collect()
}

pub(crate) async fn ask(
    socket: &mut DealerSocket,
    session: &Session,
    content: impl Into<Content>,
) -> Message {
    let message = session.message(content);
    let encoded = session.encode(&message).expect("it can be encoded");
    send(socket, encoded).await;
    message
}

pub(crate) async fn send(socket: &mut DealerSocket, encoded: ZmqMessage) {
    within("sending", socket.send(encoded))
        .await
        .expect("it is sent");
}

pub(crate) async fn receive(
    socket: &mut impl SocketRecv,
    session: &Session,
    what: &str,
) -> Message {
    let received = within(what, socket.recv()).await.expect("the socket lives");
    session
        .decode(received)
        .expect("a message of the kernel is valid")
}
