//! `Builder`: a thread's settings.

use crate::threading::error::ThreadError;
use crate::threading::thread::handle::Thread;
use crate::threading::thread::settings::Settings;
use crate::threading::thread::target::Run;

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
        Thread::configured(self.settings(), target)
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
    pub fn of<R: Run>(self, runner: R) -> Thread<R> {
        Thread::configured_of(self.settings(), runner)
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

    fn settings(self) -> Settings {
        Settings {
            name: self.name,
            daemon: self.daemon,
            stack_size: self.stack_size,
        }
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
