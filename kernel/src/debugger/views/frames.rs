//! Calls and threads, as a user knows them.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::names;
use crate::compiler::names::{ENTRY, cell_name, cell_of_name, serial_of_crate};
use crate::debugger::sources::Sources;

/// What the names of the runtime's own threads begin with, but for the main one.
const OWN_THREADS: &str = "woozle-";
const MAIN_THREAD: &str = "main";

/// A thread's calls.
#[derive(Debug)]
pub(in crate::debugger) struct Calls {
    /// Those that are shown, the innermost first.
    pub(in crate::debugger) shown: Vec<Value>,
    /// What the innermost of them has called that is not shown.
    called: Option<String>,
}

impl Calls {
    /// Those of LLDB's frames that are the user's; all of them if that is asked for, or if there are no others.
    pub(in crate::debugger) fn of(
        frames: &[Value],
        sources: &Sources,
        others: &[PathBuf],
        all: bool,
    ) -> Self {
        let of_users = |frame: &&Value| is_users(frame, others);
        let first = frames.iter().position(|frame| of_users(&frame));
        let called = first.and_then(|first| frames.get(first.checked_sub(1)?));
        let called = called.and_then(|frame| names::function(frame["name"].as_str()?));
        let is_shown = |frame: &&Value| all || of_users(frame);
        let shown = frames.iter().filter(is_shown);
        Self {
            shown: shown.map(|frame| shown_frame(frame, sources)).collect(),
            called,
        }
    }

    /// A line for a thread that is not the one that has stopped, and that this cell has started, at the place of its innermost call.
    pub(in crate::debugger) fn headline(&self, thread: &Value, cell: Option<u32>) -> Option<Value> {
        let name = thread_name(thread);
        let origin = cell.filter(|_| name != MAIN_THREAD).map(cell_name);
        let origin = origin.map_or_else(String::new, |cell| format!(" of {cell}"));
        let doing = self.called.as_ref();
        let doing = doing.map_or_else(String::new, |called| format!(", in {called}"));
        self.label(&format!("thread {name}{origin}{doing}"))
    }

    /// A line with this text at the place of the innermost call.
    pub(in crate::debugger) fn label(&self, text: &str) -> Option<Value> {
        let mut line = self.shown.first()?.clone();
        line["name"] = json!(format!("── {text} ──"));
        line["presentationHint"] = json!("label");
        Some(line)
    }
}

/// The cell in which a call's line is.
fn cell(frame: &Value) -> Option<u32> {
    cell_of_name(frame["source"]["name"].as_str()?)
}

/// Whether a call is in a cell, or in another source of the user's: one that is there, and not in these folders.
fn is_users(frame: &Value, others: &[PathBuf]) -> bool {
    let path = frame["source"]["path"].as_str().map(Path::new);
    cell(frame).is_some()
        || is_without_lines(frame)
        || path.is_some_and(|path| {
            path.is_file() && !others.iter().any(|folder| path.starts_with(folder))
        })
}

/// Whether a call is of a function of a cell of which LLDB knows no more than the symbol: it was compiled before the debugger was on.
fn is_without_lines(frame: &Value) -> bool {
    let name = frame["name"].as_str().unwrap_or_default();
    let krate = name.split("::").next().and_then(serial_of_crate);
    krate.is_some() && frame["source"].is_null() && !name.contains(ENTRY)
}

/// A call as it is shown.
fn shown_frame(frame: &Value, sources: &Sources) -> Value {
    let mut shown = frame.clone();
    let cell = cell(frame).map(cell_name);
    let name = frame["name"].as_str().unwrap_or_default();
    let function = names::function(name).or_else(|| cell.clone());
    shown["name"] = json!(function.unwrap_or_else(|| name.to_owned()));
    let file = frame["source"]["name"].as_str().unwrap_or_default();
    if let Some(cell) = cell {
        let path = sources.path_of_file(file).unwrap_or(file);
        shown["source"] = json!({"name": cell, "path": path});
    } else if shown["source"].is_null() {
        // Front ends look for the path without asking whether there is a source.
        shown["source"] = json!({"name": "", "path": ""});
    }
    shown
}

/// The threads of a list that are not the runtime's own.
pub(in crate::debugger) fn threads_of_user(threads: &[Value], process: u32) -> Vec<Value> {
    let mut users: Vec<Value> = threads.to_vec();
    for thread in &mut users {
        if thread["id"] == json!(process) {
            thread["name"] = json!(MAIN_THREAD);
        }
    }
    users.retain(|thread| !thread_name(thread).starts_with(OWN_THREADS));
    users
}

fn thread_name(thread: &Value) -> &str {
    thread["name"].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(id: u32, name: &str, file: &str, line: u32) -> Value {
        let source = json!({"name": file, "path": format!("/cache/session/{file}")});
        json!({"id": id, "name": name, "line": line, "source": source})
    }

    fn stack() -> Vec<Value> {
        vec![
            json!({"id": 1, "name": "syscall"}),
            frame(
                2,
                "woozle::threading::lock::Lock::acquire::h0123456789abcdef",
                "lock.rs",
                9,
            ),
            frame(3, "cell_7::left::h0123456789abcdef", "cell [1]\u{200b}", 4),
            frame(4, "cell_7::entry(int)", "lib.rs", 1),
            frame(
                5,
                "woozle_cell_8::_$u7b$$u7b$closure$u7d$$u7d$::h0123456789abcdef",
                "cell [2]",
                1,
            ),
        ]
    }

    #[test]
    fn calls_of_the_user_are_shown() {
        let mut sources = Sources::default();
        let path = sources.note_run(1, "fn left() {}");
        let calls = Calls::of(&stack(), &sources, &["/cache".into()], false);
        let names: Vec<&str> = calls
            .shown
            .iter()
            .filter_map(|f| f["name"].as_str())
            .collect();
        assert_eq!(names, ["left", "cell [2]"]);
        assert_eq!(
            calls.shown[0]["source"],
            json!({"name": "cell [1]", "path": path})
        );
        let all = Calls::of(&stack(), &sources, &["/cache".into()], true);
        assert_eq!(all.shown.len(), 5);
    }

    #[test]
    fn a_threads_headline_says_where_it_comes_from_and_what_it_is_in() {
        let calls = Calls::of(&stack(), &Sources::default(), &["/cache".into()], false);
        let line = calls
            .headline(&json!({"id": 9, "name": "eater"}), Some(2))
            .expect("a line");
        assert_eq!(
            line["name"],
            "── thread eater of cell [2], in Lock::acquire ──"
        );
        assert_eq!(line["line"], 4);
        let none = Calls::of(
            &stack()[..2],
            &Sources::default(),
            &["/cache".into()],
            false,
        );
        assert!(none.headline(&json!({"name": "eater"}), None).is_none());
    }

    #[test]
    fn a_cells_function_without_lines_is_shown_nonetheless() {
        let frames = [json!({"id": 3, "name": "cell_7::left::h0123456789abcdef"})];
        let calls = Calls::of(&frames, &Sources::default(), &[], false);
        assert_eq!(calls.shown[0]["name"], "left");
        assert_eq!(calls.shown[0]["source"]["path"], "");
    }

    #[test]
    fn the_runtimes_own_threads_are_not_shown() {
        let threads = [
            json!({"id": 5, "name": "woozle-host"}),
            json!({"id": 6, "name": "woozle-io"}),
            json!({"id": 7, "name": "eater"}),
        ];
        let users = threads_of_user(&threads, 5);
        let names: Vec<&str> = users.iter().map(thread_name).collect();
        assert_eq!(names, ["main", "eater"]);
    }
}
