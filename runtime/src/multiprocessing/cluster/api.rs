//! `Cluster`: a connection to Dask, for the user.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::connection::Address;
use super::connector::Connector;
use super::error::ClusterError;
use super::pool::ClusterPool;
use super::shared::Shared;
use super::status::ClusterStatus;
use crate::multiprocessing::pool::error::PoolError;

/// A cluster of machines, on which pools run functions of cells: by Dask's `distributed`. Python: `distributed.Client`.
///
/// ```no_run
/// use woozle::multiprocessing::cluster::Cluster;
///
/// fn square(n: u64) -> u64 { n * n }
///
/// let cluster = Cluster::connect("tcp://scheduler:8786")?;
/// let squares = cluster.pool().map(square, 0..1000)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A clone is another handle of the same connection, which ends with the last one, and with the last pool and result of it. If
/// the scheduler goes, or the session goes back to a checkpoint, what is not done fails with
/// [`PoolError::ClusterLost`], and the next call connects anew.
#[derive(Clone)]
pub struct Cluster(Arc<Connector>);

/// Where a cluster is, and how it is reached, for [`Cluster::builder`].
///
/// ```no_run
/// use woozle::multiprocessing::cluster::Cluster;
///
/// let cluster = Cluster::builder("tls://scheduler:8786")
///     .tls("ca.pem", "cert.pem", "key.pem")
///     .python("/opt/dask/bin/python")
///     .connect()?;
/// # Ok::<(), woozle::multiprocessing::cluster::ClusterError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct ClusterBuilder(Address);

impl ClusterBuilder {
    /// The files of the authority, of this side's certificate and of its key: both sides show who they are. Python:
    /// `distributed.Security(tls_ca_file, tls_client_cert, tls_client_key)`.
    pub fn tls(
        mut self,
        ca: impl Into<PathBuf>,
        cert: impl Into<PathBuf>,
        key: impl Into<PathBuf>,
    ) -> Self {
        self.0.tls = Some([ca.into(), cert.into(), key.into()]);
        self
    }

    /// The Python that has Dask, of the cluster's version. Without it, it is the one of the environment that is active or of
    /// Jupyter's server, or `python3`, if it has the package; else one is made for Woozle alone.
    pub fn python(mut self, python: impl Into<PathBuf>) -> Self {
        self.0.python = Some(python.into());
        self
    }

    /// Connects.
    ///
    /// # Errors
    ///
    /// [`ClusterError`], which says what is missing.
    pub fn connect(self) -> Result<Cluster, ClusterError> {
        Connector::open(self.0).map(|connector| Cluster(Arc::new(connector)))
    }
}

impl Cluster {
    /// Connects to the scheduler at this address, such as `tcp://host:8786`. Python: `distributed.Client(address)`.
    ///
    /// Whoever reaches a scheduler by plain `tcp` can run code as its user. On a network that others use, take TLS
    /// ([`builder`](Self::builder)).
    ///
    /// # Errors
    ///
    /// [`ClusterError`], which says what is missing.
    ///
    /// ```no_run
    /// # use woozle::multiprocessing::cluster::Cluster;
    /// let cluster = Cluster::connect("tcp://127.0.0.1:8786")?;
    /// # Ok::<(), woozle::multiprocessing::cluster::ClusterError>(())
    /// ```
    pub fn connect(address: &str) -> Result<Self, ClusterError> {
        Self::builder(address).connect()
    }

    /// A cluster of so many workers on this machine, for trying it out; it ends with the connection. Python:
    /// `distributed.LocalCluster(n_workers)`.
    ///
    /// # Errors
    ///
    /// [`ClusterError`], which says what is missing.
    ///
    /// ```no_run
    /// # use woozle::multiprocessing::cluster::Cluster;
    /// let cluster = Cluster::local(2)?;
    /// assert_eq!(cluster.pool().map(|n: u32| n + 1, 0..3)?, [1, 2, 3]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn local(workers: usize) -> Result<Self, ClusterError> {
        if workers == 0 {
            return Err(ClusterError::NoWorkers);
        }
        let address = Address {
            local: workers,
            ..Address::default()
        };
        let cluster = ClusterBuilder(address).connect()?;
        cluster.wait_for_workers(workers, Duration::MAX);
        Ok(cluster)
    }

    /// For a cluster that is reached by TLS, or with a certain Python.
    pub fn builder(address: &str) -> ClusterBuilder {
        ClusterBuilder(Address {
            address: address.to_owned(),
            ..Address::default()
        })
    }

    /// A pool whose tasks run there. Making one costs nothing.
    ///
    /// ```no_run
    /// # use woozle::multiprocessing::cluster::Cluster;
    /// # let cluster = Cluster::local(2)?;
    /// let pool = cluster.pool();
    /// let urgent = pool.priority(10);
    /// # Ok::<(), woozle::multiprocessing::cluster::ClusterError>(())
    /// ```
    pub fn pool(&self) -> ClusterPool {
        ClusterPool::new(self.0.clone())
    }

    /// Gives the cluster a value that many tasks need, for them as an argument. Python: Dask's `client.scatter(value)`.
    ///
    /// # Errors
    ///
    /// [`ClusterError::Value`] for what cannot travel; [`ClusterError::Lost`].
    ///
    /// ```no_run
    /// # use woozle::multiprocessing::cluster::{Cluster, Shared};
    /// # let cluster = Cluster::local(2)?;
    /// let weights = cluster.share(&vec![0.5, 0.25])?;
    /// let scaled = cluster.pool().starmap(
    ///     |weights: Shared<Vec<f64>>, n: f64| weights[0] * n,
    ///     [(weights.clone(), 1.0), (weights, 2.0)],
    /// )?;
    /// assert_eq!(scaled, [0.5, 1.0]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn share<T>(&self, value: &T) -> Result<Shared<T>, ClusterError>
    where
        T: Serialize + DeserializeOwned + Send + Sync + 'static,
    {
        let connection = self.0.connection().map_err(|error| match error {
            PoolError::ClusterLost(reason) => ClusterError::Lost(reason),
            error => ClusterError::Lost(error.to_string().into()),
        })?;
        let weak = Arc::downgrade(&self.0);
        let forget = move |number| {
            if let Some(connector) = weak.upgrade() {
                connector.forget(number);
            }
        };
        let shared = Shared::new(value, Box::new(forget)).map_err(ClusterError::Value)?;
        connection.share(shared.stored());
        Ok(shared)
    }

    /// What there is of it now.
    ///
    /// ```no_run
    /// # use woozle::multiprocessing::cluster::Cluster;
    /// # let cluster = Cluster::local(2)?;
    /// assert_eq!(cluster.status().workers, 2);
    /// # Ok::<(), woozle::multiprocessing::cluster::ClusterError>(())
    /// ```
    pub fn status(&self) -> ClusterStatus {
        self.0.status()
    }

    /// Waits until there are so many workers, for at most this long; whether there are. Python:
    /// `client.wait_for_workers(n, timeout)`.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # use woozle::multiprocessing::cluster::Cluster;
    /// # let cluster = Cluster::connect("tcp://127.0.0.1:8786")?;
    /// assert!(cluster.wait_for_workers(3, Duration::from_secs(60)));
    /// # Ok::<(), woozle::multiprocessing::cluster::ClusterError>(())
    /// ```
    pub fn wait_for_workers(&self, workers: usize, timeout: Duration) -> bool {
        self.0.current().wait_for_workers(workers, timeout)
    }
}

impl fmt::Debug for Cluster {
    /// As Python's `repr` of a client: where it is, and how large.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Cluster {}>", self.status())
    }
}
