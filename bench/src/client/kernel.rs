//! A kernel's process and its client, over ZeroMQ by TCP, as JupyterLab's server has it.

use std::collections::HashSet;
use std::fs::{self, File};
use std::net::Ipv4Addr;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use rustix::process::{Pid, Signal, kill_process_group};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use woozle_kernel::jupyter::connection::Connection;
use woozle_kernel::notebook::{Channel, KernelClient};
use woozle_kernel::wire::content::{ExecuteRequest, ExecutionState, KernelInfoRequest, Reply};
use woozle_kernel::wire::{Content, Message};

use crate::client::peers::Peer;

/// A kernel that runs; dropping it ends it.
pub(crate) struct Kernel {
    child: Child,
    client: KernelClient,
    runtime: Runtime,
    folder: TempDir,
    begun: Instant,
    /// How long it may take to answer a cell.
    patience: Duration,
    /// Whether the client says that nobody sits before it.
    pub(crate) headless: bool,
    /// From its start to its first `kernel_info_reply`.
    pub(crate) greeted: Duration,
}

/// What came of a cell.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    /// From the request to both the reply and `idle`.
    pub(crate) time: Duration,
    pub(crate) error: Option<String>,
    pub(crate) stdout: String,
    pub(crate) result: Option<String>,
}

/// A kernel may build its runtime on its first start.
const START: Duration = Duration::from_secs(900);
/// A cell takes no longer, or its kernel is given up.
const CELL: Duration = Duration::from_secs(120);

impl Kernel {
    /// Starts a kernel, and sets it up.
    pub(crate) fn start(peer: &Peer) -> anyhow::Result<Self> {
        let mut kernel = Self::greet(peer)?;
        for cell in peer.settings {
            kernel.run(cell)?;
        }
        Ok(kernel)
    }

    /// Starts a kernel, as far as its greeting.
    pub(crate) fn greet(peer: &Peer) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let connection = Connection::fresh_tcp()?;
        let file = folder.path().join("connection.json");
        connection.write_new(&file)?;
        let mut command = Command::new(&peer.program);
        command
            .args(&peer.arguments)
            .arg(&file)
            .envs(peer.environment.iter().cloned())
            .current_dir(peer.folder.as_deref().unwrap_or(folder.path()))
            .env("WOOZLE_DATA", folder.path().join("data"))
            .env("JPY_PARENT_PID", std::process::id().to_string())
            // No settings of the user's.
            .env("EVCXR_CONFIG_DIR", folder.path())
            .env("IPYTHONDIR", folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(folder.path().join("log"))?)
            .process_group(0);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let begun = Instant::now();
        let mut child = command
            .spawn()
            .with_context(|| format!("{} cannot be started", peer.program.display()))?;
        let connected = (|| {
            wait_for_sockets(&mut child, &connection)?;
            let client = runtime.block_on(KernelClient::connect(&connection))?;
            anyhow::Ok(client)
        })();
        let client = match connected {
            Ok(client) => client,
            Err(error) => {
                end(&mut child);
                let log = fs::read_to_string(folder.path().join("log")).unwrap_or_default();
                return Err(error).with_context(|| format!("{}: {}", peer.name, log.trim()));
            }
        };
        let mut kernel = Self {
            child,
            client,
            runtime,
            folder,
            begun,
            patience: START,
            headless: false,
            greeted: Duration::ZERO,
        };
        kernel.hear().with_context(|| peer.name)?;
        Ok(kernel)
    }

    /// Waits for the reply to a `kernel_info_request`, and until iopub is heard, too.
    fn hear(&mut self) -> anyhow::Result<()> {
        let mut asked = HashSet::new();
        loop {
            let request = self
                .runtime
                .block_on(self.client.request(KernelInfoRequest {}));
            asked.insert(request?);
            let (mut replied, mut heard) = (false, false);
            let mut limit = START;
            while let Some((channel, message)) = self.next(limit)? {
                if !asked.contains(parent(&message)) {
                    continue;
                }
                match channel {
                    Channel::Iopub => heard = true,
                    _ => replied = true,
                }
                if replied && self.greeted.is_zero() {
                    self.greeted = self.begun.elapsed();
                }
                if replied && heard {
                    return Ok(());
                }
                if replied {
                    // What iopub said may have come before the subscription: ask again then.
                    limit = Duration::from_millis(100);
                }
            }
        }
    }

    /// Runs a cell.
    pub(crate) fn run(&mut self, code: &str) -> anyhow::Result<Answer> {
        self.run_until(code, |_| true)
    }

    /// Runs a cell until it is answered and this much of its output has come, or nothing comes any more.
    pub(crate) fn run_until(
        &mut self,
        code: &str,
        enough: impl Fn(&str) -> bool,
    ) -> anyhow::Result<Answer> {
        let mut answer = Answer::default();
        let request = ExecuteRequest {
            stop_on_error: false,
            allow_stdin: !self.headless,
            ..ExecuteRequest::new(code)
        };
        let begin = Instant::now();
        let id = self.runtime.block_on(self.client.request(request))?;
        let (mut replied, mut idle) = (false, false);
        while !(replied && idle && enough(&answer.stdout)) {
            let limit = if replied && idle {
                QUIET
            } else {
                self.patience
            };
            let Some((_, message)) = self.next(limit)? else {
                if replied && idle {
                    return Ok(answer);
                }
                bail!("no answer within {limit:?}");
            };
            if parent(&message) != id {
                continue;
            }
            match message.content {
                Content::ExecuteReply(reply) => {
                    replied = true;
                    if let Reply::Error(error) = reply.outcome {
                        answer.error.get_or_insert(error.evalue);
                    }
                }
                Content::Status(status) => idle |= status.execution_state == ExecutionState::Idle,
                Content::Stream(stream) => answer.stdout += &stream.text,
                Content::Error(error) => answer.error = Some(error.evalue),
                Content::ExecuteResult(result) => {
                    let text = result.data.get("text/plain");
                    answer.result = text.and_then(|text| Some(text.as_str()?.to_owned()));
                }
                _ => {}
            }
            answer.time = begin.elapsed();
        }
        self.patience = CELL;
        Ok(answer)
    }

    /// Runs a cell that has to succeed.
    pub(crate) fn run_well(&mut self, code: &str) -> anyhow::Result<Answer> {
        let answer = self.run(code)?;
        match &answer.error {
            None => Ok(answer),
            Some(error) => bail!("{code}: {error}"),
        }
    }

    fn next(&mut self, limit: Duration) -> anyhow::Result<Option<(Channel, Message)>> {
        let next = async { tokio::time::timeout(limit, self.client.receive()).await };
        match self.runtime.block_on(next) {
            Ok(Some(message)) => Ok(Some(message)),
            Ok(None) => bail!("the connection is lost: {}", self.log()),
            Err(_) => match self.child.try_wait()? {
                Some(status) => bail!("it has ended: {status}: {}", self.log()),
                None => Ok(None),
            },
        }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has said on standard error.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// The fields of the last line in its log that has this one.
    pub(crate) fn logged(&self, field: &str) -> anyhow::Result<Logged> {
        let log = self.log();
        let wanted = format!(" {field}=");
        let line = log.lines().rev().find(|line| line.contains(&wanted));
        let line = line.with_context(|| format!("the kernel has not logged `{field}`"))?;
        Ok(Logged(line.to_owned()))
    }
}

/// After this silence nothing comes any more.
const QUIET: Duration = Duration::from_secs(3);

/// A line of `name=value` pairs.
#[derive(Debug)]
pub(crate) struct Logged(String);

impl Logged {
    fn field(&self, name: &str) -> Option<&str> {
        let mut pairs = self.0.split(' ').filter_map(|word| word.split_once('='));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// A number of microseconds, in seconds.
    pub(crate) fn seconds(&self, name: &str) -> f64 {
        self.number(name) / 1e6
    }

    pub(crate) fn number(&self, name: &str) -> f64 {
        self.field(name).and_then(|v| v.parse().ok()).unwrap_or(0.0)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.field(name)
            .unwrap_or_default()
            .trim_matches('"')
            .into()
    }
}

fn parent(message: &Message) -> &str {
    let parent = message.parent_header.as_ref();
    parent.map_or("", |parent| parent.msg_id.as_str())
}

/// Waits until somebody listens where the client will connect. (A first try to connect would be
/// repeated only after a while.)
fn wait_for_sockets(child: &mut Child, connection: &Connection) -> anyhow::Result<()> {
    let ports = [
        connection.shell_port,
        connection.control_port,
        connection.iopub_port,
    ];
    let host: Ipv4Addr = connection.ip.parse()?;
    // As the system's table spells it.
    let host = format!("{:08X}", u32::from_le_bytes(host.octets()));
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let table = fs::read_to_string("/proc/net/tcp")?;
        let listening = |port: &u16| {
            let (address, state) = (format!("{host}:{port:04X} "), " 0A ");
            let mut lines = table.lines();
            lines.any(|line| line.contains(&address) && line.contains(state))
        };
        if ports.iter().all(listening) {
            return Ok(());
        }
        if let Some(status) = child.try_wait()? {
            bail!("it ended at once ({status})");
        }
        if Instant::now() > deadline {
            bail!("it has not opened its sockets within a minute");
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn end(child: &mut Child) {
    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    if let Some(group) = group {
        let _ = kill_process_group(group, Signal::KILL);
    }
    let _ = child.wait();
}

impl Drop for Kernel {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}
