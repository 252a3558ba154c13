//! The kernel's process.

use std::env;
use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{self, Child, Command, ExitStatus, Stdio};

use tempfile::TempDir;
use woozle_kernel::jupyter::connection::Connection;

use super::{shared_cache, woozle};

/// A `woozle kernel`, killed when dropped.
#[derive(Debug)]
pub(crate) struct Kernel {
    child: Child,
    pub(super) connection: Connection,
    /// Holds the connection file, the sockets, and what the kernel says on standard error.
    folder: TempDir,
}

impl Kernel {
    /// Starts a kernel as Jupyter does, after `settings` for its command.
    pub(crate) fn start(settings: impl FnOnce(&mut Command)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let connection = Connection::fresh_ipc(folder.path());
        let file = folder.path().join("connection.json");
        connection.write_new(&file).expect("written");
        let log = File::create(log(folder.path())).expect("created");
        let mut command = Command::new(woozle());
        command
            .args(["kernel", "-f"])
            .arg(file)
            .current_dir(folder.path())
            .env("WOOZLE_CACHE", shared_cache())
            .env("WOOZLE_DATA", folder.path().join("data"))
            .env("JPY_PARENT_PID", process::id().to_string())
            // Those that test the analyzer name one.
            .env("WOOZLE_ANALYZER", "off")
            .env_remove("WOOZLE_SETTLE")
            // cargo's for its tests, which a user does not have.
            .env_remove("LD_LIBRARY_PATH")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .process_group(0);
        if let Some(rustc) = env::var_os("WOOZLE_TEST_RUSTC") {
            command.env("RUSTC", rustc);
        }
        settings(&mut command);
        Self {
            child: command.spawn().expect("woozle starts"),
            connection,
            folder,
        }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends SIGKILL, and waits for the end of this process (not of those that it started).
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("waited for");
    }

    pub(crate) fn wait(&mut self) -> ExitStatus {
        self.child.wait().expect("waited for")
    }

    pub(super) fn has_ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("waited for")
    }

    /// What it said on standard error.
    pub(crate) fn said(&self) -> String {
        fs::read_to_string(log(self.folder.path())).unwrap_or_default()
    }
}

impl Drop for Kernel {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn log(folder: &Path) -> PathBuf {
    folder.join("kernel.log")
}
