//! The keys of std's hash maps: random once for each thread of the system's, and another one for each map. Here each run begins
//! with the same, so that the order in a map is a part of no schedule.

use std::cell::OnceCell;
use std::ffi::{c_int, c_void};
use std::hash::RandomState;

/// With these each run begins.
const KEYS: [u64; 2] = [0x5EED, 0x5EED];

thread_local! {
    /// Where std has them for this thread.
    static PLACE: OnceCell<Option<*mut [u64; 2]>> = const { OnceCell::new() };
}

/// Makes them what they were.
pub(super) fn reset() {
    if let Some(place) = PLACE.with(|place| *place.get_or_init(find)) {
        // SAFETY: `find` has seen that std has its keys there, in a variable of this thread's that stays, and nobody uses now.
        unsafe { *place = KEYS };
    }
}

/// What the search in the variables of this thread is for, and has found.
struct Search {
    keys: [u64; 2],
    found: Vec<*mut [u64; 2]>,
}

/// Looks for the keys that the next map will have. None if std has changed: then the orders differ, which the replay tells.
fn find() -> Option<*mut [u64; 2]> {
    let first = keys_of_next();
    let mut search = Search {
        keys: [first[0].wrapping_add(1), first[1]],
        found: Vec::new(),
    };
    // SAFETY: `look` is called before this returns, with the pointer that it expects.
    unsafe { libc::dl_iterate_phdr(Some(look), (&raw mut search).cast()) };
    let [place] = search.found[..] else {
        return None;
    };
    // SAFETY: it was found in a variable of this thread's.
    unsafe { *place = KEYS };
    let is_it = keys_of_next() == KEYS;
    is_it.then_some(place)
}

fn keys_of_next() -> [u64; 2] {
    const { assert!(size_of::<RandomState>() == size_of::<[u64; 2]>()) };
    // SAFETY: it is two numbers, of which each value is one.
    unsafe { std::mem::transmute(RandomState::new()) }
}

/// Looks into this thread's variables of a library.
unsafe extern "C" fn look(info: *mut libc::dl_phdr_info, _: usize, search: *mut c_void) -> c_int {
    // SAFETY: the loader gives a valid description, and `find` its own search.
    let (info, search) = unsafe { (&*info, &mut *search.cast::<Search>()) };
    if info.dlpi_tls_data.is_null() {
        return 0;
    }
    // SAFETY: the loader says how many headers there are.
    let headers =
        unsafe { std::slice::from_raw_parts(info.dlpi_phdr, usize::from(info.dlpi_phnum)) };
    let variables = headers.iter().find(|header| header.p_type == libc::PT_TLS);
    let words = variables.map_or(0, |variables| variables.p_memsz as usize / 8);
    let start = info.dlpi_tls_data.cast::<u64>();
    for n in 1..words {
        // SAFETY: this thread's variables of the library are there, and all this long.
        let place = unsafe { start.add(n - 1) }.cast::<[u64; 2]>();
        // SAFETY: as above; whatever is there is numbers.
        if unsafe { place.read() } == search.keys {
            search.found.push(place);
        }
    }
    0 // the next one
}
