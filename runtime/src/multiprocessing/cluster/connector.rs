//! A connection to a cluster, and another one when that is lost.

use std::sync::{Arc, Mutex};

use super::connection::{Address, Connection};
use super::error::ClusterError;
use super::status::ClusterStatus;
use crate::multiprocessing::pool::error::PoolError;
use crate::sync::lock_std;

/// A cluster's address, and the connection to it.
pub(super) struct Connector {
    address: Address,
    connection: Mutex<Arc<Connection>>,
    /// Shared values that nobody has any more. The last handle may go wherever a task is dropped, so the cluster is told
    /// later.
    unneeded: Mutex<Vec<u64>>,
}

impl Connector {
    pub(super) fn open(address: Address) -> Result<Self, ClusterError> {
        let connection = Mutex::new(Connection::open(&address)?);
        Ok(Self {
            address,
            connection,
            unneeded: Mutex::default(),
        })
    }

    /// The connection, which may be lost.
    pub(super) fn current(&self) -> Arc<Connection> {
        lock_std(&self.connection).clone()
    }

    /// The connection: another one if the last one is lost.
    pub(super) fn connection(&self) -> Result<Arc<Connection>, PoolError> {
        let mut connection = lock_std(&self.connection);
        if let Some(lost) = connection.lost() {
            *connection = Connection::open(&self.address).map_err(|error| {
                let text = format!("{lost}. Connecting anew: {error}");
                PoolError::ClusterLost(text.into())
            })?;
        }
        for number in std::mem::take(&mut *lock_std(&self.unneeded)) {
            connection.forget(number);
        }
        Ok(connection.clone())
    }

    /// Nobody has this shared value any more.
    pub(super) fn forget(&self, number: u64) {
        lock_std(&self.unneeded).push(number);
    }

    pub(super) fn status(&self) -> ClusterStatus {
        let connection = self.current();
        ClusterStatus::new(connection.counts(), connection.lost())
    }
}
