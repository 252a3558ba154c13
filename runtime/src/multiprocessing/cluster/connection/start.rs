//! Starting the Python process that speaks with Dask.

use std::fs::File;
use std::io::Write as _;
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileExt as _;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use rustix::fs::{MemfdFlags, memfd_create};

use super::messages::Connect;
use super::state::State;
use super::submit::texts;
use super::{ALL, Connection, reader};
use crate::multiprocessing::cluster::error::ClusterError;
use crate::multiprocessing::cluster::{libraries, python_env};
use crate::process::{role, service_thread};
use crate::wait::{Deadline, WaitSet, Wanted};

/// What runs in the Python process.
const SIDECAR: &str = include_str!("../python/woozle_sidecar.py");
/// What that sends to the cluster.
const ON_CLUSTER: &str = include_str!("../python/woozle_on_cluster.py");

/// Where a cluster is, and how it is reached.
#[derive(Clone, Debug, Default)]
pub(in crate::multiprocessing::cluster) struct Address {
    pub(in crate::multiprocessing::cluster) address: String,
    /// How many workers to start on this machine; 0 for a cluster that is there.
    pub(in crate::multiprocessing::cluster) local: usize,
    /// The files of the authority, of the certificate and of the key.
    pub(in crate::multiprocessing::cluster) tls: Option<[PathBuf; 3]>,
    pub(in crate::multiprocessing::cluster) python: Option<PathBuf>,
}

impl Connection {
    /// Connects, which can be interrupted.
    pub(in crate::multiprocessing::cluster) fn open(
        address: &Address,
    ) -> Result<Arc<Self>, ClusterError> {
        if !role::is_host() {
            return Err(ClusterError::NoNotebook);
        }
        let python = python_env::find(address.python.as_deref())?;
        let host = std::fs::read_link("/proc/self/exe")?;
        let (mut ours, theirs) = UnixStream::pair()?;
        let said = memfd_create("woozle-python", MemfdFlags::CLOEXEC);
        let said = File::from(said.map_err(std::io::Error::from)?);
        let python = Command::new(python)
            .args(["-c", SIDECAR])
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::null())
            .stderr(said.try_clone()?)
            .spawn()?;
        let length = u32::try_from(ON_CLUSTER.len()).unwrap_or(u32::MAX);
        ours.write_all(&length.to_le_bytes())?;
        ours.write_all(ON_CLUSTER.as_bytes())?;
        let socket = ours.try_clone()?;
        let connection = Arc::new(Self {
            socket: Mutex::new(ours),
            state: Mutex::new(State::default()),
            changed: WaitSet::new(),
        });
        let mut all = ALL.write().unwrap_or_else(PoisonError::into_inner);
        all.retain(|other| other.strong_count() > 0);
        all.push(Arc::downgrade(&connection));
        drop(all);
        let weak = Arc::downgrade(&connection);
        service_thread::spawn("woozle-cluster", move || {
            reader::read(socket, &weak, python, &|| last_words(&said));
        })?;
        connection.tell(&message(address, &host), &[]);
        connection.wait_until_connected(address)?;
        Ok(connection)
    }

    fn wait_until_connected(&self, address: &Address) -> Result<(), ClusterError> {
        let mut there = || {
            let state = self.state();
            state.connected.is_some() || state.lost.is_some()
        };
        self.changed
            .wait_until(Wanted::Process, Deadline::NEVER, &mut there);
        let state = self.state();
        let (kind, reason) = match (state.connected.clone(), &state.lost) {
            (Some(Ok(())), None) => return Ok(()),
            (Some(Err(failed)), _) => failed,
            (_, lost) => {
                let reason = lost.as_ref().map(ToString::to_string).unwrap_or_default();
                return Err(ClusterError::Start(reason.into()));
            }
        };
        let address = match address.local {
            0 => address.address.clone(),
            _ => "this machine".to_owned(),
        };
        Err(match kind.as_str() {
            "versions" => ClusterError::Versions(reason),
            _ => ClusterError::Connect { address, reason },
        })
    }
}

fn message(address: &Address, host: &Path) -> Connect {
    let mut needed = libraries::of_runtime();
    needed.push(host.to_path_buf());
    Connect {
        op: "connect",
        address: address.address.clone(),
        local: address.local,
        tls: address
            .tls
            .as_ref()
            .map(|files| texts(files))
            .unwrap_or_default(),
        libraries: texts(&needed),
    }
}

/// What the Python process has written on its standard error.
fn last_words(said: &File) -> String {
    let length = said.metadata().map_or(0, |metadata| metadata.len());
    let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
    let _ = said.read_exact_at(&mut bytes, 0);
    String::from_utf8_lossy(&bytes).into_owned()
}
