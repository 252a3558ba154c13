//! All live threads of Python's kind: those of ours, the main thread, and threads of std that
//! have asked who they are.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::num::NonZeroU64;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};

use crate::process::thread_ids::Renumbered;
use crate::sync::lock_std;
use crate::threading::thread::any::AnyThread;
use crate::threading::thread::core::{OnCrash, Origin};
use crate::threading::thread::ident;
use crate::threading::thread::thread_panic::ThreadPanic;
use crate::wait::Deadline;

static LIVE: Mutex<BTreeMap<NonZeroU64, AnyThread>> = Mutex::new(BTreeMap::new());

fn live() -> MutexGuard<'static, BTreeMap<NonZeroU64, AnyThread>> {
    lock_std(&LIVE)
}

thread_local! {
    static CURRENT: RefCell<Option<Current>> = const { RefCell::new(None) };
}

/// What a thread knows of itself.
struct Current {
    thread: AnyThread,
    /// Whether it is a thread of std: nobody but its end takes it from the list.
    foreign: bool,
}

impl Drop for Current {
    fn drop(&mut self) {
        if self.foreign {
            self.thread.core().end(None);
            remove(&self.thread);
        }
    }
}

/// A live thread, as the host sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ThreadInfo {
    /// The system's thread id; none for a thread that is just being started.
    pub(crate) native_id: Option<u32>,
    /// Whether the end of the process does not wait for it.
    pub(crate) daemon: bool,
    pub(crate) name: String,
}

/// The live threads made by [`Thread`](crate::threading::Thread), for the host. A thread that is not here is one of std, also
/// if it has a dummy, or one of ours in its last steps.
pub(crate) fn live_threads() -> Vec<ThreadInfo> {
    let threads = live().values().cloned().collect::<Vec<_>>();
    threads
        .iter()
        .filter(|thread| thread.core().origin == Origin::Ours)
        .map(|thread| ThreadInfo {
            native_id: thread.native_id(),
            daemon: thread.daemon(),
            name: thread.name(),
        })
        .collect()
}

/// Waits for the end of all threads that are not daemons, also of those that they start meanwhile,
/// and says whether all have ended.
pub(crate) fn join_non_daemon(deadline: Deadline) -> bool {
    loop {
        let me = ident::get();
        let next = live()
            .iter()
            .find(|(ident, thread)| **ident != me && !thread.daemon())
            .map(|(_, thread)| thread.clone());
        match next {
            None => return true,
            Some(thread) if thread.core().wait_end(deadline) => remove(&thread),
            Some(_) => return false,
        }
    }
}

/// The calling thread: Python's `threading.current_thread()`.
///
/// A thread that was not made by [`Thread`](crate::threading::Thread), as one of std or of rayon, gets a dummy, as in
/// Python: a daemon, with the name that std knows, or else `Dummy-N`. Unlike in Python it can be joined.
///
/// ```
/// use woozle::threading::{Thread, current_thread};
///
/// let t = Thread::builder().name("pooh").spawn(|| current_thread().name())?;
/// assert_eq!(t.join()?, "pooh");
/// # Ok::<(), woozle::threading::ThreadError>(())
/// ```
pub fn current_thread() -> AnyThread {
    known_current().unwrap_or_else(adopt)
}

/// The calling thread if it has an object already.
pub(crate) fn known_current() -> Option<AnyThread> {
    CURRENT
        .try_with(|current| Some(current.try_borrow().ok()?.as_ref()?.thread.clone()))
        .ok()?
}

/// The thread that the process began with: Python's `threading.main_thread()`.
///
/// ```
/// # use woozle::threading::main_thread;
/// assert_eq!(main_thread().name(), "MainThread");
/// ```
pub fn main_thread() -> AnyThread {
    static MAIN: OnceLock<AnyThread> = OnceLock::new();
    MAIN.get_or_init(AnyThread::main).clone()
}

/// All threads that are alive, the main thread first: Python's `threading.enumerate()`.
///
/// ```
/// # use woozle::threading::{Event, Thread, enumerate};
/// let stop = Event::new();
/// let t = Thread::new({ let stop = stop.clone(); move || stop.wait() });
/// t.start();
/// assert!(enumerate().contains(&t));
/// stop.set();
/// t.join()?;
/// assert!(!enumerate().contains(&t));
/// # Ok::<(), woozle::threading::ThreadError>(())
/// ```
pub fn enumerate() -> Vec<AnyThread> {
    let mut threads = vec![main_thread()];
    threads.extend(live().values().cloned());
    threads
}

/// The threads have other numbers now.
pub(crate) fn renumber(renumbered: &Renumbered) {
    for thread in live().values() {
        let new = |id: u32| renumbered.new_tid(id.cast_signed());
        if let Some(new) = thread.native_id().and_then(new) {
            thread.set_native_id(new.unsigned_abs());
        }
    }
}

/// The thread of ours that the system called so has crashed, and is gone.
pub(crate) fn note_crashed(native_id: i32, how: &str) {
    let is_it = |thread: &&AnyThread| thread.native_id() == Some(native_id.unsigned_abs());
    let found = live().values().find(is_it).cloned();
    if let Some(thread) = found {
        let name = thread.core().name();
        thread.core().crash(ThreadPanic::crash(name, how));
        remove(&thread);
    }
}

/// For as long as the result lives: what is to be done if the calling thread, one of ours, crashes and does not come
/// back.
pub(crate) fn if_crashed(call: OnCrash) -> Option<IfCrashed> {
    let thread = known_current()?;
    thread.core().push_on_crash(call);
    Some(IfCrashed(thread))
}

/// See [`if_crashed`].
pub(crate) struct IfCrashed(AnyThread);

impl Drop for IfCrashed {
    fn drop(&mut self) {
        self.0.core().pop_on_crash();
    }
}

/// How many threads are alive: Python's `threading.active_count()`.
///
/// ```
/// # use woozle::threading::active_count;
/// assert!(active_count() >= 1);
/// ```
pub fn active_count() -> usize {
    live().len() + 1
}

/// A number that names the calling thread: Python's `threading.get_ident()`.
///
/// Unlike in Python it is never given to another thread later.
///
/// ```
/// # use woozle::threading::{current_thread, get_ident};
/// assert_eq!(current_thread().ident(), Some(get_ident()));
/// ```
pub fn get_ident() -> u64 {
    ident::get().get()
}

/// The system's id of the calling thread: Python's `threading.get_native_id()`.
///
/// ```
/// # use woozle::threading::get_native_id;
/// assert!(get_native_id() > 0);
/// ```
pub fn get_native_id() -> u32 {
    ident::native()
}

/// Puts a thread of ours, which is about to start, into the list.
pub(in crate::threading) fn insert(ident: NonZeroU64, thread: AnyThread) {
    live().insert(ident, thread);
}

/// Takes a thread that has ended, or did not come to start, from the list.
pub(in crate::threading) fn remove(thread: &AnyThread) {
    let removed = thread
        .core()
        .ident()
        .and_then(|ident| live().remove(&ident));
    drop(removed);
}

/// Tells the calling thread, one of ours, who it is.
pub(in crate::threading) fn set_current(thread: AnyThread) {
    CURRENT.set(Some(Current {
        thread,
        foreign: false,
    }));
}

#[cold]
fn adopt() -> AnyThread {
    let me = ident::get();
    let main = me == ident::MAIN;
    let thread = if main {
        main_thread()
    } else {
        AnyThread::foreign(me)
    };
    let current = Current {
        thread: thread.clone(),
        foreign: !main,
    };
    if !main {
        insert(me, thread.clone());
    }
    // In a thread that is being taken down there is no place left: `current` is dropped, and with
    // it the entry in the list.
    let _ = CURRENT.try_with(|place| place.replace(Some(current)));
    thread
}

/// The calling thread's name, without making a dummy for it.
pub(in crate::threading) fn current_name() -> Arc<str> {
    match known_current() {
        Some(thread) => thread.arc_name(),
        None => std::thread::current().name().unwrap_or("<unnamed>").into(),
    }
}
