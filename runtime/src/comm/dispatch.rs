//! Where the front ends' messages arrive.
//!
//! | thread | what it does |
//! |---|---|
//! | `woozle-comms` | takes each message to its comm, and does what widgets put off; never runs a user's code |
//! | `woozle-callbacks` | runs the user's callbacks, one after another |
//!
//! Both are started when they are first needed.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Instant;

use super::channel::{ANSWERING, Callback, Comm, OPEN, TARGETS, answering, note};
use super::message::Message;
use crate::display::Json;
use crate::process::output;
use crate::process::service_thread;
use crate::protocol::{Comm as Frame, CommKind};
use crate::sync::{Mutex, lock};

enum Job {
    Heard(Frame),
    At(Instant, Body),
}

/// Something to be done for a cell, as a part of what is done about a message.
struct CallbackRun {
    cell: u32,
    header: Option<String>,
    body: Body,
}

type Body = Box<dyn FnOnce() + Send>;

static JOBS: ServiceThread<Job> = ServiceThread::new("woozle-comms", work);
static CALLBACKS: ServiceThread<CallbackRun> = ServiceThread::new("woozle-callbacks", run_all);

/// What widgets do with comms. They stand on comms, so they leave it here; the host has them do so at its start.
pub(crate) struct WidgetProtocol {
    /// Takes a comm that a page has opened, if it is one of theirs.
    pub(crate) takes: fn(&Comm) -> bool,
    /// A page has closed the comm of this name.
    pub(crate) forget: fn(&str),
}

static WIDGET_PROTOCOL: OnceLock<WidgetProtocol> = OnceLock::new();

/// From now on widgets take part.
pub(crate) fn set_widget_protocol(widgets: WidgetProtocol) {
    let _ = WIDGET_PROTOCOL.set(widgets);
}

fn widget_protocol() -> Option<&'static WidgetProtocol> {
    WIDGET_PROTOCOL.get()
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
    CALLBACKS.send(CallbackRun { cell, header, body });
}

/// The way to a thread that is started at first need. Where it cannot be, the next need is the next occasion.
struct ServiceThread<T> {
    name: &'static str,
    work: fn(&Receiver<T>),
    sender: Mutex<Option<Sender<T>>>,
}

impl<T: Send + 'static> ServiceThread<T> {
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
        service_thread::spawn(self.name, move || work(&receiver))?;
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

fn run_all(runs: &Receiver<CallbackRun>) {
    for run in runs {
        ANSWERING.set(run.header);
        output::enter_task(Some(run.cell));
        // The panic hook has reported it.
        let _ = catch_unwind(AssertUnwindSafe(run.body));
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
    if widget_protocol().is_some_and(|widgets| (widgets.takes)(comm)) {
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
        let channel = self.0.clone();
        // Whoever was called when the comm was opened may only now have registered somebody.
        call_later(0, move || {
            let callbacks = lock(&channel.on_message).clone();
            for callback in callbacks {
                callback.run(|call| call(&message));
            }
        });
    }

    fn hear_close(&self) {
        self.0
            .open
            .store(false, std::sync::atomic::Ordering::SeqCst);
        if let Some(widgets) = widget_protocol() {
            (widgets.forget)(self.id());
        }
        let channel = self.0.clone();
        call_later(0, move || {
            let callbacks = lock(&channel.on_close).clone();
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
