//! The other side: an object of a server, from any process.

use std::collections::HashMap;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::{Mutex, MutexGuard};

use rustix::net::sockopt::socket_peercred;
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketAddrUnix, SocketFlags, SocketType, connect,
    socket_with,
};
use serde::{Deserialize, Serialize};

use super::ManagerError;
use super::wire::{Answer, Call, Reply, Request};
use crate::multiprocessing::transport::descriptors;
use crate::multiprocessing::transport::packet;
use crate::multiprocessing::transport::poll;
use crate::sync::lock_std;
use crate::wait::Deadline;

/// A server, by the abstract name of its socket.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Address(pub(super) Vec<u8>);

/// An object of a server.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Remote {
    pub(super) server: Address,
    pub(super) object: u64,
}

/// Connections that nobody uses at the moment. One stays for as long as the server and this process:
/// by its end the server knows that the process is gone.
static IDLE: Mutex<Option<HashMap<Address, Vec<OwnedFd>>>> = Mutex::new(None);

fn idle() -> MutexGuard<'static, Option<HashMap<Address, Vec<OwnedFd>>>> {
    lock_std(&IDLE)
}

impl Remote {
    /// Asks, and waits for the answer.
    pub(super) fn call(&self, call: Call) -> Result<Answer, ManagerError> {
        let request = Request::Call(self.object, call);
        self.server.ask(&request, Deadline::NEVER)
    }

    /// Asks for what may have to wait; without a deadline, now or never.
    pub(super) fn call_until(
        &self,
        call: Call,
        deadline: Option<Deadline>,
    ) -> Result<Answer, ManagerError> {
        match deadline {
            Some(deadline) => {
                let request = Request::Call(self.object, call);
                self.server.ask(&request, deadline)
            }
            None => {
                let request = Request::Try(self.object, call);
                self.server.ask(&request, Deadline::NEVER)
            }
        }
    }
}

impl Address {
    /// Forgets the connections to a server that has ended.
    pub(super) fn forget(&self) {
        drop(idle().as_mut().and_then(|idle| idle.remove(self)));
    }

    pub(super) fn ask(
        &self,
        request: &Request,
        deadline: Deadline,
    ) -> Result<Answer, ManagerError> {
        let parcel = descriptors::pack(request)?;
        let socket = self.connect()?;
        let descriptors: Vec<_> = parcel.descriptors.iter().map(|d| d.as_fd()).collect();
        packet::send(&socket, &parcel.bytes, &descriptors, SendFlags::empty())?;
        if deadline.instant().is_some() && !poll::is_readable(&socket, deadline)? {
            let give_up = descriptors::pack(&Request::GiveUp)?;
            packet::send(&socket, &give_up.bytes, &[], SendFlags::empty())?;
        }
        let packet = packet::receive(&socket, RecvFlags::empty())?.ok_or(ManagerError::Gone)?;
        let reply: Reply = descriptors::unpack(&packet.bytes, packet.descriptors)?;
        let mut idle = idle();
        let all = idle.get_or_insert_default();
        all.entry(self.clone()).or_default().push(socket);
        Ok(reply?)
    }

    fn connect(&self) -> Result<OwnedFd, ManagerError> {
        {
            let mut idle = idle();
            let all = idle.get_or_insert_default();
            if let Some(socket) = all.get_mut(self).and_then(Vec::pop) {
                return Ok(socket);
            }
            // Those of servers that are gone have no other use.
            all.retain(|_, sockets| {
                sockets.retain(|socket| {
                    let now = Deadline::after(std::time::Duration::ZERO);
                    matches!(poll::is_readable(socket, now), Ok(false))
                });
                !sockets.is_empty()
            });
        }
        let socket = socket_with(
            AddressFamily::UNIX,
            SocketType::SEQPACKET,
            SocketFlags::CLOEXEC,
            None,
        )
        .map_err(std::io::Error::from)?;
        let address = SocketAddrUnix::new_abstract_name(&self.0).map_err(std::io::Error::from)?;
        connect(&socket, &address).map_err(std::io::Error::from)?;
        let peer = socket_peercred(&socket).map_err(std::io::Error::from)?;
        if peer.uid != rustix::process::geteuid() {
            return Err(ManagerError::Gone); // somebody else has taken the name
        }
        Ok(socket)
    }
}
