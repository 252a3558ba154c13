//! The server: one thread that holds all objects and does one call after the other. A call that cannot
//! be done yet waits in a list, not in a thread, so that who dies meanwhile is simply forgotten.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::os::fd::{AsFd, OwnedFd};

use rustix::buffer::spare_capacity;
use rustix::event::epoll::{self, EventData, EventFlags};
use rustix::io::Errno;
use rustix::net::sockopt::socket_peercred;
use rustix::net::{RecvFlags, SendFlags, SocketFlags, accept_with};

use super::Refusal;
use super::objects::{Object, Outcome};
use super::wire::{Answer, Call, Reply, Request};
use crate::multiprocessing::transport::descriptors;
use crate::multiprocessing::transport::packet;
use crate::multiprocessing::transport::packet::Packet;

struct Server {
    epoll: OwnedFd,
    listener: OwnedFd,
    clients: HashMap<u64, Client>,
    objects: HashMap<u64, Object>,
    /// Calls that cannot be done yet, in the order in which they came, by their number.
    waiting: BTreeMap<u64, Waiting>,
    serial: u64,
}

struct Client {
    socket: OwnedFd,
    process: u32,
}

struct Waiting {
    client: u64,
    object: u64,
    call: Call,
}

/// The listener's number in the epoll set; clients' numbers are above it.
const LISTENER: u64 = 0;

/// The server process's main function; it is ended by a signal.
pub(super) fn main(packet: Packet) -> i32 {
    let Some(listener) = packet.descriptors.into_iter().next() else {
        return 1;
    };
    match Server::new(listener).and_then(Server::run) {
        Ok(()) => 0,
        Err(error) => {
            std::eprintln!("the server of a manager has ended: {error}");
            1
        }
    }
}

impl Server {
    fn new(listener: OwnedFd) -> io::Result<Self> {
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        epoll::add(
            &epoll,
            &listener,
            EventData::new_u64(LISTENER),
            EventFlags::IN,
        )?;
        Ok(Self {
            epoll,
            listener,
            clients: HashMap::new(),
            objects: HashMap::new(),
            waiting: BTreeMap::new(),
            serial: 0,
        })
    }

    fn run(mut self) -> io::Result<()> {
        let mut events = Vec::with_capacity(64);
        loop {
            events.clear();
            match epoll::wait(&self.epoll, spare_capacity(&mut events), None) {
                Ok(_) | Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
            for event in &events {
                match event.data.u64() {
                    LISTENER => self.accept(),
                    client => self.hear(client),
                }
            }
        }
    }

    fn accept(&mut self) {
        let Ok(socket) = accept_with(&self.listener, SocketFlags::CLOEXEC) else {
            return; // gone again, or there are too many open files
        };
        let Ok(peer) = socket_peercred(&socket) else {
            return;
        };
        if peer.uid != rustix::process::geteuid() {
            return;
        }
        self.serial += 1;
        let data = EventData::new_u64(self.serial);
        if epoll::add(&self.epoll, &socket, data, EventFlags::IN).is_ok() {
            let process = peer.pid.as_raw_nonzero().get().unsigned_abs();
            self.clients.insert(self.serial, Client { socket, process });
        }
    }

    fn hear(&mut self, number: u64) {
        let Some(client) = self.clients.get(&number) else {
            return;
        };
        let process = client.process;
        match packet::receive(&client.socket, RecvFlags::DONTWAIT) {
            Ok(Some(packet)) => match descriptors::unpack(&packet.bytes, packet.descriptors) {
                Ok(request) => self.serve(number, process, request),
                Err(_) => self.reply(number, Err(Refusal::Unknown)),
            },
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Ok(None) | Err(_) => self.forget(number),
        }
    }

    fn serve(&mut self, client: u64, process: u32, request: Request) {
        let (object, call, may_wait) = match request {
            Request::Create(new) => {
                self.serial += 1;
                self.objects.insert(self.serial, Object::new(new));
                return self.reply(client, Ok(Answer::Number(self.serial)));
            }
            Request::GiveUp => {
                let was = self.waiting.len();
                self.waiting.retain(|_, waiting| waiting.client != client);
                if self.waiting.len() < was {
                    self.reply(client, Ok(Answer::NotInTime));
                } // else the answer is on its way
                return;
            }
            Request::Call(object, call) => (object, call, true),
            Request::Try(object, call) => (object, call, false),
        };
        let Some(target) = self.objects.get_mut(&object) else {
            return self.reply(client, Err(Refusal::Unknown));
        };
        match target.call(process, call) {
            Outcome::Reply(reply) => {
                self.reply(client, reply);
                self.retry(object);
            }
            Outcome::NotYet(_) if !may_wait => self.reply(client, Ok(Answer::NotInTime)),
            Outcome::NotYet(call) => {
                self.serial += 1;
                let waiting = Waiting {
                    client,
                    object,
                    call,
                };
                self.waiting.insert(self.serial, waiting);
            }
        }
    }

    /// An object has changed: does what was waiting for that, and what waits for this in turn.
    fn retry(&mut self, object: u64) {
        loop {
            let mut changed = false;
            let about = |waiting: &Waiting| waiting.object == object;
            let numbers: Vec<u64> = self
                .waiting
                .iter()
                .filter_map(|(number, waiting)| about(waiting).then_some(*number))
                .collect();
            for number in numbers {
                let Some(waiting) = self.waiting.remove(&number) else {
                    continue;
                };
                let (Some(client), Some(target)) = (
                    self.clients.get(&waiting.client),
                    self.objects.get_mut(&object),
                ) else {
                    continue;
                };
                match target.call(client.process, waiting.call) {
                    Outcome::Reply(reply) => {
                        changed = true;
                        self.reply(waiting.client, reply);
                    }
                    Outcome::NotYet(call) => {
                        self.waiting.insert(number, Waiting { call, ..waiting });
                    }
                }
            }
            if !changed {
                return;
            }
        }
    }

    fn reply(&mut self, number: u64, reply: Reply) {
        let Some(client) = self.clients.get(&number) else {
            return;
        };
        if send(client, &reply).is_err() && send(client, &Err(Refusal::TooMuch)).is_err() {
            self.forget(number);
        }
    }

    /// A connection has ended; with the last one of a process, so has the process.
    fn forget(&mut self, number: u64) {
        let Some(client) = self.clients.remove(&number) else {
            return;
        };
        let _ = epoll::delete(&self.epoll, &client.socket);
        self.waiting.retain(|_, waiting| waiting.client != number);
        let mut others = self.clients.values();
        if others.any(|other| other.process == client.process) {
            return;
        }
        let freed = self.objects.iter_mut();
        let freed = freed.filter_map(|(id, object)| object.forget(client.process).then_some(*id));
        for object in freed.collect::<Vec<_>>() {
            self.retry(object);
        }
    }
}

fn send(client: &Client, reply: &Reply) -> io::Result<()> {
    let parcel = descriptors::pack(reply).map_err(io::Error::other)?;
    let descriptors: Vec<_> = parcel.descriptors.iter().map(|d| d.as_fd()).collect();
    // Who asks reads, so there is room.
    packet::send(
        &client.socket,
        &parcel.bytes,
        &descriptors,
        SendFlags::DONTWAIT,
    )
}
