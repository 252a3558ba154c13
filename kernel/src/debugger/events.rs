//! What lldb-dap says by itself.

use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, Weak};

use serde_json::{Value, json};

use super::breakpoints::is_crash;
use super::lldb::attachment::Attachment;
use super::state::{Exception, State};
use crate::system::lock::LockUnpoisoned as _;

/// Whether a process has not ended.
fn is_alive(process: u32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"));
    let state = status.ok().and_then(|status| {
        let state = status
            .lines()
            .find_map(|line| line.strip_prefix("State:"))?;
        state.trim().chars().next()
    });
    state.is_some_and(|state| !matches!(state, 'Z' | 'X'))
}

/// Takes in what lldb-dap says by itself.
pub(super) struct EventHandler {
    pub(super) state: Weak<Mutex<State>>,
    pub(super) attachment: Arc<Attachment>,
}

impl EventHandler {
    /// Takes in all, until there is no more.
    pub(super) fn run(&self, events: &Receiver<Value>) {
        for event in events {
            let Some(state) = self.state.upgrade() else {
                return;
            };
            let body = &event["body"];
            match event["event"].as_str().unwrap_or_default() {
                "stopped" => self.stopped(&state, body),
                "continued" => state.lock_unpoisoned().note_continued(),
                "exited" | "terminated" => break, // another host may follow
                _ => {}
            }
        }
        if let Some(state) = self.state.upgrade() {
            let mut state = state.lock_unpoisoned();
            if state.is_current(&self.attachment) {
                state.attachment = None;
                state.note_continued();
                if is_alive(self.attachment.process) {
                    state.note_lost();
                }
            }
        }
    }

    fn stopped(&self, state: &Mutex<State>, body: &Value) {
        let thread = body["threadId"].as_i64().unwrap_or_default();
        let description = body["description"].as_str().unwrap_or_default();
        let repeats = self.attachment.repeats(description);
        let mut state = state.lock_unpoisoned();
        // What crashes comes by twice: the runtime notes where, and lets it happen once more.
        let is_crash = is_crash(description);
        let is_known = is_crash && std::mem::replace(&mut state.crashes, true);
        if state.passes || is_known || repeats {
            drop(state);
            let go = json!({"threadId": thread});
            let _ = self.attachment.adapter.send("continue", &go);
            return;
        }
        let mut body = body.clone();
        let thread = match std::mem::take(&mut state.pauses) {
            // Whichever thread the system has stopped first; the user thinks of the cell.
            true => i64::from(self.attachment.process),
            false => thread,
        };
        body["threadId"] = json!(thread);
        state.exception = match self.attachment.is_panic(description) {
            true => Some(Exception::Panic { thread }),
            false => is_crash.then(|| Exception::Crash(description.to_owned())),
        };
        if state.exception.is_some() {
            body["reason"] = json!("exception");
        }
        state.stopped.insert(thread);
        state.tell("stopped", body);
    }
}
