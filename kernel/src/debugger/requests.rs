//! What a front end asks of the debugger, request by request.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::breakpoints;
use super::control::Debugger;
use super::lldb::attachment::Attachment;
use super::sources::{PREFIX, SEED, SUFFIX};
use super::state::Exception;
use super::views::frames::{self, Calls};
use super::views::names;
use super::views::variables::{self, SESSION, STATICS};
use crate::compiler::names::{crate_name, mentions};
use crate::server::{DebugEvents, Variable};

/// Of more calls that a thread is in, nothing is shown.
const MOST_CALLS: u32 = 200;

/// What lldb-dap answers alone. It ends at a request that it does not know.
const UNCHANGED: [&str; 6] = [
    "completions",
    "dataBreakpointInfo",
    "disassemble",
    "setDataBreakpoints",
    "setVariable",
    "stepInTargets",
];

/// What is known of the session without asking its process.
pub trait Session {
    /// The variables, as they were before the cell that runs.
    fn variables(&self) -> Vec<Variable>;

    /// The names of its statics.
    fn statics(&self) -> Vec<String>;
}

impl Debugger {
    /// Answers a request; what it gives is the body of the answer. Waits for lldb-dap.
    ///
    /// # Errors
    /// Why not, for the user.
    pub fn answer(
        &self,
        command: &str,
        arguments: &Value,
        events: &DebugEvents,
        session: &dyn Session,
    ) -> Result<Value, String> {
        match command {
            "debugInfo" => Ok(self.info()),
            "initialize" => Ok(self.initialize(arguments)),
            "attach" | "launch" => {
                self.turn_on(Arc::clone(events))?;
                Ok(json!({}))
            }
            "configurationDone" => Ok(json!({})),
            "disconnect" | "terminate" => {
                self.turn_off();
                Ok(json!({}))
            }
            "dumpCell" => {
                let text = arguments["code"].as_str();
                let text = text.ok_or("the request has no text of a cell")?;
                Ok(json!({"sourcePath": self.state().sources.note_text(text)}))
            }
            "source" => self.source(arguments),
            "setBreakpoints" => self.set_breakpoints(arguments),
            "setFunctionBreakpoints" => {
                let wanted = arguments["breakpoints"].as_array().cloned();
                self.set_functions(|breakpoints| {
                    breakpoints.set_functions(wanted.unwrap_or_default())
                })
            }
            "setExceptionBreakpoints" => {
                let filters = arguments["filters"].as_array();
                let filters = filters.into_iter().flatten().filter_map(Value::as_str);
                let filters: Vec<String> = filters.map(str::to_owned).collect();
                self.set_functions(|breakpoints| breakpoints.set_filters(filters))?;
                Ok(json!({}))
            }
            "modules" => Ok(self.modules()),
            "variables" if arguments["variablesReference"] == json!(SESSION) => {
                let variables = session.variables();
                Ok(self.described(variables::of_session(&variables)))
            }
            "variables" if arguments["variablesReference"] == json!(STATICS) => {
                Ok(self.described(self.statics(&session.statics())))
            }
            "copyToGlobals" => Err("a variable of a call cannot become one of the session".into()),
            "" => Err("the request names no command".to_owned()),
            _ => self.pass_on(command, arguments),
        }
    }

    /// The session's variables, between two cells; and why there is no more than that, where who has clicked on the bug looks.
    pub fn inspected(&self, variables: &[Variable]) -> Value {
        let mut body = variables::of_session(variables);
        if let (Some(why), Some(shown)) = (self.problem(), body["variables"].as_array_mut()) {
            let name = "⚠ variables only";
            shown.insert(
                0,
                json!({"name": name, "type": why, "value": "", "variablesReference": 0}),
            );
        }
        self.described(body)
    }

    /// Variables as this front end shows them best.
    fn described(&self, mut body: Value) -> Value {
        if self.state().is_jupyterlab {
            let variables = body["variables"].as_array_mut();
            variables
                .into_iter()
                .flatten()
                .for_each(variables::describe);
        }
        body
    }

    fn initialize(&self, arguments: &Value) -> Value {
        self.state().is_jupyterlab = arguments["clientID"] == json!("jupyterlab");
        let attachment = self.state().attachment.is_some();
        let capabilities = match attachment {
            true => Ok(json!({})),
            false => self.begin_adapter().map(|begun| begun.capabilities),
        };
        // Without one, the session's variables are there nonetheless.
        match capabilities {
            Ok(capabilities) => json!({
                "supportsConfigurationDoneRequest": true,
                "supportsConditionalBreakpoints": true,
                "supportsHitConditionalBreakpoints": true,
                "supportsFunctionBreakpoints": true,
                "supportsLogPoints": true,
                "supportsExceptionInfoRequest": true,
                "supportsEvaluateForHovers": true,
                "supportsSetVariable": true,
                "exceptionBreakpointFilters": breakpoints::filters(),
                "__lldb": capabilities["__lldb"],
            }),
            Err(_) => json!({
                "supportsConfigurationDoneRequest": true,
                "exceptionBreakpointFilters": [],
            }),
        }
    }

    fn info(&self) -> Value {
        let state = self.state();
        let breakpoints = state.breakpoints.all_lines();
        let breakpoints =
            breakpoints.map(|(path, lines)| json!({"source": path, "breakpoints": lines}));
        json!({
            "isStarted": state.is_started,
            "hashMethod": "Murmur2",
            "hashSeed": SEED,
            "tmpFilePrefix": PREFIX,
            "tmpFileSuffix": SUFFIX,
            "breakpoints": breakpoints.collect::<Vec<_>>(),
            "stoppedThreads": state.stopped,
            "richRendering": true,
            "exceptionPaths": [],
            "copyToGlobals": false,
        })
    }

    fn source(&self, arguments: &Value) -> Result<Value, String> {
        let path = arguments["source"]["path"].as_str().unwrap_or_default();
        if let Some(text) = self.state().sources.text(path) {
            return Ok(json!({"content": text, "mimeType": "text/x-rustsrc"}));
        }
        match std::fs::read_to_string(path) {
            Ok(text) => Ok(json!({"content": text, "mimeType": "text/x-rustsrc"})),
            Err(error) => Err(format!("the source {path} cannot be read: {error}")),
        }
    }

    fn set_breakpoints(&self, arguments: &Value) -> Result<Value, String> {
        let path = arguments["source"]["path"].as_str();
        let path = path.ok_or("the request has no path of a source")?;
        let wanted = arguments["breakpoints"].as_array();
        let wanted = wanted.map_or(&[][..], Vec::as_slice);
        if !self.state().is_on {
            // Front ends show those that there are.
            return Ok(json!({"breakpoints": []}));
        }
        Ok(json!({"breakpoints": self.set_lines(path, wanted)}))
    }

    /// The sources that there are: cells that have run.
    fn modules(&self) -> Value {
        let state = self.state();
        let runs = state.sources.runs().map(|(number, path)| {
            let name = crate::compiler::names::cell_name(number);
            json!({"id": number, "name": name, "path": path})
        });
        let modules: Vec<Value> = runs.collect();
        json!({"totalModules": modules.len(), "modules": modules})
    }

    /// Has lldb-dap answer; with nothing, if nothing is attached.
    fn pass_on(&self, command: &str, arguments: &Value) -> Result<Value, String> {
        let attachment = self.state().attachment.clone();
        let Some(attachment) = attachment else {
            return match command {
                "threads" => Ok(json!({"threads": []})),
                "stackTrace" => Ok(json!({"stackFrames": [], "totalFrames": 0})),
                "scopes" => Ok(json!({"scopes": []})),
                "variables" => Ok(json!({"variables": []})),
                _ => Err(self
                    .problem()
                    .unwrap_or_else(|| "nothing runs under the debugger now".to_owned())),
            };
        };
        match command {
            "threads" => self.threads(&attachment),
            "stackTrace" => self.stack(&attachment, arguments),
            "scopes" => {
                self.state().frame = arguments["frameId"].clone();
                Ok(variables::scopes(
                    attachment.adapter.ask(command, arguments)?,
                ))
            }
            "variables" => {
                let answer = attachment.adapter.ask(command, arguments)?;
                Ok(self.described(variables::shown(answer)))
            }
            "continue" | "next" | "stepIn" | "stepOut" => {
                self.state().note_continued();
                attachment.adapter.ask(command, arguments)
            }
            "pause" => {
                self.state().pauses = true;
                attachment.adapter.ask(command, arguments)
            }
            "exceptionInfo" => match self.exception(&attachment) {
                Some((kind, text)) => Ok(json!({
                    "exceptionId": kind,
                    "description": text,
                    "breakMode": "always",
                })),
                None => Err("the program has not stopped at a panic or a crash".to_owned()),
            },
            "evaluate" => self.evaluate(&attachment, arguments),
            "richInspectVariables" => self.rich(&attachment, arguments),
            command if UNCHANGED.contains(&command) => attachment.adapter.ask(command, arguments),
            _ => Err(format!(
                "the debugger does not know the request `{command}`"
            )),
        }
    }

    /// The panic or the crash that has stopped the program: which of the two, and what is said of it.
    fn exception(&self, attachment: &Attachment) -> Option<(&'static str, String)> {
        let exception = self.state().exception.clone();
        match exception? {
            Exception::Crash(description) => Some(("crash", description)),
            Exception::Panic { thread } => {
                let message = attachment.panic_message(thread).unwrap_or_default();
                Some(("panic", format!("panic: {message}")))
            }
        }
    }

    fn threads(&self, attachment: &Attachment) -> Result<Value, String> {
        let body = attachment.adapter.ask("threads", &json!({}))?;
        let threads = body["threads"].as_array().map_or(&[][..], Vec::as_slice);
        Ok(json!({"threads": frames::threads_of_user(threads, attachment.process)}))
    }

    /// A thread's calls; those of the others follow, for a front end that asks for one thread alone.
    fn stack(&self, attachment: &Attachment, arguments: &Value) -> Result<Value, String> {
        let all = arguments["format"]["includeAll"] == json!(true);
        let stopped = &arguments["threadId"];
        let calls = self.calls(attachment, stopped, all)?;
        let mut frames = Vec::new();
        let is_jupyterlab = self.state().is_jupyterlab;
        if is_jupyterlab {
            let exception = self.exception(attachment);
            frames.extend(exception.and_then(|(_, text)| calls.label(&text)));
        }
        frames.extend(calls.shown);
        if is_jupyterlab {
            let threads = self.threads(attachment)?["threads"].take();
            let cells = self.cells_of_threads(attachment);
            let others = threads.as_array().into_iter().flatten();
            for thread in others.filter(|thread| thread["id"] != *stopped) {
                let calls = self.calls(attachment, &thread["id"], all)?;
                let cell = thread["id"].as_u64().and_then(|id| cells.get(&id));
                frames.extend(calls.headline(thread, cell.copied()));
                frames.extend(calls.shown);
            }
        }
        if frames.is_empty() {
            // Nothing of the user's runs: what there is then, is better than nothing.
            frames = self.calls(attachment, stopped, true)?.shown;
        }
        Ok(json!({"totalFrames": frames.len(), "stackFrames": frames}))
    }

    fn calls(&self, attachment: &Attachment, thread: &Value, all: bool) -> Result<Calls, String> {
        let arguments = json!({"threadId": thread, "startFrame": 0, "levels": MOST_CALLS});
        let mut body = attachment.adapter.ask("stackTrace", &arguments)?;
        // A call of a cell that was compiled before the debugger was on has no line, but a symbol with the crate's number.
        let text = body.to_string();
        if self.explain(attachment, |earlier| {
            mentions(&text, &crate_name(earlier.serial))
        }) {
            body = attachment.adapter.ask("stackTrace", &arguments)?;
        }
        let frames = body["stackFrames"]
            .as_array()
            .map_or(&[][..], Vec::as_slice);
        let state = self.state();
        Ok(Calls::of(frames, &state.sources, &state.others(), all))
    }

    /// The cells that have started the threads.
    fn cells_of_threads(&self, attachment: &Attachment) -> BTreeMap<u64, u32> {
        let answer = attachment.command("woozle_threads");
        let text = answer.map(|mut answer| answer["result"].take());
        let text = text.unwrap_or_default();
        let lines = text.as_str().unwrap_or_default().lines();
        let crates = &self.state().crates;
        let cells = lines.filter_map(|line| {
            let (thread, serial) = line.split_once(' ')?;
            Some((thread.parse().ok()?, *crates.get(&serial.parse().ok()?)?))
        });
        cells.collect()
    }

    /// The value of a variable, or of a field, by its path: LLDB knows no more of Rust's expressions. What begins with a backtick is a
    /// command of LLDB's.
    fn evaluate(&self, attachment: &Attachment, arguments: &Value) -> Result<Value, String> {
        let mut arguments = arguments.clone();
        let expression = arguments["expression"].as_str().unwrap_or_default();
        let context = if expression.starts_with('`') {
            "repl"
        } else {
            "watch"
        };
        arguments["context"] = json!(context);
        let mut body = attachment.adapter.ask("evaluate", &arguments)?;
        if let Some(ty) = body["type"].as_str() {
            let value = body["result"].as_str().unwrap_or_default();
            let (value, ty) = (variables::shown_value(value, ty), names::type_name(ty));
            body["result"] = json!(value);
            body["type"] = json!(ty);
        }
        Ok(body)
    }

    /// The statics that LLDB finds.
    fn statics(&self, names: &[String]) -> Value {
        let (attachment, frame) = {
            let state = self.state();
            (state.attachment.clone(), state.frame.clone())
        };
        let found = attachment.iter().flat_map(|attachment| {
            names.iter().filter_map(|name| {
                let arguments = json!({"expression": name, "context": "watch", "frameId": frame});
                let evaluated = attachment.adapter.ask("evaluate", &arguments).ok()?;
                Some(variables::of_static(name, &evaluated))
            })
        });
        json!({"variables": found.collect::<Vec<_>>()})
    }

    /// A variable of a call in all forms that it has.
    fn rich(&self, attachment: &Attachment, arguments: &Value) -> Result<Value, String> {
        let asked = json!({
            "expression": arguments["variableName"],
            "frameId": arguments["frameId"],
        });
        let found = self.evaluate(attachment, &asked)?;
        Ok(json!({"data": {"text/plain": found["result"]}, "metadata": {}}))
    }
}
