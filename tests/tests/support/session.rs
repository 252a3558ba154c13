//! A kernel and its client: cells are sent, and everything is sorted by the cell that it belongs to.

use std::collections::HashMap;
use std::process::{Command, ExitStatus};
use std::time::Duration;

use serde_json::Value;
use tokio::runtime::Runtime;
use tokio::time::{Instant, timeout_at};
use woozle_kernel::notebook::KernelClient;
use woozle_kernel::wire::content::{
    CompleteReply, CompleteRequest, DebugEvent, ExecuteRequest, InputReply, InspectReply,
    InspectRequest, InterruptRequest, KernelInfoRequest, Reply, ShutdownRequest,
};
use woozle_kernel::wire::{Content, Message};

use super::{Cell, Kernel};

/// For a kernel's first answer, with the building of the runtime.
const START: Duration = Duration::from_secs(600);
/// For everything else. It is only there to end a test that hangs.
const LIMIT: Duration = Duration::from_secs(120);
/// What the failure of a test that hangs says.
pub(crate) const TOO_LATE: &str = "has not come within";

/// A cell that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Request(String);

pub(crate) struct Session {
    client: KernelClient,
    cells: HashMap<Request, Cell>,
    /// Messages that belong to no cell.
    others: Vec<Message>,
    /// Prompts that have not been answered.
    prompts: HashMap<Request, Message>,
    runtime: Runtime,
    pub(crate) kernel: Kernel,
}

impl Session {
    /// Starts a kernel that is ready to run cells.
    pub(crate) fn start() -> Self {
        Self::start_with(|_| {})
    }

    /// As [`start`](Self::start), with settings for the kernel's command.
    pub(crate) fn start_with(settings: impl FnOnce(&mut Command)) -> Self {
        let mut session = Self::connect(Kernel::start(settings));
        session.wait_until_ready();
        session
    }

    /// Waits until a cell can run: the runtime may have to be built before.
    pub(crate) fn wait_until_ready(&mut self) {
        // Without an execution count of its own, so that the test's first cell is `[1]`.
        let first = self.send_request(ExecuteRequest {
            silent: true,
            ..ExecuteRequest::new("")
        });
        self.within(START, "the first answer", |session| {
            session.cell(&first).is_done()
        });
    }

    /// Connects to a kernel, and waits until nothing that it sends can be missed.
    pub(crate) fn connect(mut kernel: Kernel) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let connection = kernel.connection.clone();
        let connecting = async {
            let connecting = tokio::time::timeout(LIMIT, KernelClient::connect(&connection));
            match connecting.await {
                Ok(Ok(client)) => client,
                other => panic!(
                    "no connection: {:?}; it has ended: {:?}; it said: {}",
                    other.map(|client| client.err()),
                    kernel.has_ended(),
                    kernel.said()
                ),
            }
        };
        let mut session = Self {
            client: runtime.block_on(connecting),
            cells: HashMap::new(),
            others: Vec::new(),
            prompts: HashMap::new(),
            runtime,
            kernel,
        };
        session.send_shell(KernelInfoRequest {});
        session.until("its greeting", |session| {
            session.has(|content| matches!(content, Content::IopubWelcome(_)))
                && session.has(|content| matches!(content, Content::KernelInfoReply(_)))
        });
        session
    }

    /// Runs a cell as JupyterLab does, until it is answered.
    pub(crate) fn run(&mut self, code: &str) -> Cell {
        let request = self.send(code);
        self.finish(&request)
    }

    /// Runs a cell as nbclient does, which takes no output after the answer.
    pub(crate) fn run_headless(&mut self, code: &str) -> Cell {
        let request = self.send_headless(code);
        self.finish(&request)
    }

    pub(crate) fn send(&mut self, code: &str) -> Request {
        self.send_request(ExecuteRequest {
            stop_on_error: false,
            ..ExecuteRequest::new(code)
        })
    }

    pub(crate) fn send_headless(&mut self, code: &str) -> Request {
        self.send_request(ExecuteRequest {
            allow_stdin: false,
            stop_on_error: false,
            ..ExecuteRequest::new(code)
        })
    }

    pub(crate) fn send_request(&mut self, request: ExecuteRequest) -> Request {
        let cell = Cell::new(&request.code);
        let request = self.send_shell(request);
        self.cells.insert(request.clone(), cell);
        request
    }

    /// Waits until a cell asks for input, and answers.
    pub(crate) fn type_line(&mut self, request: &Request, line: &str) {
        self.until("a prompt", |session| session.prompts.contains_key(request));
        let prompt = self.prompts.remove(request).expect("it has come");
        let value = line.to_owned();
        let sent = self.client.answer(&prompt, InputReply { value });
        self.runtime.block_on(sent).expect("sent");
    }

    /// Waits until a cell is answered.
    pub(crate) fn finish(&mut self, request: &Request) -> Cell {
        self.until("the answer", |session| session.cell(request).is_done());
        self.cell(request).clone()
    }

    /// As [`finish`](Self::finish), for a cell that takes longer.
    pub(crate) fn finish_within(&mut self, limit: Duration, request: &Request) -> Cell {
        self.within(limit, "the answer", |session| {
            session.cell(request).is_done()
        });
        self.cell(request).clone()
    }

    /// Waits until so much of a cell's output has come, be it late or not.
    pub(crate) fn wait_for(&mut self, request: &Request, enough: impl Fn(&Cell) -> bool) -> Cell {
        self.until("the output", |session| enough(session.cell(request)));
        self.cell(request).clone()
    }

    /// What has come of a cell so far.
    pub(crate) fn cell(&self, request: &Request) -> &Cell {
        &self.cells[request]
    }

    /// Lets go of a cell that is answered: whatever still comes of it counts as astray.
    pub(crate) fn forget(&mut self, request: &Request) {
        self.cells.remove(request);
    }

    /// Lets go of what belongs to no cell, and gives what there is of output.
    pub(crate) fn take_stray_output(&mut self) -> Vec<Message> {
        let mut others = std::mem::take(&mut self.others);
        others.retain(|message| {
            matches!(
                message.content,
                Content::Stream(_) | Content::ExecuteResult(_) | Content::Error(_)
            )
        });
        others
    }

    /// Asks on shell, and gives the answer, which comes also while a cell runs.
    pub(crate) fn ask(&mut self, content: impl Into<Content>) -> Content {
        let request = self.send_shell(content);
        self.answer(&request)
    }

    /// What can stand at the end of this code.
    pub(crate) fn complete(&mut self, code: &str) -> CompleteReply {
        let request = CompleteRequest {
            code: code.to_owned(),
            cursor_pos: code.chars().count(),
        };
        match self.ask(request) {
            Content::CompleteReply(Reply::Ok(reply)) => reply,
            other => panic!("not a complete_reply: {other:?}"),
        }
    }

    /// The page of the name at the end of this code.
    pub(crate) fn inspect(&mut self, code: &str) -> InspectReply {
        let request = InspectRequest {
            code: code.to_owned(),
            cursor_pos: code.chars().count(),
            detail_level: 0,
        };
        match self.ask(request) {
            Content::InspectReply(Reply::Ok(reply)) => reply,
            other => panic!("not an inspect_reply: {other:?}"),
        }
    }

    /// Asks on control.
    pub(crate) fn ask_control(&mut self, content: impl Into<Content>) -> Content {
        let sent = self.runtime.block_on(self.client.control(content));
        self.answer(&Request(sent.expect("sent")))
    }

    /// Sends on shell what has no answer.
    pub(crate) fn tell(&mut self, content: impl Into<Content>) {
        self.send_shell(content);
    }

    /// Sends on control, without waiting for the answer.
    pub(crate) fn tell_control(&mut self, content: impl Into<Content>) {
        self.send_control(content);
    }

    /// Waits until this has been said outside any cell.
    pub(crate) fn hear(&mut self, content: &Content) {
        self.until("what was to be heard", |session| {
            session.has(|other| other == content)
        });
    }

    /// Waits for an event of the debugger; gives its body.
    pub(crate) fn hear_event(&mut self, name: &str) -> Value {
        let is_it = |message: &Message| match &message.content {
            Content::DebugEvent(DebugEvent(event)) => event["event"] == name,
            _ => false,
        };
        self.until(name, |session| session.others.iter().any(is_it));
        let place = self.others.iter().position(is_it);
        match self.others.remove(place.expect("it has come")).content {
            Content::DebugEvent(DebugEvent(mut event)) => event["body"].take(),
            other => panic!("not a debug_event: {other:?}"),
        }
    }

    fn answer(&mut self, request: &Request) -> Content {
        let is_answer = |message: &Message| {
            let parent = message.parent_header.as_ref();
            parent.is_some_and(|parent| parent.msg_id == request.0)
                && message.header.msg_type.ends_with("_reply")
        };
        self.until("the answer", |session| session.others.iter().any(is_answer));
        let place = self.others.iter().position(is_answer);
        self.others.swap_remove(place.expect("it has come")).content
    }

    /// Asks the kernel to interrupt the cell that runs, and waits for its answer to that.
    pub(crate) fn interrupt(&mut self) {
        self.interrupts(1);
    }

    /// Interrupts twice: the second one comes while the first one is under way.
    pub(crate) fn interrupt_twice(&mut self) {
        self.interrupts(2);
    }

    /// Waits for all answers: an interrupt that is late would be for the next cell.
    fn interrupts(&mut self, times: usize) {
        let send = |_| {
            self.runtime
                .block_on(self.client.control(InterruptRequest {}))
        };
        let sent: Vec<_> = (0..times).map(send).collect();
        for sent in sent {
            let answer = self.answer(&Request(sent.expect("sent")));
            assert!(matches!(answer, Content::InterruptReply(_)), "{answer:?}");
        }
    }

    /// Asks the kernel to end, and waits for its process's end.
    pub(crate) fn shut_down(&mut self) -> ExitStatus {
        self.send_control(ShutdownRequest { restart: false });
        self.until("the answer to the shutdown", |session| {
            session.has(|content| matches!(content, Content::ShutdownReply(_)))
        });
        self.kernel.wait()
    }

    fn send_shell(&mut self, content: impl Into<Content>) -> Request {
        let sent = self.runtime.block_on(self.client.request(content));
        Request(sent.expect("sent"))
    }

    fn send_control(&mut self, content: impl Into<Content>) {
        let sent = self.runtime.block_on(self.client.control(content));
        sent.expect("sent");
    }

    fn has(&self, which: impl Fn(&Content) -> bool) -> bool {
        self.others.iter().any(|message| which(&message.content))
    }

    fn until(&mut self, what: &str, done: impl Fn(&Self) -> bool) {
        self.within(LIMIT, what, done);
    }

    /// Takes messages until this holds.
    fn within(&mut self, limit: Duration, what: &str, done: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + limit;
        while !done(self) {
            let next = async { timeout_at(deadline, self.client.receive()).await };
            match self.runtime.block_on(next) {
                Ok(Some((_, message))) => self.take(message),
                Ok(None) | Err(_) => self.give_up(limit, what),
            }
        }
    }

    fn take(&mut self, message: Message) {
        let parent = message.parent_header.as_ref();
        let request = parent.map(|parent| Request(parent.msg_id.clone()));
        if let (Some(request), Content::InputRequest(_)) = (&request, &message.content) {
            self.prompts.insert(request.clone(), message.clone());
        }
        match request.and_then(|request| self.cells.get_mut(&request)) {
            Some(cell) => cell.take(message.content),
            None => self.others.push(message),
        }
    }

    fn give_up(&mut self, limit: Duration, what: &str) -> ! {
        panic!(
            "{what} {TOO_LATE} {limit:?}; the kernel's end: {:?}; it said: {}\nso far: {:#?}",
            self.kernel.has_ended(),
            self.kernel.said(),
            self.cells.values().collect::<Vec<_>>(),
        );
    }
}
