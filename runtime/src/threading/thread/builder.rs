//! `Builder`: a thread's settings.

use std::sync::{Arc, Mutex};

use crate::threading::error::ThreadError;
use crate::threading::thread::any::AnyThread;
use crate::threading::thread::core::{Core, Target};
use crate::threading::thread::handle::Thread;
use crate::threading::thread::registry;
use crate::threading::thread::target::{Run, default_name};

/// A thread's settings: the keyword arguments of Python's `threading.Thread`, and the stack size.
///
/// ```
/// use woozle::threading::Thread;
///
/// let t = Thread::builder()
///     .name("tigger")
///     .daemon(true)
///     .stack_size(1 << 20)
///     .build(|| println!("bounce"));
/// assert_eq!((t.name().as_str(), t.daemon(), t.is_alive()), ("tigger", true, false));
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "a builder makes a thread only in `build` or `spawn`"]
pub struct Builder {
    name: Option<String>,
    daemon: Option<bool>,
    stack_size: Option<usize>,
}

impl Builder {
    /// Default settings.
    ///
    /// ```
    /// # use woozle::threading::Builder;
    /// let t = Builder::new().build(|| ());
    /// assert!(t.name().starts_with("Thread-"));
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// The thread's name. Default: `Thread-N (target)`, or `Thread-N` for a closure.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Whether the end of the notebook does not wait for the thread. Default: what the thread that
    /// makes it is.
    pub fn daemon(mut self, daemon: bool) -> Self {
        self.daemon = Some(daemon);
        self
    }

    /// The size of the thread's stack in bytes; the system rounds it up. Default: 2 MiB, as std's.
    ///
    /// Python's `threading.stack_size(n)`, which there is a setting of the whole process and fails
    /// below 32 KiB; here it is the thread's own, and a small size is raised to the system's least.
    pub fn stack_size(mut self, bytes: usize) -> Self {
        self.stack_size = Some(bytes);
        self
    }

    /// Makes the thread, which is not started.
    ///
    /// ```
    /// # use woozle::threading::Thread;
    /// let t = Thread::builder().name("roo").build(|| 1 + 1);
    /// t.start();
    /// assert_eq!(t.join()?, 2);
    /// # Ok::<(), woozle::threading::ThreadError>(())
    /// ```
    pub fn build<T, F>(self, target: F) -> Thread<T>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        let result = Arc::new(Mutex::new(None));
        let place = result.clone();
        let target: Target = Box::new(move || {
            let value = target();
            Thread::put(&place, value);
        });
        Thread::assemble(self.object(std::any::type_name::<F>(), target), result)
    }

    /// Makes a thread of a value with a `run` method, which is not started; see [`Run`].
    ///
    /// ```
    /// # use woozle::threading::{Run, Thread};
    /// struct Task;
    /// impl Run for Task {
    ///     fn run(&mut self) {}
    /// }
    /// let t = Thread::builder().name("kanga").of(Task);
    /// assert_eq!(t.name(), "kanga");
    /// ```
    pub fn of<R: Run>(self, mut runner: R) -> Thread<R> {
        let result = Arc::new(Mutex::new(None));
        let place = result.clone();
        let target: Target = Box::new(move || {
            runner.run();
            Thread::put(&place, runner);
        });
        Thread::assemble(self.object(std::any::type_name::<R>(), target), result)
    }

    /// Makes the thread and starts it.
    ///
    /// # Errors
    ///
    /// [`ThreadError::Spawn`] if the system gives no thread.
    ///
    /// ```
    /// # use woozle::threading::Thread;
    /// let t = Thread::builder().name("owl").spawn(|| "wol")?;
    /// assert_eq!(t.join()?, "wol");
    /// # Ok::<(), woozle::threading::ThreadError>(())
    /// ```
    pub fn spawn<T, F>(self, target: F) -> Result<Thread<T>, ThreadError>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        self.build(target).try_start()
    }

    fn object(self, type_name: &str, target: Target) -> AnyThread {
        let name = self.name.unwrap_or_else(|| default_name(type_name));
        let daemon = self
            .daemon
            .unwrap_or_else(|| registry::known_current().is_some_and(|thread| thread.daemon()));
        let core = Core::new(name.into(), daemon, self.stack_size);
        core.set_target(target);
        AnyThread::from_core(core)
    }
}

impl<T: Send + 'static> Thread<T> {
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
        Builder::new().build(target)
    }

    /// A thread that has been started: [`new`](Self::new) and [`start`](Self::start) in one.
    ///
    /// # Panics
    ///
    /// If the system gives no thread, as [`std::thread::spawn`]; [`Builder::spawn`] returns the
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
}

impl Thread<()> {
    /// Settings for a thread: name, daemon, stack size.
    ///
    /// ```
    /// # use woozle::threading::Thread;
    /// let t = Thread::builder().name("rabbit").build(|| ());
    /// assert_eq!(t.name(), "rabbit");
    /// ```
    pub fn builder() -> Builder {
        Builder::new()
    }
}

impl<R: Run> Thread<R> {
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
        Builder::new().of(runner)
    }
}
