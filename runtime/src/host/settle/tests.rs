//! Which waits count as settled.

use super::system::{is_runnable, waits_forever};

#[test]
fn a_wait_without_timeout_is_settled_and_one_with_timeout_is_not() {
    let futex = libc::SYS_futex;
    let cases = [
        (
            format!("{futex} 0x7f00 0x189 0x0 0x0 0x0 0xffffffff 0x7ffc 0x7f2a"),
            true,
        ),
        (
            format!("{futex} 0x7f00 0x80 0x2 0x0 0x0 0x0 0x7ffc 0x7f2a"),
            true,
        ),
        (
            format!("{futex} 0x7f00 0x189 0x0 0x7ffd1000 0x0 0xffffffff 0x7ffc 0x7f2a"),
            false,
        ),
        (
            format!("{futex} 0x7f00 0x81 0x1 0x0 0x0 0x0 0x7ffc 0x7f2a"),
            false,
        ), // FUTEX_WAKE
        (
            format!(
                "{} 0x3 0x7f00 0x400 0xffffffff 0x0 0x8 0x7ffc 0x7f",
                libc::SYS_epoll_pwait
            ),
            true,
        ),
        (
            format!(
                "{} 0x3 0x7f00 0x400 0x3e8 0x0 0x8 0x7ffc 0x7f",
                libc::SYS_epoll_pwait
            ),
            false,
        ),
        (
            format!(
                "{} 0x0 0x0 0x7ffd 0x7ffd 0x0 0x0 0x7ffc 0x7f",
                libc::SYS_clock_nanosleep
            ),
            false,
        ),
        (
            format!(
                "{} 0x4 0x0 0x0 0x80000 0x0 0x0 0x7ffc 0x7f",
                libc::SYS_accept4
            ),
            true,
        ),
        ("running".to_owned(), false),
        (String::new(), false),
    ];
    for (line, settled) in cases {
        assert_eq!(waits_forever(&line), settled, "{line}");
    }
}

#[test]
fn a_thread_that_has_been_woken_is_not_settled() {
    for (stat, runnable) in [
        (&b"7 (worker) R 1 7 7 0 -1"[..], true),
        (b"7 (worker) S 1 7 7 0 -1", false),
        (b"7 (a) R (b) S 1 7 7 0 -1", false),
        (b"7 (cut \xc3) R 1 7", true),
        (b"7 (", false),
        (b"", false),
    ] {
        assert_eq!(is_runnable(stat), runnable, "{}", stat.escape_ascii());
    }
}
