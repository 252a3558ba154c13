//! The libc functions that the host has in libc's place: what they add is a cell's number.
//!
//! A program's own symbols come before those of the libraries it loads, so these are called by
//! std, by other crates and by C code alike.

use std::cell::{Cell, RefCell};
use std::ffi::{c_int, c_void};

use libc::{iovec, pthread_attr_t, pthread_t, size_t, ssize_t};
use woozle::host::{is_ours, note_exit, read_line, starting, write_foreign};

type Write = unsafe extern "C" fn(c_int, *const c_void, size_t) -> ssize_t;
type Writev = unsafe extern "C" fn(c_int, *const iovec, c_int) -> ssize_t;
type Read = unsafe extern "C" fn(c_int, *mut c_void, size_t) -> ssize_t;
type StartRoutine = extern "C" fn(*mut c_void) -> *mut c_void;
type PthreadCreate =
    unsafe extern "C" fn(*mut pthread_t, *const pthread_attr_t, StartRoutine, *mut c_void) -> c_int;

/// The next definition of a symbol after ours: libc's.
macro_rules! next {
    ($name:literal as $type:ty) => {{
        static NEXT: std::sync::LazyLock<$type> = std::sync::LazyLock::new(|| {
            // SAFETY: the name is a C string; `RTLD_NEXT` asks for libc's own function.
            let address = unsafe { libc::dlsym(libc::RTLD_NEXT, $name.as_ptr()) };
            assert!(!address.is_null());
            // SAFETY: libc's function of that name has this signature.
            unsafe { std::mem::transmute::<*mut std::ffi::c_void, $type>(address) }
        });
        *NEXT
    }};
}

pub(crate) use next;

/// Whether the current thread handles a signal on its alternate stack: then it has crashed, may
/// hold any lock, and its message goes straight into the pipe.
fn is_crashing() -> bool {
    // SAFETY: a null first argument only asks; `stack` is valid for the answer.
    unsafe {
        let mut stack: libc::stack_t = std::mem::zeroed();
        libc::sigaltstack(std::ptr::null(), &raw mut stack) == 0
            && stack.ss_flags & libc::SS_ONSTACK != 0
    }
}

thread_local! {
    static WRITING: Cell<bool> = const { Cell::new(false) };
}

/// Sends what the current thread writes to its cell; false if it does so already. Without memory
/// that fails, and the complaint comes by here again: it goes straight into the pipe.
fn once(send: impl FnOnce()) -> bool {
    struct Writing;
    impl Drop for Writing {
        fn drop(&mut self) {
            let _ = WRITING.try_with(|writing| writing.set(false));
        }
    }
    let nested = WRITING
        .try_with(|writing| writing.replace(true))
        .unwrap_or(true);
    if nested {
        return false;
    }
    let _writing = Writing;
    send();
    true
}

/// `write(2)`: to descriptors 1 and 2 it is output of the current thread's cell.
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn write(descriptor: c_int, data: *const c_void, length: size_t) -> ssize_t {
    if (descriptor == 1 || descriptor == 2)
        && !data.is_null()
        && !is_crashing()
        && let Some(stream) = is_ours(descriptor)
    {
        // SAFETY: the caller says that `length` bytes can be read at `data`.
        let bytes = unsafe { std::slice::from_raw_parts(data.cast(), length) };
        if once(|| write_foreign(stream, bytes)) {
            return length.cast_signed();
        }
    }
    // SAFETY: the arguments are the caller's.
    unsafe { next!(c"write" as Write)(descriptor, data, length) }
}

/// `writev(2)`, as [`write()`].
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn writev(descriptor: c_int, parts: *const iovec, count: c_int) -> ssize_t {
    if (descriptor == 1 || descriptor == 2)
        && !parts.is_null()
        && count > 0
        && !is_crashing()
        && let Some(stream) = is_ours(descriptor)
    {
        let mut length = 0;
        let sent = once(|| {
            let mut bytes = Vec::new();
            // SAFETY: the caller says that there are `count` parts.
            let parts = unsafe { std::slice::from_raw_parts(parts, count.unsigned_abs() as usize) };
            for part in parts.iter().filter(|part| part.iov_len > 0) {
                // SAFETY: the caller says that each part is readable.
                bytes.extend_from_slice(unsafe {
                    std::slice::from_raw_parts(part.iov_base.cast(), part.iov_len)
                });
            }
            length = bytes.len();
            write_foreign(stream, &bytes);
        });
        if sent {
            return length.cast_signed();
        }
    }
    // SAFETY: the arguments are the caller's.
    unsafe { next!(c"writev" as Writev)(descriptor, parts, count) }
}

thread_local! {
    /// What was typed but not read yet.
    static TYPED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// `read(2)`: from descriptor 0 it asks the user for a line.
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn read(descriptor: c_int, data: *mut c_void, length: size_t) -> ssize_t {
    if descriptor != 0 || data.is_null() || length == 0 {
        // SAFETY: the arguments are the caller's.
        return unsafe { next!(c"read" as Read)(descriptor, data, length) };
    }
    let line = TYPED.with_borrow_mut(|typed| {
        if typed.is_empty() {
            let Some(line) = read_line() else {
                return Vec::new();
            };
            typed.extend_from_slice(line.as_bytes());
            typed.push(b'\n');
        }
        typed.drain(..typed.len().min(length)).collect::<Vec<u8>>()
    });
    // SAFETY: the caller says that `length` bytes can be written at `data`; `line` is no longer.
    unsafe { std::ptr::copy_nonoverlapping(line.as_ptr(), data.cast(), line.len()) };
    line.len().cast_signed()
}

/// `close(2)`: copies of this process let go of it as well.
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn close(descriptor: c_int) -> c_int {
    woozle::host::close(descriptor)
}

type End = unsafe extern "C" fn(c_int) -> !;

/// `exit(3)`: the kernel learns who called it. Nothing is destroyed on the way: variables of the session would wait
/// for their threads then. std has flushed its streams before.
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn exit(code: c_int) -> ! {
    if note_exit(code) {
        // SAFETY: the argument is the caller's.
        unsafe { next!(c"_exit" as End)(code) }
    }
    // SAFETY: as above.
    unsafe { next!(c"exit" as End)(code) }
}

/// `_exit(2)`, as [`exit`].
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn _exit(code: c_int) -> ! {
    note_exit(code);
    // SAFETY: the argument is the caller's.
    unsafe { next!(c"_exit" as End)(code) }
}

struct Begin {
    routine: StartRoutine,
    argument: *mut c_void,
    thread: woozle::host::Starting,
}

/// `pthread_create(3)`: the new thread belongs to the cell of the one that creates it.
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_create(
    thread: *mut pthread_t,
    attributes: *const pthread_attr_t,
    routine: StartRoutine,
    argument: *mut c_void,
) -> c_int {
    let begin = Box::into_raw(Box::new(Begin {
        routine,
        argument,
        thread: starting(),
    }));
    // SAFETY: the caller's arguments, but for the routine: ours takes a `Begin`.
    let result =
        unsafe { next!(c"pthread_create" as PthreadCreate)(thread, attributes, run, begin.cast()) };
    if result != 0 {
        // SAFETY: no thread was made that could have taken `begin`.
        unsafe { Box::from_raw(begin) }.thread.failed();
    }
    result
}

extern "C" fn run(begin: *mut c_void) -> *mut c_void {
    // SAFETY: `pthread_create` above made `begin` from a box and passes it to this thread alone.
    let begin = *unsafe { Box::from_raw(begin.cast::<Begin>()) };
    let base = std::ptr::from_ref(&begin).addr();
    let _started = begin.thread.started(base);
    (begin.routine)(begin.argument)
}
