//! Panics in a cell host: noted by a hook, reported in the cell of the thread that panicked.
//!
//! A panic on the thread that runs the cell is held back until it is known whether it ends the
//! cell (then it is the cell's error) or the user's code caught it (then it is reported like
//! std's hook would, before anything that is printed later).

use std::any::Any;
use std::cell::RefCell;
use std::panic::{Location, PanicHookInfo};

use crate::cell::payload_text;
use crate::output;
use crate::protocol::{Event, Panic, Place};

thread_local! {
    static RUNS_CELLS: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
    static HELD: RefCell<Vec<Panic>> = const { RefCell::new(Vec::new()) };
}

/// Installs the hook; called on the thread that runs cells.
pub(crate) fn install() {
    RUNS_CELLS.set(true);
    std::panic::set_hook(Box::new(note));
}

/// Installs the hook in a child process, where no thread runs cells.
pub(crate) fn install_in_child() {
    std::panic::set_hook(Box::new(note));
}

fn note(info: &PanicHookInfo<'_>) {
    let panic = Panic {
        thread: std::thread::current().name().map(str::to_owned),
        message: payload_text(info.payload()),
        place: info.location().map(Place::from),
    };
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
    if !held {
        output::send(&Event::Panic {
            cell: output::current_cell(),
            panic,
        });
    }
}

/// A place for people: the file of a cell's items has an invisible mark behind its name.
pub(crate) fn shown(place: &Location<'_>) -> String {
    place.to_string().replace('\u{200b}', "")
}

/// The panic that ended the cell; those before it, which were caught, are reported.
pub(crate) fn caught(payload: &(dyn Any + Send)) -> Panic {
    let last = HELD.with_borrow_mut(Vec::pop);
    release_held();
    last.unwrap_or_else(|| Panic {
        thread: std::thread::current().name().map(str::to_owned),
        message: payload_text(payload),
        place: None,
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
                cell: output::current_cell(),
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
