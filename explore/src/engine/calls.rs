//! Which calls in the cell's program have led to something: their addresses, of which the kernel knows the lines.

use std::cell::OnceCell;
use std::ffi::{c_int, c_void};
use std::ops::Range;
use std::ptr;

/// So many calls are looked at, and so many of the program's are kept.
const DEPTH: usize = 128;
const KEPT: usize = 6;

/// The addresses of calls, as they are in the program's file, the innermost first.
pub type Calls = Vec<usize>;

/// Where the program is loaded, and its code.
struct Program {
    base: usize,
    code: Range<usize>,
}

thread_local! {
    static PROGRAM: OnceCell<Program> = const { OnceCell::new() };
}

/// The calls that are under way.
pub(super) fn under_way() -> Calls {
    let mut addresses = [ptr::null_mut::<c_void>(); DEPTH];
    // SAFETY: there is room for so many.
    let count = unsafe { libc::backtrace(addresses.as_mut_ptr(), DEPTH as c_int) };
    PROGRAM.with(|program| {
        let Program { base, code } = program.get_or_init(Program::find);
        // What is there is the place of the return.
        let calls = addresses[..count as usize].iter().map(|to| to.addr() - 1);
        let own = calls.filter(|address| code.contains(address));
        own.map(|address| address - base).take(KEPT).collect()
    })
}

impl Program {
    fn find() -> Self {
        let mut program = Self {
            base: 0,
            code: 0..0,
        };
        // SAFETY: `look` is called before this returns, with the pointer that it expects.
        unsafe { libc::dl_iterate_phdr(Some(look), (&raw mut program).cast()) };
        program
    }
}

/// Notes where the first of the loaded programs is, which is the one that runs.
unsafe extern "C" fn look(info: *mut libc::dl_phdr_info, _: usize, program: *mut c_void) -> c_int {
    // SAFETY: the loader gives a valid description, and `find` its own program.
    let (info, program) = unsafe { (&*info, &mut *program.cast::<Program>()) };
    // SAFETY: the loader says how many headers there are.
    let headers =
        unsafe { std::slice::from_raw_parts(info.dlpi_phdr, usize::from(info.dlpi_phnum)) };
    program.base = info.dlpi_addr as usize;
    let code = headers
        .iter()
        .find(|header| header.p_type == libc::PT_LOAD && header.p_flags & libc::PF_X != 0);
    program.code = code.map_or(0..0, |code| {
        let start = program.base + code.p_vaddr as usize;
        start..start + code.p_memsz as usize
    });
    1 // found
}
