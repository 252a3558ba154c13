//! Leaving a sleep: unwinding through `std::thread::sleep`, which knows nothing of interrupts.

use std::thread;

use crate::process::crash::{Call, walk};
use crate::process::frames::Library;

/// Unwinds out of the function `own`, which stands in the place of libc's, if the cell has been interrupted and its
/// code has called `std::thread::sleep`. Everybody else goes on sleeping: what returned early would let the code go on.
///
/// # Why that is sound
///
/// std takes the libc function that it sleeps by for one that does not unwind, so what it has to do when it is left by
/// unwinding is not compiled into the call. This is harmless where it has nothing to do: a function without landing
/// pads drops and catches nothing, and to unwind through it does no more than to take its frame off the stack. So each
/// frame of std up to the cell's has to be such a one (which its unwind table says), and std's sleep has only the time in
/// its frame. The next frame has to be a cell's: code of the user's that rustc compiled, with a call of a function of
/// another library that is of Rust's own ABI, which rustc must expect to unwind. From there on it is a panic like any
/// other. It all is looked up in what is really there, so it holds however cells are optimised, and a std that is
/// made in another way is slept through.
pub fn leave_sleep(own: *const ()) {
    if super::is_pending() && !thread::panicking() && is_std_called_by_a_cell(own) {
        super::check();
    }
}

/// Whether the function `own` was called by functions of std without landing pads, and those by a cell.
fn is_std_called_by_a_cell(own: *const ()) -> bool {
    #[expect(clippy::disallowed_methods, reason = "it is looked for, not called")]
    let sleep = thread::sleep as fn(std::time::Duration);
    let base = |address| Library::at(address).map(|library| library.base);
    let (Some(std), Some(own)) = (base(sleep as usize), base(own.addr())) else {
        return false;
    };
    let runtime = base(leave_sleep as *const () as usize);
    let mut in_std = false;
    let mut answer = false;
    walk(0, &mut |call: Call| {
        let Some(library) = Library::at(call.address) else {
            return false;
        };
        if library.base == std {
            in_std = true;
            return !call.has_landing_pads;
        }
        if in_std {
            answer = library.cell.is_some();
            return false;
        }
        // This function and what called it.
        library.base == own || Some(library.base) == runtime
    });
    answer
}
