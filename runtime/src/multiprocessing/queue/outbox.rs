//! The sending side of a queue in one process: at once if there is room in the socket, else by a
//! feeder thread, as CPython always does.

use std::collections::VecDeque;
use std::io;
use std::os::fd::AsFd;
use std::sync::{Arc, Mutex, MutexGuard, Weak};
use std::time::Duration;

use rustix::io::Errno;
use rustix::net::SendFlags;

use crate::multiprocessing::transport::descriptors::{Descriptor, Parcel};
use crate::multiprocessing::transport::packet;
use crate::sync::lock_std;
use crate::wait::{Deadline, WaitSet, Wanted};

/// What is on its way out of this process.
#[derive(Debug)]
pub(super) struct Outbox {
    socket: Descriptor,
    state: Mutex<OutboxState>,
    /// Woken when the feeder has done its work.
    sent: WaitSet,
}

#[derive(Debug, Default)]
struct OutboxState {
    /// What the feeder has to send, in order.
    waiting: VecDeque<Parcel>,
    /// Whether there is a feeder; then nobody else sends.
    feeding: bool,
    closed: bool,
    /// Whether nobody waits for the feeder when the process ends.
    abandoned: bool,
}

/// The outboxes that have, or had, a feeder: what the process's end waits for.
static FED: Mutex<Vec<Weak<Outbox>>> = Mutex::new(Vec::new());

/// Before this process, a child, ends: sends what has been put into queues, as Python does.
pub(crate) fn at_exit() {
    let fed = std::mem::take(&mut *lock_std(&FED));
    for outbox in fed.iter().filter_map(Weak::upgrade) {
        if !outbox.lock().abandoned {
            outbox.wait_sent(Deadline::NEVER);
        }
    }
}

/// Lets `at_exit` run when the program calls `exit`, too.
fn register_at_exit() {
    extern "C" fn at_exit_of_libc() {
        at_exit();
    }
    static ONCE: std::sync::Once = std::sync::Once::new();
    if crate::process::role::is_child() {
        ONCE.call_once(|| {
            // SAFETY: the function is there for as long as the process: libraries of the runtime
            // are never unloaded. It does not unwind: nothing in it panics.
            unsafe { libc::atexit(at_exit_of_libc) };
        });
    }
}

impl Outbox {
    pub(super) fn new(socket: Descriptor) -> Arc<Self> {
        Arc::new(Self {
            socket,
            state: Mutex::default(),
            sent: WaitSet::new(),
        })
    }

    pub(super) fn socket(&self) -> &Descriptor {
        &self.socket
    }

    /// Sends now or later; never waits.
    pub(super) fn send(self: &Arc<Self>, parcel: Parcel) -> io::Result<()> {
        let mut state = self.lock();
        if !state.feeding {
            match self.try_send(&parcel, SendFlags::DONTWAIT) {
                Err(error) if is_full(&error) => {}
                result => return result,
            }
            let this = self.clone();
            crate::process::service_thread::spawn("woozle-feeder", move || this.feed())?;
            state.feeding = true;
            let mut fed = lock_std(&FED);
            fed.retain(|other| other.strong_count() > 0);
            if !fed.iter().any(|other| other.as_ptr() == Arc::as_ptr(self)) {
                fed.push(Arc::downgrade(self));
            }
            register_at_exit();
        }
        state.waiting.push_back(parcel);
        Ok(())
    }

    /// The feeder: until all is sent, or nobody is left to receive it.
    fn feed(&self) {
        loop {
            let parcel = {
                let mut state = self.lock();
                let Some(parcel) = state.waiting.pop_front() else {
                    state.feeding = false;
                    break;
                };
                parcel
            };
            while let Err(error) = self.try_send(&parcel, SendFlags::empty()) {
                if !is_full(&error) {
                    // Nobody has the receiving end.
                    self.lock().waiting.clear();
                    break;
                }
                // So many messages with descriptors are on the way that the system takes no more;
                // it does not say when it will.
                #[expect(
                    clippy::disallowed_methods,
                    reason = "the system does not say when it will take more"
                )]
                std::thread::sleep(Duration::from_millis(5));
            }
        }
        self.sent.wake_all();
    }

    fn try_send(&self, parcel: &Parcel, flags: SendFlags) -> io::Result<()> {
        let descriptors: Vec<_> = parcel.descriptors.iter().map(|d| d.as_fd()).collect();
        packet::send(&self.socket, &parcel.bytes, &descriptors, flags)
    }

    /// Whether the feeder has something to send.
    pub(super) fn is_feeding(&self) -> bool {
        self.lock().feeding
    }

    /// Waits until all that was put in this process is sent.
    pub(super) fn wait_sent(&self, deadline: Deadline) -> bool {
        let mut sent = || !self.is_feeding();
        self.sent.wait_until(Wanted::Queue, deadline, &mut sent)
    }

    pub(super) fn close(&self) {
        self.lock().closed = true;
    }

    pub(super) fn is_closed(&self) -> bool {
        self.lock().closed
    }

    pub(super) fn abandon(&self) {
        self.lock().abandoned = true;
    }

    fn lock(&self) -> MutexGuard<'_, OutboxState> {
        lock_std(&self.state)
    }
}

/// Whether there is no room now but may be later.
fn is_full(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::WouldBlock
        || error.raw_os_error() == Some(Errno::TOOMANYREFS.raw_os_error())
}
