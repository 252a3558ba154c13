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

/// The last part of a path, without generic arguments: `task` of `cell_3::task<u8>`.
fn simple_name(type_name: &str) -> Option<&str> {
    let path = type_name.split('<').next().unwrap_or_default();
    let name = path.rsplit("::").next().unwrap_or_default();
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    (!name.is_empty() && name.chars().all(is_word)).then_some(name)
}
