//! The kernel process of a run: started, watched, and always ended.

use std::env;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{self, ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::jupyter::connection::{Connection, ConnectionError};
use crate::system::private;

/// A socket's path may have 107 bytes; this leaves room for the socket's name.
const MAX_FOLDER: usize = 90;
/// How often to look whether the kernel has made its sockets.
const LOOK: Duration = Duration::from_millis(5);

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("no folder for the kernel's sockets can be made: {0}")]
    Folder(io::Error),
    #[error(transparent)]
    Connection(#[from] ConnectionError),
    #[error("{} cannot be started: {source}", program.display())]
    Spawn { program: PathBuf, source: io::Error },
}

/// A running kernel in a process group of its own; dropping it kills the group.
#[derive(Debug)]
pub struct KernelProcess {
    child: Child,
    connection: Connection,
    /// Holds the connection file and the sockets; removed with the process.
    _folder: TempDir,
}

impl KernelProcess {
    /// Starts `program kernel -f FILE` with the working directory `cwd`, and these variables besides.
    pub fn start(
        program: &Path,
        cwd: &Path,
        environment: &[(&str, &str)],
    ) -> Result<Self, StartError> {
        let folder = private_folder().map_err(StartError::Folder)?;
        let connection = Connection::fresh_ipc(folder.path());
        let file = folder.path().join("connection.json");
        connection.write_new(&file)?;
        let child = Command::new(program)
            .args(["kernel", "-f"])
            .arg(&file)
            .current_dir(cwd)
            .envs(environment.iter().copied())
            // By this a kernel knows whom to watch, so that it does not outlive its client.
            .env("JPY_PARENT_PID", process::id().to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            // A Ctrl-C in the terminal is for the client, which interrupts the kernel by message.
            .process_group(0)
            .spawn()
            .map_err(|source| StartError::Spawn {
                program: program.to_owned(),
                source,
            })?;
        Ok(Self {
            child,
            connection,
            _folder: folder,
        })
    }

    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Waits for the process to end. May be dropped and called again.
    pub async fn ended(&mut self) -> io::Result<ExitStatus> {
        self.child.wait().await
    }

    /// The future that waits until the kernel has made its sockets. It does not borrow the process.
    pub fn sockets(&self) -> impl Future<Output = ()> + use<> {
        let connection = &self.connection;
        let ports = [
            connection.shell_port,
            connection.control_port,
            connection.iopub_port,
        ];
        let paths = ports.map(|port| connection.endpoint(port).replacen("ipc://", "", 1));
        async move {
            // A file's appearance is looked for often here, and rarely by the ZeroMQ library.
            let mut tick = tokio::time::interval(LOOK);
            while !paths.iter().all(|path| Path::new(path).exists()) {
                tick.tick().await;
            }
        }
    }

    /// Kills the process group at once.
    pub fn kill(&mut self) {
        // No id: it has ended and been waited for, and the number may be another's by now.
        let pid = self
            .child
            .id()
            .and_then(|id| id.try_into().ok())
            .and_then(Pid::from_raw);
        if let Some(pid) = pid
            && let Err(error) = kill_process_group(pid, Signal::KILL)
        {
            tracing::warn!("the kernel cannot be killed: {error}");
        }
    }
}

impl Drop for KernelProcess {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A new folder that only the user can enter, with a path short enough for Unix sockets.
fn private_folder() -> io::Result<TempDir> {
    let short = |parent: &PathBuf| parent.as_os_str().len() + "/woozle-123456".len() <= MAX_FOLDER;
    let parent = Some(env::temp_dir())
        .filter(short)
        .unwrap_or_else(|| "/tmp".into());
    private::temporary("woozle-", &parent)
}
