//! The libc functions that the host has in libc's place: what they add is a cell's number.
//!
//! A program's own symbols come before those of the libraries it loads, so these are called by
//! std, by other crates and by C code alike.
//!
//! What is one system call is made as such, and not by way of libc's function of that name: looking for that one takes
//! the loader's lock, and these are called where its holder may never let go of it, by a process that dies and by a
//! copy that has one thread.

use std::cell::{Cell, RefCell};
use std::ffi::{c_int, c_void};

use libc::{iovec, size_t, ssize_t};
use woozle::host::{is_ours, note_exit, read_line, write_foreign};

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
    let written = unsafe { libc::syscall(libc::SYS_write, descriptor, data, length) };
    written as ssize_t
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
    let written = unsafe { libc::syscall(libc::SYS_writev, descriptor, parts, count) };
    written as ssize_t
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
        let read = unsafe { libc::syscall(libc::SYS_read, descriptor, data, length) };
        return read as ssize_t;
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

fn end(code: c_int) -> ! {
    loop {
        // SAFETY: it ends the process, and does not return.
        unsafe { libc::syscall(libc::SYS_exit_group, code) };
    }
}

/// `exit(3)`: the kernel learns who called it. Nothing is destroyed on the way: variables of the session would wait
/// for their threads then. std has flushed its streams before.
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn exit(code: c_int) -> ! {
    if note_exit(code) {
        end(code);
    }
    // SAFETY: the argument is the caller's.
    unsafe { next!(c"exit" as End)(code) }
}

/// `_exit(2)`, as [`exit`].
///
/// # Safety
/// As libc's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn _exit(code: c_int) -> ! {
    note_exit(code);
    end(code)
}
