//! The one service thread: it starts forkservers, hears what children say, and notices their end.
//!
//! It never ends while the process lives: children are killed when the thread that started their
//! forkserver ends (`PR_SET_PDEATHSIG` counts threads), which so is the end of the process.

use std::collections::HashMap;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use rustix::buffer::spare_capacity;
use rustix::event::epoll::{self, EventData, EventFlags};
use rustix::event::{EventfdFlags, eventfd};
use rustix::io::Errno;

use super::child::Inner;
use super::forkserver::Forkserver;

type Reply = Sender<io::Result<Forkserver>>;

struct Service {
    epoll: OwnedFd,
    /// Rung when there is something in `orders`.
    bell: OwnedFd,
    orders: Sender<Reply>,
    children: Mutex<HashMap<u64, Arc<Inner>>>,
}

/// The bell's number in the epoll set; a child with serial number n has 2n (its link) and 2n + 1 (its
/// end).
const BELL: u64 = 0;

static SERVICE: LazyLock<Result<Service, String>> =
    LazyLock::new(|| start().map_err(|error| error.to_string()));

fn service() -> io::Result<&'static Service> {
    SERVICE
        .as_ref()
        .map_err(|error| io::Error::other(error.clone()))
}

fn start() -> io::Result<Service> {
    let (orders, inbox) = channel();
    let service = Service {
        epoll: epoll::create(epoll::CreateFlags::CLOEXEC)?,
        bell: eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?,
        orders,
        children: Mutex::default(),
    };
    let bell = EventData::new_u64(BELL);
    epoll::add(&service.epoll, &service.bell, bell, EventFlags::IN)?;
    crate::host::own_thread("woozle-children", move || {
        if let Ok(service) = service_once_started() {
            let _ = service.run(&inbox);
        }
    })?;
    Ok(service)
}

/// For the service's own thread, which is there before the static is.
fn service_once_started() -> io::Result<&'static Service> {
    service()
}

/// Starts a forkserver, on the service's thread.
pub(super) fn start_forkserver() -> io::Result<Forkserver> {
    let service = service()?;
    let (reply, answer) = channel();
    let gone = || io::Error::other("the service thread has ended");
    service.orders.send(reply).map_err(|_| gone())?;
    rustix::io::write(&service.bell, &1_u64.to_ne_bytes())?;
    answer.recv().map_err(|_| gone())?
}

/// Watches a child from now on.
pub(super) fn watch(child: &Arc<Inner>) -> io::Result<()> {
    let service = service()?;
    let number = child.serial();
    service.children().insert(number, child.clone());
    let (link, end) = (
        EventData::new_u64(2 * number),
        EventData::new_u64(2 * number + 1),
    );
    let added = epoll::add(&service.epoll, child.link(), link, EventFlags::IN)
        .and_then(|()| epoll::add(&service.epoll, child.as_fd(), end, EventFlags::IN));
    if added.is_err() {
        service.children().remove(&number);
    }
    Ok(added?)
}

/// The children that have not ended.
pub(super) fn live() -> Vec<Arc<Inner>> {
    let Some(Ok(service)) = LazyLock::get(&SERVICE) else {
        return Vec::new();
    };
    let mut children: Vec<_> = service.children().values().cloned().collect();
    children.sort_by_key(|child| child.serial());
    children
}

/// Takes all children for ended: they were those of a process of which this is a copy.
pub(super) fn abandon() {
    let Some(Ok(service)) = LazyLock::get(&SERVICE) else {
        return;
    };
    let children = std::mem::take(&mut *service.children());
    for child in children.into_values() {
        let _ = epoll::delete(&service.epoll, child.link());
        let _ = epoll::delete(&service.epoll, child.as_fd());
        child.end();
    }
}

impl Service {
    fn children(&self) -> MutexGuard<'_, HashMap<u64, Arc<Inner>>> {
        self.children.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self, orders: &Receiver<Reply>) -> io::Result<()> {
        let mut events = Vec::with_capacity(64);
        loop {
            events.clear();
            match epoll::wait(&self.epoll, spare_capacity(&mut events), None) {
                Ok(_) | Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
            for event in &events {
                match event.data.u64() {
                    BELL => self.take_orders(orders),
                    number => self.hear(number / 2, number % 2 == 1),
                }
            }
        }
    }

    fn take_orders(&self, orders: &Receiver<Reply>) {
        let _ = rustix::io::read(&self.bell, &mut [0; 8]);
        while let Ok(reply) = orders.try_recv() {
            let _ = reply.send(Forkserver::start());
        }
    }

    fn hear(&self, number: u64, ended: bool) {
        let child = self.children().get(&number).cloned();
        let Some(child) = child else { return };
        if child.hear() == super::child::Heard::Closed || ended {
            // Nothing more will come, or nobody is left to say it.
            let _ = epoll::delete(&self.epoll, child.link());
        }
        if ended {
            let _ = epoll::delete(&self.epoll, child.as_fd());
            if self.children().remove(&number).is_some() {
                child.end();
            }
        }
    }
}
