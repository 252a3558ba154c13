//! Which functions of cells a thread is in, by addresses: to find their names and lines takes long, and is the kernel's
//! business.

use std::ffi::{CStr, c_void};

use crate::protocol::{Frame, cell_of_library};

/// The calls of functions of cells that the current thread is in, the innermost first.
pub(crate) fn of_cells() -> Vec<Frame> {
    const MOST: usize = 256;
    let mut addresses = [std::ptr::null_mut(); MOST];
    // SAFETY: the array has room for so many addresses.
    let found = unsafe { libc::backtrace(addresses.as_mut_ptr(), MOST as libc::c_int) };
    let found = usize::try_from(found).unwrap_or(0).min(MOST);
    addresses[..found]
        .iter()
        // Of the call itself: the return address may be the next function's.
        .filter_map(|at| frame((*at as usize).checked_sub(1)?))
        .collect()
}

/// The call at this address, if it is in a cell's library.
fn frame(address: usize) -> Option<Frame> {
    let library = Library::at(address)?;
    Some(Frame {
        cell: library.cell?,
        address: (address - library.base) as u64,
    })
}

/// Where the libraries of this process lie: the lines of `/proc/self/maps` that name a file.
pub(crate) fn maps() -> String {
    let maps = crate::process::reserved_fds::with(|| std::fs::read_to_string("/proc/self/maps"));
    let maps = maps.unwrap_or_default();
    let files = maps.lines().filter(|line| line.contains('/'));
    files.flat_map(|line| [line, "\n"]).collect()
}

/// A library, or the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Library {
    /// Where its first byte lies.
    pub(crate) base: usize,
    /// The number of the cell that it is.
    pub(crate) cell: Option<u32>,
}

impl Library {
    /// That which an address lies in.
    pub(crate) fn at(address: usize) -> Option<Self> {
        // SAFETY: all zeroes is a valid `Dl_info`.
        let mut about: libc::Dl_info = unsafe { std::mem::zeroed() };
        let pointer: *const c_void = std::ptr::without_provenance(address);
        // SAFETY: it only looks the address up, and writes to `about`.
        let is_found = unsafe { libc::dladdr(pointer, &raw mut about) } != 0;
        if !is_found || about.dli_fname.is_null() {
            return None;
        }
        // SAFETY: on success it is the name that the library was opened by, which stays open.
        let path = unsafe { CStr::from_ptr(about.dli_fname) }.to_str().ok();
        let name = path.and_then(|path| path.rsplit_once('/'));
        Some(Self {
            base: about.dli_fbase.addr(),
            cell: name.and_then(|(_, name)| cell_of_library(name)),
        })
    }
}
