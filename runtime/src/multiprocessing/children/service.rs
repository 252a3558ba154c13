//! The one service thread: it starts forkservers, hears what children say, and notices their end.
//!
//! It never ends while the process lives: children are killed when the thread that started their
//! forkserver ends (`PR_SET_PDEATHSIG` counts threads), which so is the end of the process.

use std::collections::HashMap;
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};

use rustix::buffer::spare_capacity;
use rustix::event::epoll::{self, EventData, EventFlags};
use rustix::event::{EventfdFlags, eventfd};
use rustix::io::Errno;

use crate::multiprocessing::children::forkserver::Forkserver;
use crate::multiprocessing::children::watched::{Heard, WatchedChild, is_left_behind};
use crate::sync::lock_std;

/// What the thread is asked to do.
enum Order {
    /// Start a forkserver.
    Start(Sender<io::Result<Forkserver>>),
    /// Take all children for ended whose serial number is below this.
    Abandon(u64),
}

struct Service {
    epoll: OwnedFd,
    /// Rung when there is something in `orders`.
    wake_up: OwnedFd,
    orders: Sender<Order>,
    children: Mutex<HashMap<u64, Arc<WatchedChild>>>,
}

/// The wake_up's number in the epoll set; a child with serial number n has 2n (its link) and 2n + 1 (its
/// end).
const WAKE_UP: u64 = 0;

/// Empty until it could be started.
static SERVICE: OnceLock<Service> = OnceLock::new();

/// The service, which is started if there is none yet.
fn service() -> io::Result<&'static Service> {
    static STARTING: Mutex<()> = Mutex::new(());
    if let Some(service) = SERVICE.get() {
        return Ok(service);
    }
    let _one = lock_std(&STARTING);
    SERVICE.get().map_or_else(start, Ok)
}

fn start() -> io::Result<&'static Service> {
    let (orders, inbox) = channel();
    let service = Service {
        epoll: epoll::create(epoll::CreateFlags::CLOEXEC)?,
        wake_up: eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?,
        orders,
        children: Mutex::default(),
    };
    let wake_up = EventData::new_u64(WAKE_UP);
    epoll::add(&service.epoll, &service.wake_up, wake_up, EventFlags::IN)?;
    NUMBERS[0].store(service.epoll.as_raw_fd(), Ordering::SeqCst);
    NUMBERS[1].store(service.wake_up.as_raw_fd(), Ordering::SeqCst);
    let (begin, begun) = channel::<&Service>();
    let thread = crate::process::service_thread::spawn("woozle-children", move || {
        if let Ok(service) = begun.recv() {
            let _ = service.run(&inbox);
        }
    });
    if let Err(error) = thread {
        NUMBERS[0].store(-1, Ordering::SeqCst);
        return Err(error);
    }
    let service = SERVICE.get_or_init(|| service);
    let _ = begin.send(service);
    Ok(service)
}

/// Starts a forkserver, on the service's thread.
pub(in crate::multiprocessing) fn start_forkserver() -> io::Result<Forkserver> {
    let (reply, answer) = channel();
    service()?.order(Order::Start(reply))?;
    let gone = |_| io::Error::other("the service thread has ended");
    answer.recv().map_err(gone)?
}

/// Watches a child from now on.
pub(in crate::multiprocessing) fn watch(child: &Arc<WatchedChild>) -> io::Result<()> {
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
    } else if is_left_behind(number) {
        // The others of that process may have been taken for ended before this one was known here.
        service.order(Order::Abandon(number + 1))?;
    }
    Ok(added?)
}

/// The children that have not ended.
pub(in crate::multiprocessing) fn live() -> Vec<Arc<WatchedChild>> {
    let Some(service) = SERVICE.get() else {
        return Vec::new();
    };
    let mut children: Vec<_> = service.children().values().cloned().collect();
    children.sort_by_key(|child| child.serial());
    children
}

/// Takes the children whose serial number is below this for ended: they were those of a process of
/// which this is a copy.
pub(in crate::multiprocessing) fn abandon(below: u64) {
    if let Some(service) = SERVICE.get() {
        let _ = service.order(Order::Abandon(below));
    }
}

/// The numbers of the service's epoll set and of its wake_up, once it has started.
static NUMBERS: [AtomicI32; 2] = [const { AtomicI32::new(-1) }; 2];

/// In a copy of the process that is about to go on, while it has one thread: puts an epoll set and a
/// wake_up of its own in the place of those that all copies share. System calls alone; false if they fail.
pub(in crate::multiprocessing) fn renew() -> bool {
    let [epoll, wake_up] = [&NUMBERS[0], &NUMBERS[1]].map(|number| number.load(Ordering::SeqCst));
    if epoll < 0 {
        return true;
    }
    // SAFETY: both numbers are open files of the service, which lives for ever, and nobody uses them while
    // the process has one thread. What takes their place is of the same kind. `event` is valid.
    unsafe {
        let put = |new: i32, number: i32| {
            new >= 0 && libc::dup3(new, number, libc::O_CLOEXEC) == number && libc::close(new) == 0
        };
        let mut event = libc::epoll_event {
            events: libc::EPOLLIN as u32,
            u64: WAKE_UP,
        };
        // It rings: there may be orders that nobody has taken.
        put(libc::epoll_create1(libc::EPOLL_CLOEXEC), epoll)
            && put(libc::eventfd(1, libc::EFD_NONBLOCK), wake_up)
            && libc::epoll_ctl(epoll, libc::EPOLL_CTL_ADD, wake_up, &raw mut event) == 0
    }
}

impl Service {
    fn order(&self, order: Order) -> io::Result<()> {
        let gone = |_| io::Error::other("the service thread has ended");
        self.orders.send(order).map_err(gone)?;
        rustix::io::write(&self.wake_up, &1_u64.to_ne_bytes())?;
        Ok(())
    }

    fn children(&self) -> MutexGuard<'_, HashMap<u64, Arc<WatchedChild>>> {
        lock_std(&self.children)
    }

    fn run(&self, orders: &Receiver<Order>) -> io::Result<()> {
        let mut events = Vec::with_capacity(64);
        loop {
            events.clear();
            match epoll::wait(&self.epoll, spare_capacity(&mut events), None) {
                Ok(_) | Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
            for event in &events {
                match event.data.u64() {
                    WAKE_UP => self.take_orders(orders),
                    number => self.hear(number / 2, number % 2 == 1),
                }
            }
        }
    }

    fn take_orders(&self, orders: &Receiver<Order>) {
        let _ = rustix::io::read(&self.wake_up, &mut [0; 8]);
        while let Ok(order) = orders.try_recv() {
            match order {
                Order::Start(reply) => {
                    let _ = reply.send(Forkserver::start());
                }
                Order::Abandon(below) => self.abandon(below),
            }
        }
    }

    fn abandon(&self, below: u64) {
        let gone: Vec<_> = self
            .children()
            .extract_if(|number, _| *number < below)
            .collect();
        for (_, child) in gone {
            let _ = epoll::delete(&self.epoll, child.link());
            let _ = epoll::delete(&self.epoll, child.as_fd());
            child.end();
        }
    }

    fn hear(&self, number: u64, ended: bool) {
        let child = self.children().get(&number).cloned();
        let Some(child) = child else { return };
        if child.hear() == Heard::Closed || ended {
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
