//! The debugger, asked as JupyterLab asks it, with a real lldb-dap.

mod breakpoints;
mod faults;
mod recovery;
mod stops;
mod threads;
mod variables;

use serde_json::{Value, json};
use woozle_kernel::wire::Content;
use woozle_kernel::wire::content::{DebugRequest, Reply};

use crate::support::Session;

/// A session with a debugger.
pub(crate) struct Debugged {
    pub(crate) session: Session,
    seq: u32,
}

/// A call of a stopped program.
#[derive(Debug)]
struct Frame {
    id: Value,
    name: String,
    line: u64,
    path: String,
}

impl Debugged {
    /// A session whose debugger is on.
    fn on() -> Self {
        let mut debugged = Self::off(Session::start());
        debugged.turn_on();
        debugged
    }

    /// A session whose debugger is not on.
    fn off(session: Session) -> Self {
        Self { session, seq: 0 }
    }

    fn turn_on(&mut self) {
        self.ask("initialize", json!({"clientID": "jupyterlab"}));
        self.ask("attach", json!({}));
        self.event("initialized");
    }

    fn answer(&mut self, command: &str, arguments: Value) -> Value {
        self.seq += 1;
        let request =
            json!({"type": "request", "seq": self.seq, "command": command, "arguments": arguments});
        let request = DebugRequest(request.as_object().cloned().expect("an object"));
        match self.session.ask_control(request) {
            Content::DebugReply(Reply::Ok(reply)) => {
                assert_eq!(reply.fields["request_seq"], self.seq);
                Value::Object(reply.fields)
            }
            other => panic!("not a debug_reply: {other:?}"),
        }
    }

    /// What a request gives.
    #[track_caller]
    fn ask(&mut self, command: &str, arguments: Value) -> Value {
        let mut answer = self.answer(command, arguments);
        assert_eq!(answer["success"], true, "{command}: {answer}");
        answer["body"].take()
    }

    /// Why a request is refused.
    #[track_caller]
    fn refusal(&mut self, command: &str, arguments: Value) -> String {
        let answer = self.answer(command, arguments);
        assert_eq!(answer["success"], false, "{command}: {answer}");
        answer["message"].as_str().expect("a text").to_owned()
    }

    /// Sets breakpoints in a cell's text, as a click in its gutter does.
    fn set(&mut self, code: &str, lines: &[u64]) -> Vec<Value> {
        let lines = lines.iter().map(|line| json!({"line": line}));
        self.set_all(code, lines.collect())
    }

    fn set_all(&mut self, code: &str, breakpoints: Vec<Value>) -> Vec<Value> {
        let source = self.ask("dumpCell", json!({"code": code}))["sourcePath"].take();
        let arguments = json!({
            "source": {"path": source},
            "breakpoints": breakpoints,
            "sourceModified": false,
        });
        let body = self.ask("setBreakpoints", arguments);
        body["breakpoints"].as_array().expect("a list").clone()
    }

    /// Waits for an event; gives its body.
    fn event(&mut self, name: &str) -> Value {
        self.session.hear_event(name)
    }

    /// Waits until the program stops; gives the thread.
    fn stop(&mut self) -> Value {
        self.event("stopped")["threadId"].take()
    }

    /// The calls that JupyterLab shows.
    fn stack(&mut self, thread: &Value) -> Vec<Frame> {
        let body = self.ask("stackTrace", json!({"threadId": thread}));
        let frames = body["stackFrames"].as_array().expect("a list");
        frames
            .iter()
            .map(|frame| Frame {
                id: frame["id"].clone(),
                name: frame["name"].as_str().expect("a name").to_owned(),
                line: frame["line"].as_u64().expect("a line"),
                path: frame["source"]["path"].as_str().expect("a path").to_owned(),
            })
            .collect()
    }

    /// The variables of a call in the scope of this name, as `name: type = value`.
    fn scope(&mut self, frame: &Frame, name: &str) -> Vec<String> {
        let body = self.ask("scopes", json!({"frameId": frame.id}));
        let scopes = body["scopes"].as_array().expect("a list");
        let scope = scopes.iter().find(|scope| scope["name"] == name);
        let reference = scope.expect("a scope")["variablesReference"].clone();
        let body = self.ask("variables", json!({"variablesReference": reference}));
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let variables = body["variables"].as_array().expect("a list");
        let shown = variables.iter();
        shown
            .map(|v| format!("{}: {}", text(&v["name"]), text(&v["value"])))
            .collect()
    }

    fn go(&mut self, thread: &Value) {
        self.ask("continue", json!({"threadId": thread}));
    }

    /// Stops at a breakpoint in a fresh function, and goes on: everything works.
    #[track_caller]
    fn works(&mut self) {
        let code = "fn still_works(n: u8) -> u8 {\n    n + 1\n}";
        self.session.run(code).ok();
        self.set(code, &[2]);
        let running = self.session.send("still_works(41)");
        let thread = self.stop();
        assert_eq!(self.stack(&thread)[0].name, "still_works");
        self.go(&thread);
        self.session.finish(&running).gives("42");
        self.set(code, &[]);
    }
}

/// Asserts that a list of texts has one with these words.
#[track_caller]
fn has(texts: &[String], words: &str) {
    assert!(
        texts.iter().any(|text| text.contains(words)),
        "{words} in {texts:#?}"
    );
}
