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
use crate::protocol::{Event, Panic, Place, without_crates};

thread_local! {
    static RUNS_CELLS: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
    static HELD: RefCell<Vec<Panic>> = const { RefCell::new(Vec::new()) };
}

/// Installs the hook; called on the thread that runs cells.
pub(crate) fn install() {
    RUNS_CELLS.set(true);
    crate::default_hook::learn();
    std::panic::set_hook(Box::new(note));
}

/// Installs the hook again if a cell has taken it away and set none of its own; called before each cell.
pub(crate) fn install_again() {
    crate::default_hook::replace(|| {
        std::panic::set_hook(Box::new(note));
        crate::threading::panics::install_again();
    });
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
        frames: crate::frames::of_cells(),
    };
    crate::crash::note_panic(&panic);
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
            cell: output::current_area(),
            panic,
        });
    }
}

/// A place for people: the file of a cell's items has an invisible mark behind its name.
pub(crate) fn shown(place: &Location<'_>) -> String {
    place.to_string().replace('\u{200b}', "")
}

/// The functions of the user's that are being called, the innermost first, a line each.
pub(crate) fn backtrace() -> String {
    let whole = std::backtrace::Backtrace::force_capture().to_string();
    let mut frames = Vec::new();
    for line in whole.lines() {
        let line = line.trim();
        match line.split_once(": ") {
            Some((number, name)) if number.bytes().all(|byte| byte.is_ascii_digit()) => {
                frames.push(name.to_owned());
            }
            _ => {
                if let (Some(place), Some(frame)) = (line.strip_prefix("at "), frames.last_mut()) {
                    *frame = format!("{frame} at {}", place.trim_start_matches("./"));
                }
            }
        }
    }
    // From the panic itself to the function that the runtime called.
    let begin = frames.iter().rposition(|frame| {
        frame.starts_with("core::panicking::") || frame.starts_with("std::panicking::begin_panic")
    });
    let frames = &frames[begin.map_or(0, |begin| begin + 1)..];
    let end = frames.iter().position(|frame| {
        frame.starts_with("woozle::multiprocessing::pool::task::")
            || frame.contains("woozle::threading::panics")
    });
    let frames = &frames[..end.unwrap_or(frames.len())];
    let own = frames.iter().filter(|frame| {
        ![
            "core::", "std::", "alloc::", "<core::", "<std::", "<alloc::",
        ]
        .iter()
        .any(|other| frame.starts_with(other))
    });
    own.map(|frame| without_crates(&frame.replace('\u{200b}', "")))
        .collect::<Vec<_>>()
        .join("\n")
}

/// The panic that ended the cell; those before it, which were caught, are reported.
pub(crate) fn caught(payload: &(dyn Any + Send)) -> Panic {
    let last = HELD.with_borrow_mut(Vec::pop);
    release_held();
    last.unwrap_or_else(|| Panic {
        thread: std::thread::current().name().map(str::to_owned),
        message: payload_text(payload),
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
                cell: output::current_area(),
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
