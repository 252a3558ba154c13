//! What a front end asks of the debugger, request by request.

use std::sync::Arc;

use serde_json::{Value, json};

use super::attachment::Attachment;
use super::breakpoints;
use super::debugger::Debugger;
use super::find::HELP;
use super::frames;
use super::sources::{PREFIX, SEED, SUFFIX};
use super::variables::{self, SESSION};
use crate::server::{DebugEvents, Variable};

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
        session: &dyn Fn() -> Vec<Variable>,
    ) -> Result<Value, String> {
        match command {
            "debugInfo" => Ok(self.info()),
            "initialize" => self.initialize(),
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
                self.set_functions(|breakpoints| breakpoints.set_functions(wanted.unwrap_or_default()))
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
                Ok(variables::of_session(&session()))
            }
            "copyToGlobals" => Err("a variable of a call cannot become one of the session".into()),
            "" => Err("the request names no command".to_owned()),
            _ => self.pass_on(command, arguments),
        }
    }

    fn initialize(&self) -> Result<Value, String> {
        let attachment = self.state().attachment.is_some();
        let capabilities = match attachment {
            true => Ok(json!({})),
            false => self.begin_adapter().map(|begun| begun.capabilities),
        };
        // Without one, the session's variables are there nonetheless.
        Ok(match capabilities {
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
        })
    }

    fn info(&self) -> Value {
        let state = self.state();
        let breakpoints = state.breakpoints.all_lines();
        let breakpoints =
            breakpoints.map(|(path, lines)| json!({"source": path, "breakpoints": lines}));
        json!({
            "isStarted": state.is_on,
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
            return Err("the debugger is not on".to_owned());
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
                _ => Err(format!("`{command}` needs a program that runs under the debugger; {HELP}")),
            };
        };
        match command {
            "threads" => self.threads(&attachment),
            "stackTrace" => self.stack(&attachment, arguments),
            "scopes" => Ok(variables::scopes(attachment.adapter.ask(command, arguments)?)),
            "variables" => Ok(variables::shown(attachment.adapter.ask(command, arguments)?)),
            "continue" | "next" | "stepIn" | "stepOut" => {
                self.state().stopped.clear();
                attachment.adapter.ask(command, arguments)
            }
            "pause" => {
                self.state().pauses = true;
                attachment.adapter.ask(command, arguments)
            }
            _ => attachment.adapter.ask(command, arguments),
        }
    }

    fn threads(&self, attachment: &Attachment) -> Result<Value, String> {
        let mut body = attachment.adapter.ask("threads", &json!({}))?;
        if let Some(threads) = body["threads"].as_array_mut() {
            threads.retain(|thread| !frames::is_own(thread));
        }
        Ok(body)
    }

    fn stack(&self, attachment: &Attachment, arguments: &Value) -> Result<Value, String> {
        let body = attachment.adapter.ask("stackTrace", arguments)?;
        let frames = body["stackFrames"].as_array().cloned().unwrap_or_default();
        let state = self.state();
        let shown = frames
            .iter()
            .filter_map(|frame| frames::shown(frame, &state.sources, &state.shown));
        let shown: Vec<Value> = shown.collect();
        Ok(json!({"totalFrames": shown.len(), "stackFrames": shown}))
    }
}
