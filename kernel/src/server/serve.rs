//! The life of the server: it opens the sockets, starts the tasks, and ends them in order.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Handle};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::answers::Answers;
use super::backend::{Backend, ImmediateAnswers};
use super::cells::CellServices;
use super::channels::control::{Ending, Interrupter};
use super::channels::socket::{Inbox, Outbox, bind, open, open_watched};
use super::channels::stdin::{Prompts, stdin};
use super::channels::{control, handshake, heartbeat, shell};
use super::comms::Comms;
use super::error::ServerError;
use super::history::History;
use super::queue::Cells;
use super::{IoPub, Parent, cells, iopub};
use crate::jupyter::connection::Connection;
use crate::wire::Session;
use crate::wire::content::{ConnectReply, ExecutionState};

/// How long the running cell and the backend have to end. (jupyter_client sends SIGTERM after 2.5 s.)
const BACKEND_GRACE: Duration = Duration::from_millis(1500);
/// How long the clients have to take what is left for them.
const CLIENT_GRACE: Duration = Duration::from_millis(500);

/// The server has little to do, and must answer while one of its threads is busy.
const WORKERS: usize = 2;

/// Serves the clients of this connection, until one of them or SIGTERM shuts the kernel down.
///
/// SIGINT interrupts the running cell. When this returns, the process should end: a cell that
/// could not be stopped may still occupy its thread.
///
/// Blocks, and brings its own async runtime: do not call it on a thread of another one.
pub fn serve(
    connection: &Connection,
    backend: impl Backend,
    hooks: impl ImmediateAnswers,
) -> Result<(), ServerError> {
    let runtime = Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .thread_name("server")
        .enable_all()
        .build()
        .map_err(ServerError::Thread)?;
    let end = runtime.block_on(async {
        let mut server = Server::start(connection, backend, Arc::new(hooks)).await?;
        let end = server.run().await;
        server.stop(*end.as_ref().unwrap_or(&false)).await;
        linger().await;
        end.map(|_restart| ())
    });
    // A hook may still be busy; there is nothing to wait for.
    runtime.shutdown_background();
    end
}

struct Server {
    /// They end only with the server.
    tasks: JoinSet<()>,
    /// They end when everything is sent.
    senders: JoinSet<()>,
    iopub: IoPub,
    cells: Cells,
    cells_ended: oneshot::Receiver<()>,
    interrupter: Interrupter,
    shutdown_asked: mpsc::UnboundedReceiver<bool>,
    sigint: Signal,
    sigterm: Signal,
}

/// The channels, all open, and the tasks that serve those which need nothing more.
struct Channels {
    iopub: IoPub,
    prompts: Prompts,
    control: (Inbox, Outbox),
    shell: (Inbox, Outbox),
    /// The ports that they have.
    ports: ConnectReply,
    tasks: JoinSet<()>,
    senders: JoinSet<()>,
}

impl Channels {
    async fn open(connection: &Connection, session: &Session) -> Result<Self, ServerError> {
        let mut ports = handshake::wanted(connection);
        let heartbeat = bind("heartbeat", connection, &mut ports.hb_port).await?;
        let listener = iopub::open(connection, &mut ports.iopub_port).await?;
        let (inbox, sender, events) =
            open_watched("stdin", connection, &mut ports.stdin_port, session).await?;
        let (prompts, serve_stdin) = stdin(session.clone(), inbox, sender, events);
        let (control_inbox, control_sender) =
            open("control", connection, &mut ports.control_port, session).await?;
        let (shell_inbox, shell_sender) =
            open("shell", connection, &mut ports.shell_port, session).await?;
        let (control_outbox, send_control) = Outbox::new(control_sender);
        let (shell_outbox, send_shell) = Outbox::new(shell_sender);

        let iopub = IoPub::new(session.clone());
        let (mut senders, mut tasks) = (JoinSet::new(), JoinSet::new());
        senders.spawn(iopub::publish(listener, iopub.clone()));
        senders.spawn(send_shell);
        senders.spawn(send_control);
        tasks.spawn(heartbeat::echo(heartbeat));
        tasks.spawn(serve_stdin);
        Ok(Self {
            iopub,
            prompts,
            control: (control_inbox, control_outbox),
            shell: (shell_inbox, shell_outbox),
            ports,
            tasks,
            senders,
        })
    }
}

impl Server {
    async fn start(
        connection: &Connection,
        backend: impl Backend,
        hooks: Arc<dyn ImmediateAnswers>,
    ) -> Result<Self, ServerError> {
        let sigint = signal(SignalKind::interrupt()).map_err(ServerError::Signals)?;
        let sigterm = signal(SignalKind::terminate()).map_err(ServerError::Signals)?;

        let session = Session::new("kernel", connection.key());
        let Channels {
            iopub,
            prompts,
            control: (control_inbox, control_outbox),
            shell: (shell_inbox, shell_outbox),
            ports: connect,
            mut tasks,
            senders,
        } = Channels::open(connection, &session).await?;
        let comms = Comms::new(iopub.clone());
        let kernel_info = backend.kernel_info();
        let history = History::open(backend.history_file().as_deref());
        let history = Arc::new(Mutex::new(history));
        let (want_fence, fence_wanted) = mpsc::unbounded_channel();
        let (ending, shutdown_asked) = Ending::new(&iopub);
        let interrupter = Interrupter::new(backend.interrupter(), &prompts, &iopub);
        let services = CellServices {
            iopub: iopub.clone(),
            comms: comms.clone(),
            shell: shell_outbox.clone(),
            prompts,
            history: history.clone(),
            want_fence,
        };
        let (cells, cells_ended) = cells::start(backend, services).map_err(ServerError::Thread)?;
        let answers = Arc::new(Answers {
            iopub: iopub.clone(),
            kernel_info,
            connect: connect.clone(),
            history,
            hooks,
            comms,
            cells: cells.clone(),
        });

        iopub.post_status(&Parent::none(), ExecutionState::Starting);
        tasks.spawn(control::serve(
            control_inbox,
            control_outbox,
            interrupter.clone(),
            answers.clone(),
            ending.clone(),
        ));
        tasks.spawn(shell::serve(
            shell_inbox,
            shell_outbox,
            cells.clone(),
            answers,
            ending,
            fence_wanted,
        ));
        if let Some(port) = connection.registration_port {
            tasks.spawn(handshake::register(
                connection.endpoint(port),
                session,
                connect,
            ));
        }
        Ok(Self {
            tasks,
            senders,
            iopub,
            cells,
            cells_ended,
            interrupter,
            shutdown_asked,
            sigint,
            sigterm,
        })
    }

    /// Waits for the end. Returns whether a restart follows.
    async fn run(&mut self) -> Result<bool, ServerError> {
        loop {
            tokio::select! {
                Some(restart) = self.shutdown_asked.recv() => return Ok(restart),
                Some(()) = self.sigterm.recv() => return Ok(false),
                Some(()) = self.sigint.recv() => {
                    let interrupter = self.interrupter.clone();
                    tokio::spawn(async move { interrupter.interrupt().await });
                }
                Some(ended) = self.tasks.join_next() => {
                    tracing::error!(?ended, "a task of the server ended");
                    return Err(ServerError::Task);
                }
                Some(ended) = self.senders.join_next() => {
                    tracing::error!(?ended, "a sending task of the server ended");
                    return Err(ServerError::Task);
                }
            }
        }
    }

    /// Stops the cells, sends what is left to send, and closes the sockets.
    async fn stop(mut self, restart: bool) {
        self.cells.shutdown(restart);
        self.iopub.stop_pacing();
        let backend_end = async {
            if self.cells.is_running() {
                self.interrupter.interrupt().await;
            }
            (&mut self.cells_ended).await
        };
        if timeout(BACKEND_GRACE, backend_end).await.is_err() {
            tracing::warn!("the running cell does not end; the kernel ends without it");
        }
        // The inboxes, and with them the last outboxes.
        self.tasks.shutdown().await;
        self.iopub.close();
        let sent = async { while self.senders.join_next().await.is_some() {} };
        if timeout(CLIENT_GRACE, sent).await.is_err() {
            tracing::warn!("a client did not take its last messages");
        }
        self.senders.shutdown().await;
    }
}

/// Waits until the sockets have written what they hold.
///
/// A socket of the zeromq crate writes in a task of its own, which ends after the last message but
/// cannot be waited for. Without this the process could end before the last reply has left.
async fn linger() {
    let began = Instant::now();
    while Handle::current().metrics().num_alive_tasks() > 0 && began.elapsed() < CLIENT_GRACE {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}
