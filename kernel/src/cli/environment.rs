//! Environment variables with which hardly any Rust program runs. They are left out, for the kernel and for
//! all that it starts.

use std::env;
use std::ffi::OsStr;
use std::path::Path;

/// std's own size of a thread's stack. With less, rustc ends with an overflow, as the kernel does.
const LEAST_STACK: u64 = 2 << 20;
/// With more, threads cannot be started on many machines.
const MOST_STACK: u64 = 1 << 30;

/// Leaves them out, and says so.
///
/// # Safety
/// There is one thread.
pub(super) unsafe fn mend() {
    for (name, why) in UNFIT {
        if let Some(value) = env::var_os(name)
            && let Some(reason) = why(&value)
        {
            tracing::warn!("{name}={} is left out: {reason}", value.display());
            // SAFETY: there is one thread, says the caller.
            unsafe { env::remove_var(name) };
        }
    }
    for name in MAKES {
        if env::var_os(name).is_some_and(|value| names_jobserver(&value)) {
            // SAFETY: as above.
            unsafe { env::remove_var(name) };
        }
    }
}

type Why = fn(&OsStr) -> Option<&'static str>;

/// Variables, and what is wrong with a value if something is.
const UNFIT: [(&str, Why); 2] = [("RUST_MIN_STACK", stack), ("TMPDIR", folder)];

/// Where make says which descriptors its jobs share. They are not those of a kernel that was started by one, and rustc would
/// warn of that in each cell.
const MAKES: [&str; 3] = ["MAKEFLAGS", "MFLAGS", "CARGO_MAKEFLAGS"];

fn stack(value: &OsStr) -> Option<&'static str> {
    let size = value.to_str().and_then(|value| value.parse().ok());
    match size {
        Some(LEAST_STACK..=MOST_STACK) => None,
        Some(..LEAST_STACK) => Some("rustc needs stacks of at least 2097152 bytes"),
        Some(_) => Some("threads cannot have so large stacks"),
        None => Some("it is not a number of bytes"),
    }
}

fn folder(value: &OsStr) -> Option<&'static str> {
    // Empty, it is as if it were not set for some, and the working folder for others.
    let is_folder = !value.is_empty() && Path::new(value).is_dir();
    (!is_folder)
        .then_some("there is no such folder, and rustc and the linker need one for their files")
}

fn names_jobserver(value: &OsStr) -> bool {
    value.to_string_lossy().contains("--jobserver")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_cannot_run_with_is_left_out_and_nothing_else() {
        let folder = env::temp_dir();
        let folder = folder.to_str().expect("UTF-8");
        for (name, value, fits) in [
            ("RUST_MIN_STACK", "1000", false),
            ("RUST_MIN_STACK", "", false),
            ("RUST_MIN_STACK", "many", false),
            ("RUST_MIN_STACK", "99999999999999", false),
            ("RUST_MIN_STACK", "16777216", true),
            ("TMPDIR", "/nonexistent", false),
            ("TMPDIR", "", false),
            ("TMPDIR", folder, true),
        ] {
            let (_, why) = UNFIT.iter().find(|(other, _)| *other == name).expect("one");
            assert_eq!(why(OsStr::new(value)).is_none(), fits, "{name}={value}");
        }
        assert!(names_jobserver(OsStr::new(" -j4 --jobserver-auth=3,4")));
        assert!(!names_jobserver(OsStr::new("k")));
    }
}
