//! What happens with a panic that ends a thread: Python's `threading.excepthook`.

use std::sync::{Arc, Mutex};

use crate::sync::lock_std;
use crate::threading::thread::any::AnyThread;
use crate::threading::thread::panics;
use crate::threading::thread::thread_panic::ThreadPanic;

/// What a hook is told: Python's `threading.ExceptHookArgs`.
#[derive(Clone, Debug)]
pub struct ExceptHookArgs {
    /// The thread that ended.
    pub thread: AnyThread,
    /// The panic that ended it.
    pub panic: ThreadPanic,
}

type Hook = Arc<dyn Fn(&ExceptHookArgs) + Send + Sync>;

static HOOK: Mutex<Option<Hook>> = Mutex::new(None);

/// The report that is printed unless [`set_excepthook`] says otherwise: Python's
/// `threading.__excepthook__`.
///
/// It goes to stderr, that is into the cell that started the thread, in one piece:
///
/// ```text
/// Exception in thread Thread-1 (task):
/// panicked at cell:3:9: out of honey
/// ```
///
/// ```standalone_crate
/// use woozle::threading::{self, Thread};
///
/// threading::set_excepthook(|args| {
///     eprintln!("oh bother!");
///     threading::excepthook(args);    // and the usual report
/// });
/// let _ = Thread::spawn(|| panic!("out of honey")).join();
/// threading::reset_excepthook();
/// ```
pub fn excepthook(args: &ExceptHookArgs) {
    let place = match args.panic.location() {
        Some(location) => format!("panicked at {location}"),
        None => "panicked".to_owned(),
    };
    eprintln!(
        "Exception in thread {}:\n{place}: {}",
        args.thread.name(),
        args.panic.message()
    );
}

/// Sets what is called, in the thread that ends, when a panic ends it: Python's
/// `threading.excepthook = ...`. If the hook itself panics, both panics are reported as usual.
///
/// [`join`](crate::threading::Thread::join) returns the panic in any case.
///
/// ```standalone_crate
/// # use woozle::threading::{self, Thread, Event};
/// static SEEN: Event = Event::new();
/// threading::set_excepthook(|args| {
///     assert_eq!(args.panic.message(), "bother");
///     SEEN.set();
/// });
/// Thread::spawn(|| panic!("bother"));
/// SEEN.wait();
/// # threading::reset_excepthook();
/// ```
pub fn set_excepthook(hook: impl Fn(&ExceptHookArgs) + Send + Sync + 'static) {
    replace(Some(Arc::new(hook)));
}

/// Brings the usual report back: Python's `threading.excepthook = threading.__excepthook__`.
///
/// ```standalone_crate
/// # use woozle::threading;
/// threading::reset_excepthook();
/// ```
pub fn reset_excepthook() {
    replace(None);
}

/// Calls the hook for a thread that a panic has ended.
pub(in crate::threading) fn report(args: &ExceptHookArgs) {
    let hook = lock_std(&HOOK).clone();
    let Some(hook) = hook else {
        return excepthook(args);
    };
    if let Err(panic) = panics::catch(|| hook(args)) {
        excepthook(args);
        eprintln!("Exception in threading.excepthook: {panic}");
    }
}

fn replace(hook: Option<Hook>) {
    let mut slot = lock_std(&HOOK);
    let before = std::mem::replace(&mut *slot, hook);
    // The old hook may run a user's code when it is dropped: not under the mutex.
    drop(slot);
    drop(before);
}
