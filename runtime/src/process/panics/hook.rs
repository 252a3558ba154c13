//! Panics in a cell host: noted by a hook, reported in the cell of the thread that panicked.
//!
//! A panic on the thread that runs the cell is held back until it is known whether it ends the
//! cell (then it is the cell's error) or the user's code caught it (then it is reported like
//! std's hook would, before anything that is printed later).

use std::any::Any;
use std::cell::RefCell;
use std::panic::{Location, PanicHookInfo};

use crate::process::panics::payload::text_as_std;
use crate::process::{debugger, output};
use crate::protocol::{CRATE, ENTRY, Event, ITEMS_MARK, Panic, Place, without_crates};

thread_local! {
    static RUNS_CELLS: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
    static HELD: RefCell<Vec<Panic>> = const { RefCell::new(Vec::new()) };
    /// How the thread has crashed that the current one has just joined in vain.
    static JOINED: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Installs the hook; called on the thread that runs cells.
pub(crate) fn install() {
    RUNS_CELLS.set(true);
    super::std_hook::learn();
    std::panic::set_hook(Box::new(note));
}

/// Installs the hook again if a cell has taken it away and set none of its own, and then the runtime's others by
/// `install_others`; called before each cell.
pub(crate) fn install_again(install_others: fn()) {
    super::std_hook::replace(|| {
        std::panic::set_hook(Box::new(note));
        install_others();
    });
}

/// Installs the hook in a child process, where no thread runs cells.
pub(crate) fn install_in_child() {
    std::panic::set_hook(Box::new(note));
}

/// The current thread has joined one that has crashed: std is about to panic because of it.
pub(crate) fn note_joined_crashed(how: &str) {
    let _ = JOINED.try_with(|joined| joined.replace(Some(how.to_owned())));
}

/// What to say in the place of std's panic when the current thread has joined one that has crashed.
fn joined_crashed(panic: &str) -> Option<String> {
    let how = JOINED.try_with(|joined| joined.try_borrow_mut().ok()?.take());
    let how = how.ok().flatten()?;
    panic
        .starts_with("failed to join thread")
        .then(|| format!("the thread that is joined {how}"))
}

fn note(info: &PanicHookInfo<'_>) {
    let message = text_as_std(info.payload());
    let panic = Panic {
        thread: std::thread::current().name().map(str::to_owned),
        message: joined_crashed(&message).unwrap_or(message),
        place: info.location().map(Place::from),
        frames: crate::process::frames::of_cells(),
    };
    crate::process::crash::note_panic(&panic);
    let held = RUNS_CELLS.try_with(std::cell::Cell::get).unwrap_or(false)
        && HELD
            .try_with(|held| match held.try_borrow_mut() {
                Ok(mut held) => {
                    held.push(panic.clone());
                    true
                }
                Err(_) => false,
            })
            .unwrap_or(false);
    let message = panic.message.clone();
    if !held {
        output::send(&Event::Panic {
            cell: output::current_target(),
            panic,
        });
    }
    debugger::note_panic(&message);
}

/// A place for people: the file of a cell's items has an invisible mark behind its name.
pub(crate) fn shown(place: &Location<'_>) -> String {
    place.to_string().replace(ITEMS_MARK, "")
}

/// The functions of the user's that are being called, the innermost first, a line each.
pub(crate) fn backtrace() -> String {
    users_calls(&std::backtrace::Backtrace::force_capture().to_string())
}

/// Those of a backtrace's functions that stand in cells.
fn users_calls(backtrace: &str) -> String {
    let mut calls: Vec<String> = Vec::new();
    let mut is_users = false;
    for line in backtrace.lines() {
        let line = line.trim();
        match line.split_once(": ") {
            Some((number, name)) if number.bytes().all(|byte| byte.is_ascii_digit()) => {
                let call = users_function(name);
                is_users = call.is_some();
                calls.extend(call);
            }
            _ => {
                if let (true, Some(place), Some(call)) =
                    (is_users, line.strip_prefix("at "), calls.last_mut())
                {
                    *call = format!("{call} at {}", place.trim_start_matches("./"));
                }
            }
        }
    }
    calls.join("\n")
}

/// A function's name as the user knows it, if it is the user's.
fn users_function(name: &str) -> Option<String> {
    let name = name.replace(ITEMS_MARK, "");
    let path = name
        .trim_start_matches(|c: char| !c.is_alphanumeric())
        .strip_prefix(CRATE)?
        .trim_start_matches(|c: char| c.is_ascii_digit())
        .strip_prefix("::")?;
    // What lies between a function and its caller.
    let is_between = [
        "core::ops::function::Fn",
        "FnOnce::call_once",
        "woozle::multiprocessing::children::function::Call",
    ]
    .iter()
    .any(|generated| name.contains(generated));
    if is_between {
        return None;
    }
    // A cell's own statements are in a function of ours.
    match path.starts_with(ENTRY) {
        true => Some("a closure".to_owned()),
        false => Some(without_crates(&name)),
    }
}

/// The panic that ended the cell; those before it, which were caught, are reported.
pub(crate) fn caught(payload: &(dyn Any + Send)) -> Panic {
    let last = HELD.with_borrow_mut(Vec::pop);
    release_held();
    last.unwrap_or_else(|| Panic {
        thread: std::thread::current().name().map(str::to_owned),
        message: text_as_std(payload),
        place: None,
        frames: Vec::new(),
    })
}

/// Reports the panics held back: the user's code has caught them.
pub(crate) fn release_held() {
    let held = HELD.try_with(|held| {
        held.try_borrow_mut()
            .map(|mut held| std::mem::take(&mut *held))
    });
    if let Ok(Ok(held)) = held {
        for panic in held {
            output::send(&Event::Panic {
                cell: output::current_target(),
                panic,
            });
        }
    }
}

/// Whether a panic is held back that the user's code has meanwhile caught.
pub(crate) fn has_caught() -> bool {
    !std::thread::panicking()
        && HELD
            .try_with(|held| held.try_borrow().is_ok_and(|held| !held.is_empty()))
            .unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::users_calls;

    #[test]
    fn only_the_users_functions_are_shown() {
        let backtrace = "   0: std::backtrace::Backtrace::force_capture\n   1: core::panicking::panic_fmt\n\
            2: cell_3::honey::taste\n             at ./cell [1]:2:5\n\
            3: <cell_3::Bear as core::clone::Clone>::clone\n\
            4: cell_7::woozle_cell_7::{{closure}}::{{closure}}\n\
            5: <cell_3::bad as woozle::multiprocessing::children::function::Call<(i32,)>>::call\n\
            6: <F as woozle::multiprocessing::children::function::Call<(A,)>>::call\n\
            7: <cell_3::bad as core::ops::function::FnOnce<(i32,)>>::call_once\n\
            8: woozle::multiprocessing::pool::task::run_tuple::<cell_3::bad, (i32,)>\n\
            at /runtime/src/task.rs:3:1\n  9: <unknown>\n  10: main";
        assert_eq!(
            users_calls(backtrace),
            "honey::taste at cell [1]:2:5\n<Bear as core::clone::Clone>::clone\na closure"
        );
    }
}
