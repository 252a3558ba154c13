//! Calls and threads, as a user knows them.

use std::path::PathBuf;

use serde_json::{Value, json};
use woozle::protocol::without_crates;

use super::sources::Sources;
use crate::compiler::names::{ENTRY, cell_name, cell_of_name};

/// Threads of the runtime's own, by the beginning of their names.
const OWN_THREADS: &str = "woozle-";

/// Which calls are shown.
#[derive(Debug, Clone, Default)]
pub(super) struct Shown {
    /// All, those of std and of the runtime as well.
    pub(super) all: bool,
    /// Folders with code that is not the user's.
    pub(super) others: Vec<PathBuf>,
}

/// A call as it is shown; nothing if it is not the user's.
pub(super) fn shown(frame: &Value, sources: &Sources, shown: &Shown) -> Option<Value> {
    let source = &frame["source"];
    let file = source["name"].as_str().unwrap_or_default();
    let mut result = frame.clone();
    result["name"] = json!(function(frame["name"].as_str().unwrap_or_default()));
    if let Some(cell) = cell_of_name(file) {
        let path = sources.path_of_file(file);
        result["source"] = json!({"name": cell_name(cell), "path": path.unwrap_or(file)});
        return Some(result);
    }
    let path = source["path"].as_str().map(PathBuf::from);
    let is_users = path.is_some_and(|path| {
        path.is_file() && !shown.others.iter().any(|folder| path.starts_with(folder))
    });
    if result["source"].is_null() {
        // Front ends look for the path without asking whether there is a source.
        result["source"] = json!({"name": "", "path": ""});
    }
    (is_users || shown.all).then_some(result)
}

/// A function's name: without crates of cells, without its arguments' types.
pub(super) fn function(name: &str) -> String {
    let name = name.split_once('(').map_or(name, |(name, _)| name);
    let plain = without_crates(name);
    match plain.rsplit("::").next().and_then(|last| last.strip_prefix(ENTRY)) {
        Some(_) => "the cell's statements".to_owned(),
        None => plain,
    }
}

/// Whether a thread is the runtime's own.
pub(super) fn is_own(thread: &Value) -> bool {
    let name = thread["name"].as_str().unwrap_or_default();
    name.starts_with(OWN_THREADS)
}

/// What a thread without a call of the user's at the top does for the user: the function that the user's code has called.
pub(super) fn called(frames: &[Value], sources: &Sources, which: &Shown) -> Option<String> {
    let first = frames
        .iter()
        .position(|frame| shown(frame, sources, which).is_some())?;
    let called = &frames[first.checked_sub(1)?]["name"];
    Some(function(called.as_str()?))
}
