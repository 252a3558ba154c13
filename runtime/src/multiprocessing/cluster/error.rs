//! What can go wrong with a cluster itself.

use std::io;
use std::sync::Arc;

use thiserror::Error;

use crate::multiprocessing::transport::descriptors::CodecError;

/// Why there is no connection to a cluster, or a value cannot be shared on it.
#[derive(Clone, Error)]
#[non_exhaustive]
pub enum ClusterError {
    /// Functions of a cell are sent, and this program is no notebook's.
    #[error("a cluster can be used from the cells of a notebook alone")]
    NoNotebook,
    /// No Python was found that has Dask, and none could be made.
    #[error("there is no Python with the package distributed (Dask): {0}")]
    Python(String),
    /// The Python process that speaks with Dask could not be started, or has ended.
    #[error("the connection to Dask could not be started: {0}")]
    Start(Arc<str>),
    /// Nothing that answers as a scheduler is at this address.
    #[error("there is no connection to the scheduler at {address}: {reason}")]
    Connect {
        /// The address.
        address: String,
        /// What Dask says.
        reason: String,
    },
    /// Dask's parts are of different versions.
    #[error(
        "the versions do not fit: {0}. Name a Python that has the cluster's ones: \
         Cluster::builder(address).python(\"/path/to/python\")"
    )]
    Versions(String),
    /// The cluster is gone, or the connection to it.
    #[error("the cluster is lost: {0}")]
    Lost(Arc<str>),
    /// The value cannot travel.
    #[error("the value cannot be shared: {0}")]
    Value(CodecError),
    /// A cluster needs a worker.
    #[error("the number of workers must be at least 1")]
    NoWorkers,
}

debug_is_display!(ClusterError);

impl From<io::Error> for ClusterError {
    fn from(error: io::Error) -> Self {
        Self::Start(error.to_string().into())
    }
}
