//! `ClusterStatus`: what there is of a cluster.

use std::fmt;

use super::connection::Counts;
use crate::multiprocessing::pool::error::PoolError;

/// What there is of a cluster, from [`Cluster::status`](super::Cluster::status).
///
/// ```no_run
/// use woozle::multiprocessing::cluster::Cluster;
///
/// let cluster = Cluster::connect("tcp://127.0.0.1:8786")?;
/// println!("{}", cluster.status()); // tcp://127.0.0.1:8786: 3 workers, 6 threads; http://127.0.0.1:8787/status
/// # Ok::<(), woozle::multiprocessing::cluster::ClusterError>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ClusterStatus {
    /// The scheduler's address.
    pub address: String,
    /// How many workers there are.
    pub workers: usize,
    /// How many tasks run at the same time.
    pub threads: usize,
    /// The address of Dask's dashboard; empty if it has none.
    pub dashboard: String,
    /// The version of Dask.
    pub version: String,
    /// Why the connection is lost, if it is.
    pub lost: Option<String>,
}

impl ClusterStatus {
    pub(super) fn new(counts: Counts, lost: Option<PoolError>) -> Self {
        Self {
            address: counts.address,
            workers: counts.workers,
            threads: counts.threads,
            dashboard: counts.dashboard,
            version: counts.version,
            lost: lost.map(|error| error.to_string()),
        }
    }
}

impl fmt::Display for ClusterStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let many = |n: usize, one: &str| match n {
            1 => format!("1 {one}"),
            n => format!("{n} {one}s"),
        };
        if let Some(lost) = &self.lost {
            return write!(f, "{}: {lost}", self.address);
        }
        let (workers, threads) = (many(self.workers, "worker"), many(self.threads, "thread"));
        write!(f, "{}: {workers}, {threads}", self.address)?;
        match self.dashboard.as_str() {
            "" => Ok(()),
            dashboard => write!(f, "; {dashboard}"),
        }
    }
}
