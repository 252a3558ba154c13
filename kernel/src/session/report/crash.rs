//! Where a process was when it crashed, and what a cell says of that.

use std::os::unix::process::ExitStatusExt;

use rustix::process::Signal;
use woozle::protocol::Place;
use woozle::protocol::crash::{Cause, Crash};

use super::errors::CellError;
use super::place::{BLUE, OFF, excerpt, shown};
use super::spelling::bytes_shown;
use crate::backtrace::{self, Call, Explainer};
use crate::compiler::diagnostics::Cells;
use crate::compiler::driver::Compiler;
use crate::compiler::syntax::source::cell_of_name;
use crate::host::Death;

/// Calls in a report at most.
const MOST: usize = 12;

/// Where a cell's process was when it ended by itself.
#[derive(Debug)]
pub(crate) struct CrashReport {
    /// How it ended.
    how: String,
    /// The user's functions that were being called, the innermost first, with how many times in a row.
    calls: Vec<(String, Place, u64)>,
}

impl CrashReport {
    /// Finds out where a host was when it ended.
    pub(crate) fn of(death: &Death, compiler: &Compiler, memory_limit: Option<u64>) -> Self {
        let Some(crash) = &death.crash else {
            let mut how = death.to_string();
            if death.status.signal() == Some(Signal::KILL.as_raw()) {
                how.push_str(", by another process or for want of memory");
            }
            return Self {
                how,
                calls: Vec::new(),
            };
        };
        let calls = Explainer::new(&crash.maps, compiler).calls(&crash.frames);
        let mut users = backtrace::users(&calls);
        users.retain(|(_, place)| is_users(place, compiler));
        // Where the panic was that could not unwind: its frames are gone.
        let by_panic = calls
            .iter()
            .any(|call| call.function.contains("panic_in_cleanup"));
        if by_panic
            && let Some((_, Some(place))) = &crash.last_panic
            && cell_of_name(&place.file).is_some()
        {
            users.insert(0, ("the destructor".to_owned(), place.clone()));
        }
        Self {
            how: cause(death, crash, &calls, memory_limit),
            calls: joined(&users, crash.left_out),
        }
    }
}

/// Whether a place is in the text of a cell, not in what is generated after it.
fn is_users(place: &Place, compiler: &Compiler) -> bool {
    let cell = cell_of_name(&place.file).and_then(|cell| compiler.cells.get(&cell));
    cell.is_none_or(|source| place.line as usize <= source.text.split('\n').count())
}

/// How a process ended, by what it was doing.
fn cause(death: &Death, crash: &Crash, calls: &[Call], memory_limit: Option<u64>) -> String {
    // The names that std's functions have had for long; if one changes, the report says less.
    let in_function = |names: &[&str]| {
        calls
            .iter()
            .any(|call| names.iter().any(|name| call.function.contains(name)))
    };
    if matches!(crash.cause, Cause::Exit(_)) {
        return format!("{death}, by a call of exit");
    }
    if in_function(&["handle_alloc_error", "rust_oom", "alloc_error_handler"]) {
        let limit = memory_limit.map_or_else(String::new, |limit| {
            format!("; the limit is {}", bytes_shown(limit))
        });
        return format!("out of memory, {death}{limit}");
    }
    let message = crash.last_panic.as_ref().map(|(message, _)| &**message);
    let message = message.unwrap_or_default();
    if in_function(&["panic_in_cleanup"]) {
        return format!(
            "{death}, since a destructor panicked while another panic unwound: {message}"
        );
    }
    if in_function(&[
        "panic_nounwind",
        "panic_null_pointer_dereference",
        "panic_misaligned_pointer_dereference",
    ]) {
        return format!("{death}: {message}");
    }
    if in_function(&["panic_cannot_unwind"]) {
        return format!("{death}, since a panic cannot leave this function: {message}");
    }
    death.to_string()
}

/// Calls of one place in a row are one entry. `left_out` calls are missing in the middle of a deep stack.
fn joined(calls: &[(String, Place)], left_out: u64) -> Vec<(String, Place, u64)> {
    let mut joined: Vec<(String, Place, u64)> = Vec::new();
    for (function, place) in calls {
        match joined.last_mut() {
            Some((_, last, times)) if last == place => *times += 1,
            _ => joined.push((function.clone(), place.clone(), 1)),
        }
    }
    if left_out > 0
        && let Some(longest) = joined.iter_mut().max_by_key(|(_, _, times)| *times)
    {
        longest.2 += left_out;
    }
    joined.truncate(MOST);
    joined
}

/// The end of the process that the cell ran in by an interrupt; `left` says what the session still has.
pub(crate) fn killed_by_interrupt(left: &str) -> CellError {
    let how = "the cell was interrupted, and its process ended, since it did not stop by itself";
    CellError::new("KeyboardInterrupt", &format!("{how}. {left}."))
}

/// The end of the process that the cell ran in; `left` says what there still is.
pub(crate) fn crashed(crashed: &CrashReport, left: &str, cells: &Cells) -> CellError {
    let message = format!("the cell's process ended ({}). {left}.", crashed.how);
    crash(&message, crashed, cells)
}

/// As [`crashed`], where no cell ran: for the cell that started the thread which did it.
pub(crate) fn crashed_between_cells(crashed: &CrashReport, left: &str, cells: &Cells) -> String {
    let message = format!(
        "the session's process ended between two cells ({}). {left}.",
        crashed.how
    );
    crash(&message, crashed, cells).traceback.join("\n")
}

/// What a thread that has crashed did, for whoever waits for it.
pub(crate) fn thread_crashed(death: &Death, crashed: &CrashReport, cells: &Cells) -> String {
    let place = crashed.calls.first();
    let place = place.map_or_else(String::new, |(_, place, _)| {
        format!(", at {}", shown(place, cells))
    });
    format!("crashed: {}{place}", death.cause())
}

fn crash(message: &str, crashed: &CrashReport, cells: &Cells) -> CellError {
    let mut error = CellError::new("crash", message);
    if let Some((_, place, _)) = crashed.calls.first() {
        error.traceback.push(excerpt(place, cells));
    }
    let several = crashed.calls.len() > 1 || crashed.calls.iter().any(|(_, _, times)| *times > 1);
    for (function, place, times) in crashed.calls.iter().filter(|_| several) {
        let times = match times {
            1 => String::new(),
            times => format!(", {times} times"),
        };
        let line = format!(
            "{BLUE}  in{OFF} {function} at {}{times}",
            shown(place, cells)
        );
        error.traceback.push(line);
    }
    error
}
