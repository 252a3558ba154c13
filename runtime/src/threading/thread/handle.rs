//! `Thread`: a thread of the notebook, and its result.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::sync::lock_std;
use crate::threading::error::ThreadError;
use crate::threading::thread::any::AnyThread;
use crate::threading::thread::core::Target;
use crate::threading::thread::join_once::{JoinOnce, Place};
use crate::threading::thread::settings::Settings;
use crate::threading::thread::target::Run;
use crate::wait::Deadline;

/// A thread: Python's `threading.Thread`.
///
/// It is made first and started later; the handle is a cheap clone that any thread may use. Its
/// name, state and so on are the methods of [`AnyThread`].
///
/// ```
/// use std::thread::sleep;
/// use std::time::Duration;
/// use woozle::threading::Thread;
///
/// let t = Thread::new(|| {
///     println!("Tick");
///     sleep(Duration::from_millis(2));
///     println!("Tock");
/// });
/// t.start();
/// while t.is_alive() {
///     sleep(Duration::from_millis(1));
///     println!("Waiting for thread to finish...");
/// }
/// t.join()?;
/// # Ok::<(), woozle::threading::ThreadError>(())
/// ```
///
/// Arguments are captured: Python's `Thread(target=task, args=(8,))` is
/// `Thread::new(|| task(8))`, with `move` if the closure takes variables along.
///
/// # The result
///
/// Python's threads return nothing and their exceptions reach nobody but the
/// [`excepthook`](crate::threading::excepthook). Here [`join`](Self::join) also gives the closure's value, or its panic
/// as an error. Many may join, so each gets a clone of the value; [`take_result`](Self::take_result) gives the value
/// itself, once. If the value cannot be cloned, so does `join`, which is then [`JoinOnce::join`]: whoever joins again
/// gets the error [`ThreadError::ResultTaken`].
///
/// # What differs from Python
///
/// - `target` is required: a thread without one does nothing.
/// - A subclass with its own `run` is a type that implements [`Run`](crate::threading::Run), given to [`Thread::of`].
/// - `sys.exit()` in a thread is `return`.
/// - A handle that is dropped leaves the thread running, as in Python.
pub struct Thread<T = ()>(JoinOnce<T>);

impl<T: Send + 'static> Thread<T> {
    pub(in crate::threading) fn configured<F>(settings: Settings, target: F) -> Self
    where
        F: FnOnce() -> T + Send + 'static,
    {
        let result = Arc::new(Mutex::new(None));
        let place = result.clone();
        let target: Target = Box::new(move || {
            let value = target();
            Thread::put(&place, value);
        });
        Self::assemble(settings.object(std::any::type_name::<F>(), target), result)
    }

    /// A thread that will run `target`; it is not started. Python: `threading.Thread(target=...)`.
    ///
    /// ```
    /// # use woozle::threading::Thread;
    /// fn task() -> u32 { 42 }
    ///
    /// let t = Thread::new(task);
    /// assert!(t.name().ends_with(" (task)"));
    /// t.start();
    /// assert_eq!(t.join()?, 42);
    /// # Ok::<(), woozle::threading::ThreadError>(())
    /// ```
    pub fn new<F>(target: F) -> Self
    where
        F: FnOnce() -> T + Send + 'static,
    {
        Self::configured(Settings::default(), target)
    }

    /// A thread that has been started: [`new`](Self::new) and [`start`](Self::start) in one.
    ///
    /// # Panics
    ///
    /// If the system gives no thread, as [`std::thread::spawn`]; [`Builder::spawn`](crate::threading::Builder::spawn) returns the
    /// error.
    ///
    /// ```
    /// # use woozle::threading::Thread;
    /// assert_eq!(Thread::spawn(|| 6 * 7).join()?, 42);
    /// # Ok::<(), woozle::threading::ThreadError>(())
    /// ```
    #[track_caller]
    pub fn spawn<F>(target: F) -> Self
    where
        F: FnOnce() -> T + Send + 'static,
    {
        Self::new(target).start()
    }

    /// Starts the thread, and returns one more handle of it. Python: `t.start()`.
    ///
    /// That a thread is started twice is no compile error, as it would be if `start` took the
    /// thread itself: the same variable is what one joins later. It is a mistake in the program, as
    /// an index out of bounds is, so it panics, and `t.start();` stands without `?`.
    ///
    /// # Panics
    ///
    /// If the thread has been started before (Python's `RuntimeError`), and if the system gives no
    /// thread. Nothing has changed then; [`try_start`](Self::try_start) returns the error.
    ///
    /// ```
    /// # use woozle::threading::Thread;
    /// let t = Thread::new(|| println!("Woozle"));
    /// t.start();
    /// t.join()?;
    /// # Ok::<(), woozle::threading::ThreadError>(())
    /// ```
    #[track_caller]
    pub fn start(&self) -> Self {
        match self.try_start() {
            Ok(thread) => thread,
            Err(error) => panic!("{error}"),
        }
    }

    /// Starts the thread, and returns one more handle of it.
    ///
    /// # Errors
    ///
    /// [`ThreadError::AlreadyStarted`], [`ThreadError::Spawn`]; after the latter it can be tried again.
    ///
    /// ```
    /// # use woozle::threading::{Thread, ThreadError};
    /// let t = Thread::new(|| ());
    /// t.try_start()?;
    /// assert!(matches!(t.try_start(), Err(ThreadError::AlreadyStarted(_))));
    /// # Ok::<(), ThreadError>(())
    /// ```
    pub fn try_start(&self) -> Result<Self, ThreadError> {
        self.0.thread.try_start().map(|()| self.clone())
    }

    /// Waits until the thread has ended and gives its value itself, once.
    ///
    /// # Errors
    ///
    /// Those of [`join`](AnyThread::join), and [`ThreadError::ResultTaken`] if somebody has taken it before.
    ///
    /// ```
    /// # use woozle::threading::Thread;
    /// struct NotClone(u32);
    /// let t = Thread::spawn(|| NotClone(42));
    /// assert_eq!(t.take_result()?.0, 42);
    /// assert!(t.take_result().is_err());
    /// # Ok::<(), woozle::threading::ThreadError>(())
    /// ```
    pub fn take_result(&self) -> Result<T, ThreadError> {
        self.0.join()
    }
}

impl<T: Clone> Thread<T> {
    /// Waits until the thread has ended, and gives a clone of its value. Python: `t.join()`.
    ///
    /// Any thread may join, any number of times.
    ///
    /// # Errors
    ///
    /// [`ThreadError::Panicked`] if a panic ended the thread, [`ThreadError::NotStarted`],
    /// [`ThreadError::JoinCurrent`] (Python's `RuntimeError`s), [`ThreadError::ResultTaken`].
    ///
    /// ```
    /// # use woozle::threading::Thread;
    /// let squares: Vec<_> = (0..4).map(|i| Thread::spawn(move || i * i)).collect();
    /// let mut sum = 0;
    /// for t in &squares {
    ///     sum += t.join()?;
    /// }
    /// assert_eq!(sum, 14);
    /// # Ok::<(), woozle::threading::ThreadError>(())
    /// ```
    pub fn join(&self) -> Result<T, ThreadError> {
        AnyThread::join(self)?;
        self.0.result(|place| place.clone())
    }

    /// As [`join`](Self::join), for at most this long. Python: `t.join(timeout)`.
    ///
    /// # Errors
    ///
    /// Those of [`join`](Self::join), and [`ThreadError::TimedOut`]; the thread then goes on.
    ///
    /// ```
    /// # use woozle::threading::Thread;
    /// # use std::time::Duration;
    /// assert_eq!(Thread::spawn(|| 42).join_timeout(Duration::from_secs(9))?, 42);
    /// # Ok::<(), woozle::threading::ThreadError>(())
    /// ```
    pub fn join_timeout(&self, timeout: Duration) -> Result<T, ThreadError> {
        self.join_until(Deadline::after(timeout))?;
        self.0.result(|place| place.clone())
    }
}

impl<T> Thread<T> {
    pub(in crate::threading) fn assemble(thread: AnyThread, result: Place<T>) -> Self {
        Self(JoinOnce { thread, result })
    }

    pub(in crate::threading) fn put(place: &Place<T>, value: T) {
        *lock_std(place) = Some(value);
    }
}

impl<R: Run> Thread<R> {
    pub(in crate::threading) fn configured_of(settings: Settings, mut runner: R) -> Self {
        let result = Arc::new(Mutex::new(None));
        let place = result.clone();
        let target: Target = Box::new(move || {
            runner.run();
            Thread::put(&place, runner);
        });
        Self::assemble(settings.object(std::any::type_name::<R>(), target), result)
    }

    /// A thread that calls `run` of this value; it is not started. See [`Run`].
    ///
    /// ```
    /// # use woozle::threading::{Run, Thread};
    /// struct Task;
    /// impl Run for Task {
    ///     fn run(&mut self) { println!("Woozle") }
    /// }
    /// let t = Thread::of(Task);
    /// assert!(t.name().ends_with(" (Task)"));
    /// ```
    pub fn of(runner: R) -> Self {
        Self::configured_of(Settings::default(), runner)
    }
}

impl<T> Clone for Thread<T> {
    fn clone(&self) -> Self {
        Self::assemble(self.0.thread.clone(), Arc::clone(&self.0.result))
    }
}

impl<T> Deref for Thread<T> {
    type Target = JoinOnce<T>;

    fn deref(&self) -> &JoinOnce<T> {
        &self.0
    }
}

impl<T> PartialEq<Thread<T>> for AnyThread {
    fn eq(&self, other: &Thread<T>) -> bool {
        *self == other.0.thread
    }
}

impl<T> fmt::Debug for Thread<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.thread.fmt(f)
    }
}
