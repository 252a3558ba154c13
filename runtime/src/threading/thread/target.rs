//! What a thread runs: a closure, or a value with a `run` method; and the name it gives.

use std::sync::atomic::{AtomicU64, Ordering};

/// Something with a `run` method: what a subclass of Python's `threading.Thread` is.
///
/// ```
/// use woozle::threading::{Run, Thread};
///
/// struct LongRunningTask {
///     niters: u32,
///     ticks: u32,
/// }
///
/// impl Run for LongRunningTask {
///     fn run(&mut self) {
///         self.ticks = self.niters.div_ceil(2);
///     }
/// }
///
/// let t = Thread::of(LongRunningTask { niters: 6, ticks: 0 });
/// t.start();
/// assert_eq!(t.join()?.ticks, 3);      // the value comes back
/// # Ok::<(), woozle::threading::ThreadError>(())
/// ```
pub trait Run: Send + 'static {
    /// What the thread does.
    fn run(&mut self);
}

/// The name of a thread that is given none: `Thread-N (target)`, or `Thread-N` if the target has no
/// name, as a closure.
pub(in crate::threading) fn default_name(type_name: &str) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    match simple_name(type_name) {
        Some(target) => format!("Thread-{number} ({target})"),
        None => format!("Thread-{number}"),
    }
}

/// The last part of a path, without generic arguments: `task` of `cell_3::task<u8>`. A closure has none, also within a
/// function that has generic arguments.
fn simple_name(type_name: &str) -> Option<String> {
    let mut depth = 0_usize;
    let mut path = String::new();
    for c in type_name.chars() {
        match c {
            '<' => depth += 1,
            '>' => depth = depth.saturating_sub(1),
            c if depth == 0 => path.push(c),
            _ => {}
        }
    }
    let name = path.rsplit("::").find(|name| !name.is_empty())?;
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    name.chars().all(is_word).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_last_part_of_the_path() {
        for (type_name, expected) in [
            ("cell_3::task", Some("task")),
            ("cell_3::task<alloc::vec::Vec<u8>>", Some("task")),
            ("<cell_3::Jar as cell_3::Eat>::eat", Some("eat")),
            ("cell_3::Task<u8>", Some("Task")),
            ("cell_3::work::{{closure}}", None),
            ("cell_3::work<u8>::{{closure}}", None),
            ("fn()", None),
        ] {
            assert_eq!(simple_name(type_name).as_deref(), expected, "{type_name}");
        }
    }
}
