//! Pools on a cluster of machines, by Dask's `distributed`.
//!
//! ```no_run
//! use woozle::multiprocessing::cluster::Cluster;
//!
//! fn square(n: u64) -> u64 { n * n }
//!
//! let cluster = Cluster::connect("tcp://scheduler:8786")?;
//! let squares = cluster.pool().map(square, 0..1000)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The verbs are those of [`Pool`](crate::multiprocessing::Pool). The machines need Dask's workers, and no Rust: the libraries of cells
//! go there by themselves, each once.
//!
//! | Python, with Dask | Woozle |
//! | --- | --- |
//! | `Client(address)` | [`Cluster::connect`] |
//! | `Client(address, security=...)` | [`Cluster::builder`] and [`tls`](ClusterBuilder::tls) |
//! | `LocalCluster(n_workers=n)` | [`Cluster::local`] |
//! | `client.map`, `client.submit`, `client.gather` | the verbs of [`ClusterPool`] |
//! | `client.scatter(x)` | [`Cluster::share`] |
//! | `priority=n` | [`ClusterPool::priority`] |
//! | `client.get_executor()` | [`ClusterPool::executor`] |
//! | `client.wait_for_workers(n)`, `client.scheduler_info()` | [`Cluster::wait_for_workers`], [`Cluster::status`] |
//!
//! # How it works
//!
//! | file | what it is |
//! |---|---|
//! | `api`, `pool`, `shared`, `status`, `error` | what users see |
//! | `backend` | what runs the chunks of a pool |
//! | `connector` | the connection, and another one when that is lost |
//! | `connection` | the tasks that are on their way, and the Python process that speaks with Dask |
//! | `python`, `python_env` | what runs in that process, and what it sends to the cluster; which Python it is |
//! | `libraries` | what a function needs on another machine |
//! | `worker` | `woozle-host --worker`, the process that runs tasks there |
//! | `frame` | how all of these speak with each other |

mod api;
mod backend;
mod connection;
mod connector;
mod error;
mod frame;
mod libraries;
mod pool;
mod python_env;
mod shared;
mod status;
mod worker;

pub use api::{Cluster, ClusterBuilder};
pub use error::ClusterError;
pub use pool::ClusterPool;
pub use shared::Shared;
pub use status::ClusterStatus;

pub(in crate::multiprocessing) use connection::after_resuming;
pub(crate) use connection::is_awaited;
pub use python_env::find as python_with_dask;
pub(crate) use worker::serve_if_asked;

/// Why a value does not go to another machine.
const CANNOT_TRAVEL: &str = "a SharedArray, a Value, an Array, a lock, an event, a queue, a pipe and a manager's proxy live in \
     this machine's memory, and cannot go to a cluster: pass an ndarray, or cluster.share(&value)";
