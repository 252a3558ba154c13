//! The cell's statics: each run begins with what they were.

use std::ffi::CStr;

/// How the runtime's library is called.
const RUNTIME: &str = "/libwoozle";

/// A writable piece of a program, and what was in it.
struct Segment {
    address: usize,
    content: Vec<u8>,
}

/// What the statics of a program are.
pub struct Statics(Vec<Segment>);

/// What the search in the loaded programs is for, and has found.
struct Search {
    function: usize,
    found: Vec<(usize, usize)>,
}

impl Statics {
    /// Those of the program that a function is in, by its address, and of the runtime.
    pub fn of(function: usize) -> Self {
        let mut search = Search {
            function,
            found: Vec::new(),
        };
        // SAFETY: `look` is called before this returns, with the pointer that it expects.
        unsafe { libc::dl_iterate_phdr(Some(look), (&raw mut search).cast()) };
        let segments = search.found.into_iter().map(|(address, length)| {
            // SAFETY: the segment is mapped readable for as long as the program is loaded.
            let content = unsafe { std::slice::from_raw_parts(address as *const u8, length) };
            Segment {
                address,
                content: content.to_vec(),
            }
        });
        Self(segments.collect())
    }

    /// Makes them what they were.
    ///
    /// # Safety
    /// No thread of the cell's runs, and none goes on that has looked at one.
    pub unsafe fn reset(&self) {
        for Segment { address, content } in &self.0 {
            // SAFETY: the segment is mapped writable, and nobody looks at it, as the caller has promised.
            unsafe {
                std::ptr::copy_nonoverlapping(content.as_ptr(), *address as *mut u8, content.len());
            }
        }
    }
}

/// Notes the writable segments of a program that the function is in.
unsafe extern "C" fn look(
    info: *mut libc::dl_phdr_info,
    _: usize,
    search: *mut libc::c_void,
) -> libc::c_int {
    // SAFETY: the loader gives a valid description, and `Statics::of` its own search.
    let (info, search) = unsafe { (&*info, &mut *search.cast::<Search>()) };
    // SAFETY: the loader says how many headers there are.
    let headers =
        unsafe { std::slice::from_raw_parts(info.dlpi_phdr, usize::from(info.dlpi_phnum)) };
    let base = info.dlpi_addr as usize;
    let range = |header: &libc::Elf64_Phdr| {
        let start = base + header.p_vaddr as usize;
        start..start + header.p_memsz as usize
    };
    let loaded = || {
        headers
            .iter()
            .filter(|header| header.p_type == libc::PT_LOAD)
    };
    // SAFETY: the loader gives a string, or none.
    let name = unsafe { info.dlpi_name.as_ref() };
    // SAFETY: as above.
    let name = name.map(|name| unsafe { CStr::from_ptr(name) }.to_string_lossy());
    let is_runtime = name.is_some_and(|name| name.contains(RUNTIME));
    if !is_runtime && !loaded().any(|header| range(header).contains(&search.function)) {
        return 0;
    }
    let protected = headers
        .iter()
        .find(|header| header.p_type == libc::PT_GNU_RELRO);
    // What is read-only after loading ends with a page.
    let protected = protected.map_or(0..0, |header| {
        let range = range(header);
        range.start..range.end.next_multiple_of(4096)
    });
    for header in loaded().filter(|header| header.p_flags & libc::PF_W != 0) {
        let mut range = range(header);
        if protected.contains(&range.start) {
            range.start = protected.end.min(range.end);
        }
        if !range.is_empty() {
            search.found.push((range.start, range.len()));
        }
    }
    0 // the next one
}
