//! Where the front ends' messages arrive.
//!
//! | thread | what it does |
//! |---|---|
//! | `woozle-comms` | takes each message to its comm, and does what widgets put off; never runs a user's code |
//! | `woozle-callbacks` | runs the user's callbacks, one after another |
//!
//! Both are started when they are first needed.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Instant;

use super::{Callback, Comm, Message};
use crate::display::Json;
use crate::process::output;
use crate::protocol::{Comm as Frame, CommKind};
use crate::sync::{Mutex, lock};
use crate::{host, widgets};

type Target = Callback<dyn Fn(Comm, Message) + Send + Sync>;

static OPEN: Mutex<BTreeMap<String, Comm>> = Mutex::new(BTreeMap::new());
static TARGETS: Mutex<BTreeMap<String, Target>> = Mutex::new(BTreeMap::new());

enum Job {
    Heard(Frame),
    At(Instant, Body),
}

/// Something to be done for a cell, as a part of what is done about a message.
struct Errand {
    cell: u32,
    header: Option<String>,
    body: Body,
}

type Body = Box<dyn FnOnce() + Send>;

static JOBS: Line<Job> = Line::new("woozle-comms", work);
static ERRANDS: Line<Errand> = Line::new("woozle-callbacks", run_all);

thread_local! {
    static ANSWERING: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Takes a front end's message; called on the host's io thread.
pub(crate) fn receive(frame: Frame) {
    JOBS.send(Job::Heard(frame));
}

/// Does something at that time, soon and quickly.
pub(crate) fn at(time: Instant, body: impl FnOnce() + Send + 'static) {
    JOBS.send(Job::At(time, Box::new(body)));
}

/// Runs a callback of the user's, whose output goes to `cell`.
pub(crate) fn call_later(cell: u32, body: impl FnOnce() + Send + 'static) {
    let header = answering();
    let body = Box::new(body);
    ERRANDS.send(Errand { cell, header, body });
}

/// The header of the message that the current thread is about.
pub(crate) fn answering() -> Option<String> {
    ANSWERING.with_borrow(Clone::clone)
}

/// Whether a front end can speak to the user's code.
pub(crate) fn is_open() -> bool {
    !lock(&OPEN).is_empty() || !lock(&TARGETS).is_empty()
}

pub(super) fn note(comm: &Comm) {
    lock(&OPEN).insert(comm.id().to_owned(), comm.clone());
}

pub(super) fn forget(id: &str) {
    lock(&OPEN).remove(id);
}

pub(super) fn set_target(name: &str, target: Option<Target>) {
    let mut targets = lock(&TARGETS);
    match target {
        Some(target) => targets.insert(name.to_owned(), target),
        None => targets.remove(name),
    };
}

/// The way to a thread that is started at first need. Where it cannot be, the next need is the next occasion.
struct Line<T> {
    name: &'static str,
    work: fn(&Receiver<T>),
    sender: Mutex<Option<Sender<T>>>,
}

impl<T: Send + 'static> Line<T> {
    const fn new(name: &'static str, work: fn(&Receiver<T>)) -> Self {
        let sender = Mutex::new(None);
        Self { name, work, sender }
    }

    fn send(&self, item: T) {
        let mut sender = lock(&self.sender);
        let sender = match &mut *sender {
            Some(sender) => sender,
            none => match self.start() {
                Ok(started) => none.insert(started),
                Err(error) => {
                    let name = self.name;
                    std::eprintln!(
                        "widgets do not work now: the thread {name} cannot be started: {error}"
                    );
                    return;
                }
            },
        };
        let _ = sender.send(item);
    }

    fn start(&self) -> io::Result<Sender<T>> {
        let (sender, receiver) = channel();
        let work = self.work;
        // Such a thread belongs to no cell: what a task prints says its cell.
        host::own_thread(self.name, move || work(&receiver))?;
        Ok(sender)
    }
}

fn work(jobs: &Receiver<Job>) {
    let mut later: Vec<(Instant, Body)> = Vec::new();
    loop {
        let next = later.iter().map(|(time, _)| *time).min();
        let job = match next {
            None => jobs.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(next) => jobs.recv_timeout(next.saturating_duration_since(Instant::now())),
        };
        match job {
            Ok(Job::Heard(frame)) => {
                ANSWERING.set(frame.header.clone());
                hear(frame);
                ANSWERING.set(None);
            }
            Ok(Job::At(time, body)) => later.push((time, body)),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        let now = Instant::now();
        for (_, body) in later.extract_if(.., |(time, _)| *time <= now) {
            body();
        }
    }
}

fn run_all(errands: &Receiver<Errand>) {
    for errand in errands {
        ANSWERING.set(errand.header);
        output::enter_task(Some(errand.cell));
        // The panic hook has reported it.
        let _ = catch_unwind(AssertUnwindSafe(errand.body));
        output::enter_task(None);
        ANSWERING.set(None);
    }
}

fn hear(frame: Frame) {
    let message = Message {
        data: Json(frame.data),
        metadata: Json(frame.metadata),
        buffers: frame.buffers,
    };
    match frame.kind {
        CommKind::Open { target_name } => open(&Comm::accept(frame.comm_id, &target_name), message),
        CommKind::Message => {
            let known = lock(&OPEN).get(&frame.comm_id).cloned();
            match known {
                Some(comm) => comm.hear(message),
                // A comm of a cell that was undone.
                None => Comm::accept(frame.comm_id, "").close(),
            }
        }
        CommKind::Close => {
            let known = lock(&OPEN).remove(&frame.comm_id);
            if let Some(comm) = known {
                comm.hear_close();
            }
        }
    }
}

fn open(comm: &Comm, message: Message) {
    note(comm);
    if widgets::takes(comm) {
        return;
    }
    let Some(target) = lock(&TARGETS).get(comm.target_name()).cloned() else {
        return comm.close();
    };
    let comm = comm.clone();
    call_later(target.cell, move || (target.call)(comm, message));
}

impl Comm {
    fn hear(&self, message: Message) {
        if let Some(direct) = self.0.direct.get() {
            return direct(&message);
        }
        let line = self.0.clone();
        // Whoever was called when the comm was opened may only now have registered somebody.
        call_later(0, move || {
            let callbacks = lock(&line.on_message).clone();
            for callback in callbacks {
                callback.run(|call| call(&message));
            }
        });
    }

    fn hear_close(&self) {
        self.0
            .open
            .store(false, std::sync::atomic::Ordering::SeqCst);
        widgets::forget(self.id());
        let line = self.0.clone();
        call_later(0, move || {
            let callbacks = lock(&line.on_close).clone();
            for callback in callbacks {
                callback.run(|call| call());
            }
        });
    }
}

impl<F: ?Sized> Callback<F> {
    /// Calls it, on the thread of the callbacks.
    fn run(&self, with: impl FnOnce(&F)) {
        output::enter_task(Some(self.cell));
        let _ = catch_unwind(AssertUnwindSafe(|| with(&self.call)));
    }
}
