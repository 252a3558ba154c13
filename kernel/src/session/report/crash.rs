//! What becomes of a cell that crashes or hangs, told with the user's functions and lines.

use std::os::unix::process::ExitStatusExt;

use rustix::process::Signal;
use woozle::protocol::crash::{Cause, Crash};
use woozle::protocol::{Command, Holder, Place, Stuck, thread_shown};

use crate::backtrace::{self, Call};
use crate::compiler::source::cell_of_name;
use crate::host::Death;
use crate::server::CellContext;
use crate::session::execution::run::Work;
use crate::session::output::notes::note_on;
use crate::session::report::errors::{self, Crashed};
use crate::wire::content::ReplyError;

/// Calls in a report at most.
const MOST: usize = 12;
/// What the process needs beside what it has, so that a limit leaves room to work.
const ROOM: u64 = 64 << 20;

impl Work {
    /// Finds out where a host was when it ended.
    pub(crate) fn look_into(&self, death: &Death) -> Crashed {
        let Some(crash) = &death.crash else {
            let mut how = death.to_string();
            if death.status.signal() == Some(Signal::KILL.as_raw()) {
                how.push_str(", by another process or for want of memory");
            }
            return Crashed {
                how,
                calls: Vec::new(),
            };
        };
        let calls = backtrace::explain(&crash.frames, &crash.maps, &self.compiler);
        let mut users = backtrace::users(&calls);
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
        Crashed {
            how: self.how(death, crash, &calls),
            calls: joined(&users, crash.left_out),
        }
    }

    fn how(&self, death: &Death, crash: &Crash, calls: &[Call]) -> String {
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
            let limit = self.memory.map_or_else(String::new, |limit| {
                format!("; the limit is {}", size(limit))
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

    /// Tells in the cell that it cannot go on, and what each thread waits for.
    pub(crate) fn tell_deadlock(&self, threads: &[Stuck], maps: &str, context: &CellContext) {
        let mut text = "this cell cannot go on: every thread waits for another one\n".to_owned();
        for thread in threads {
            let calls = backtrace::explain(&thread.frames, maps, &self.compiler);
            let users = backtrace::users(&calls);
            // Others wait for work, in a pool of their own.
            let Some((_, place)) = users.first() else {
                continue;
            };
            let who = match &thread.name {
                None => "the cell".to_owned(),
                Some(name) => match self.outlet.number(thread.cell) {
                    Some(number) => format!("{} of cell [{number}]", thread_shown(name)),
                    None => thread_shown(name),
                },
            };
            let what = match &thread.wanted {
                Some(wanted) => format!(" for {wanted}"),
                None => backtrace::called(&calls)
                    .map_or_else(String::new, |function| format!(" in {function}")),
            };
            let holder = match &thread.holder {
                None => String::new(),
                Some(Holder::Itself) => ", which it holds itself".to_owned(),
                Some(Holder::Main) => ", which the cell's own thread holds".to_owned(),
                Some(Holder::Thread(name)) => format!(", which {} holds", thread_shown(name)),
            };
            let place = errors::spot(place, &self.compiler.cells);
            text.push_str(&format!("  {who} waits{what} at {place}{holder}\n"));
        }
        text.push_str("An interrupt ends the cell.");
        note_on(context, &text);
    }

    /// `:limit memory`: sets what each process may allocate, or says it.
    pub(crate) fn limit(&mut self, limit: Option<Option<u64>>) -> Result<String, ReplyError> {
        if let Some(limit) = limit {
            if let (Some(limit), Some(has)) = (limit, self.host.allocated())
                && limit < has + ROOM
            {
                let reason = format!(
                    "the session has allocated {} already, and needs {} more to work with",
                    size(has),
                    size(ROOM)
                );
                return Err(errors::error("command", &reason));
            }
            self.memory = limit;
            self.host.send(Command::Limit { memory: limit });
        }
        Ok(match self.memory {
            Some(limit) => format!("each process may allocate {}\n", size(limit)),
            None => "the memory is not limited\n".to_owned(),
        })
    }

    /// Tells the limit to the host that goes on.
    pub(crate) fn limit_again(&mut self) {
        if let Some(limit) = self.memory {
            // A limit below what the process has would end it at once.
            let has = self.host.allocated().unwrap_or(0);
            let memory = limit.max(has + ROOM);
            self.host.send(Command::Limit {
                memory: Some(memory),
            });
        }
    }
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

/// A size for people.
fn size(bytes: u64) -> String {
    match bytes {
        bytes if bytes >= 1 << 30 && bytes % (1 << 30) == 0 => format!("{} GB", bytes >> 30),
        bytes => format!("{} MB", bytes >> 20),
    }
}
