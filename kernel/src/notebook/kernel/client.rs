//! A client of a kernel: requests on shell and control, and all that comes back in one queue.

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use zeromq::util::PeerIdentity;
use zeromq::{
    DealerSendHalf, DealerSocket, Socket, SocketOptions, SocketRecv, SocketSend, SubSocket,
    ZmqError,
};

use crate::jupyter::connection::Connection;
use crate::wire::{Content, Message, Session, WireError};

/// How many messages may wait to be read. Behind that the kernel's own buffer fills.
const QUEUE: usize = 256;

/// Which socket a message came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    Shell,
    Control,
    Iopub,
    Stdin,
}

#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    #[error("no connection to the kernel: {0}")]
    Zmq(#[from] ZmqError),
    #[error(transparent)]
    Wire(#[from] WireError),
}

/// The client's ends of the sockets.
pub struct KernelClient {
    session: Session,
    shell: DealerSendHalf,
    control: DealerSendHalf,
    stdin: DealerSendHalf,
    incoming: mpsc::Receiver<(Channel, Message)>,
    /// One reader for each socket; they end with this client.
    _readers: JoinSet<()>,
}

impl KernelClient {
    /// Connects to a kernel, or waits until it has its sockets.
    pub async fn connect(connection: &Connection) -> Result<Self, ClientError> {
        let session = Session::new("woozle-run", connection.key());
        // A kernel asks for input whoever sent the cell.
        let identity = uuid::Uuid::new_v4().simple().to_string();
        let open = async |port| {
            let socket = dealer(&connection.endpoint(port), &identity).await?;
            Ok::<_, ClientError>(socket.split())
        };
        let (shell, shell_reader) = open(connection.shell_port).await?;
        let (control, control_reader) = open(connection.control_port).await?;
        let (stdin, stdin_reader) = open(connection.stdin_port).await?;
        let mut iopub = SubSocket::new();
        iopub
            .connect(&connection.endpoint(connection.iopub_port))
            .await?;
        iopub.subscribe("").await?;

        let (queue, incoming) = mpsc::channel(QUEUE);
        let mut readers = JoinSet::new();
        readers.spawn(read(
            Channel::Shell,
            shell_reader,
            session.clone(),
            queue.clone(),
        ));
        readers.spawn(read(
            Channel::Control,
            control_reader,
            session.clone(),
            queue.clone(),
        ));
        readers.spawn(read(
            Channel::Stdin,
            stdin_reader,
            session.clone(),
            queue.clone(),
        ));
        readers.spawn(read(Channel::Iopub, iopub, session.clone(), queue));
        Ok(Self {
            session,
            shell,
            control,
            stdin,
            incoming,
            _readers: readers,
        })
    }

    /// Sends a request on shell and gives its message id.
    pub async fn request(&mut self, content: impl Into<Content>) -> Result<String, ClientError> {
        let message = self.session.message(content);
        self.shell.send(self.session.encode(&message)?).await?;
        Ok(message.header.msg_id)
    }

    /// Sends a request on control, where the kernel answers also while a cell runs.
    pub async fn control(&mut self, content: impl Into<Content>) -> Result<String, ClientError> {
        let message = self.session.message(content);
        self.control.send(self.session.encode(&message)?).await?;
        Ok(message.header.msg_id)
    }

    /// Answers a request for input.
    pub async fn answer(
        &mut self,
        request: &Message,
        content: impl Into<Content>,
    ) -> Result<(), ClientError> {
        let message = self.session.child(&request.header, content);
        self.stdin.send(self.session.encode(&message)?).await?;
        Ok(())
    }

    /// The next message from the kernel; `None` when all sockets have failed. May be dropped and
    /// called again, no message is lost.
    pub async fn receive(&mut self) -> Option<(Channel, Message)> {
        self.incoming.recv().await
    }
}

async fn dealer(endpoint: &str, identity: &str) -> Result<DealerSocket, ZmqError> {
    let mut options = SocketOptions::default();
    options.peer_identity(PeerIdentity::try_from(identity.as_bytes())?);
    let mut socket = DealerSocket::with_options(options);
    socket.connect(endpoint).await?;
    Ok(socket)
}

async fn read(
    channel: Channel,
    mut socket: impl SocketRecv,
    session: Session,
    queue: mpsc::Sender<(Channel, Message)>,
) {
    loop {
        let frames = match socket.recv().await {
            Ok(frames) => frames,
            Err(error) => {
                // Mostly the kernel's end, which the watch over its process tells better.
                tracing::debug!("{channel:?} ends: {error}");
                return;
            }
        };
        match session.decode(frames) {
            Ok(message) => {
                if queue.send((channel, message)).await.is_err() {
                    return;
                }
            }
            Err(error) => tracing::warn!("a message on {channel:?} is dropped: {error}"),
        }
    }
}
