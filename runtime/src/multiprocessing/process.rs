//! `Process`: a function that runs in a process of its own.

use std::fmt;
use std::os::fd::{AsFd, BorrowedFd};
use std::process::Termination;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::time::Duration;

use rustix::process::Signal;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::error::ProcessError;
use crate::multiprocessing::children::child::Child;
use crate::multiprocessing::children::child_main::ChildMain;
use crate::multiprocessing::children::exit::Exit;
use crate::multiprocessing::children::function::{Call, Function, Portable};
use crate::multiprocessing::children::watched::Watch;
use crate::multiprocessing::memory::guarded::lock;
use crate::multiprocessing::transport::descriptors;
use crate::multiprocessing::transport::descriptors::Parcel;
use crate::multiprocessing::transport::packet::Packet;
use crate::process::output;
use crate::process::task_origin::Errand;
use crate::protocol::{Event, Place};
use crate::threading::ThreadPanic;
use crate::threading::{Run, panics};
use crate::wait::Deadline;

/// A function that runs in a process of its own: Python's `multiprocessing.Process`.
///
/// It is used as a [`Thread`](crate::threading::Thread) is. What the process prints goes to the cell
/// that started it; its memory is its own, so arguments are copied to it, and what it has to say comes
/// back through a queue, a pipe, or shared memory.
///
/// ```
/// use woozle::multiprocessing::Process;
///
/// fn task(name: String) {
///     println!("hello from {name}, process {}", std::process::id());
/// }
///
/// let p = Process::with_args(task, ("Woozle".to_string(),))?;
/// p.start()?;
/// assert!(p.join()?.success());
/// # Ok::<(), woozle::multiprocessing::ProcessError>(())
/// ```
///
/// # Which functions
///
/// Any function or closure that captures nothing. It runs in the version that the calling cell sees.
/// A closure that captures is refused when the cell is compiled. Statics of cells are not shared: the
/// process sees their initial values.
///
/// # The end
///
/// The exit code is 0 when the function returns, 1 when it panics (the panic is shown in the cell) or
/// returns an `Err` (shown too), what it says if it returns an [`ExitCode`](std::process::ExitCode)
/// or calls [`std::process::exit`]. If the session ends, or is killed, all its processes end with it.
///
/// # What differs from Python
///
/// - Exit codes and signals are an [`Exit`]; [`exitcode`](Self::exitcode) is Python's number.
/// - Python's `authkey` is not there: sockets between processes have no name that others could find.
/// - A subclass with its own `run` is a type that implements [`Run`], given to [`Process::of`].
/// - A handle that is dropped leaves the process running, as in Python.
#[derive(Clone)]
pub struct Process(Arc<Inner>);

struct Inner {
    name: Mutex<String>,
    daemon: Mutex<bool>,
    state: Mutex<State>,
    child: OnceLock<Child>,
}

enum State {
    New(ChildMain, Parcel),
    Started,
    Closed,
}

/// What goes to the process, before its arguments.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Identity {
    name: String,
    daemon: bool,
    parent: ProcessInfo,
}

/// A process, as [`current_process`] and [`parent_process`] describe it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessInfo {
    /// Its name: `MainProcess`, or what [`Process::name`] says.
    pub name: String,
    /// Its process id.
    pub pid: u32,
    /// Whether it is a daemon.
    pub daemon: bool,
}

static IDENTITY: OnceLock<Identity> = OnceLock::new();

impl Process {
    /// A process that will call `target`, a function or a closure that captures nothing; it is not
    /// started. Python: `Process(target=target)`.
    ///
    /// ```
    /// # use woozle::multiprocessing::Process;
    /// let p = Process::new(|| println!("Tick"));
    /// p.start()?;
    /// p.join()?;
    /// assert_eq!(p.exitcode()?, Some(0));
    /// # Ok::<(), woozle::multiprocessing::ProcessError>(())
    /// ```
    pub fn new<F, R>(target: F) -> Self
    where
        F: Fn() -> R + Portable,
        R: Termination,
    {
        let _ = target;
        Self::unstarted(main_of::<F, R>, Parcel::default())
    }

    /// A process that will call `target` with these arguments, a tuple. Python: `Process(target=target,
    /// args=args)`.
    ///
    /// # Errors
    ///
    /// [`ProcessError::Arguments`] if they cannot be serialised.
    ///
    /// ```
    /// # use woozle::multiprocessing::Process;
    /// fn count(name: String, n: u32) {
    ///     for i in 0..n { println!("{name} {i}") }
    /// }
    ///
    /// let p = Process::with_args(count, ("Tick".to_string(), 2))?;
    /// p.start()?;
    /// p.join()?;
    /// # Ok::<(), woozle::multiprocessing::ProcessError>(())
    /// ```
    pub fn with_args<F, A>(target: F, args: A) -> Result<Self, ProcessError>
    where
        F: Call<A, Output: Termination> + Portable,
        A: Serialize + DeserializeOwned + 'static,
    {
        let _ = target;
        let parcel = descriptors::pack(&args).map_err(ProcessError::Arguments)?;
        Ok(Self::unstarted(main_with::<F, A>, parcel))
    }

    /// A process that will run a copy of `runner`: what a subclass of Python's `Process` is.
    ///
    /// # Errors
    ///
    /// [`ProcessError::Arguments`] if `runner` cannot be serialised.
    ///
    /// ```
    /// use serde::{Deserialize, Serialize};
    /// use woozle::multiprocessing::Process;
    /// use woozle::threading::Run;
    ///
    /// #[derive(Serialize, Deserialize)]
    /// struct LongRunningTask { niters: u32 }
    ///
    /// impl Run for LongRunningTask {
    ///     fn run(&mut self) {
    ///         for i in 0..self.niters { println!("{i}") }
    ///     }
    /// }
    ///
    /// let p = Process::of(LongRunningTask { niters: 2 })?;
    /// p.start()?;
    /// assert!(p.join()?.success());
    /// # Ok::<(), woozle::multiprocessing::ProcessError>(())
    /// ```
    pub fn of<T>(runner: T) -> Result<Self, ProcessError>
    where
        T: Run + Serialize + DeserializeOwned,
    {
        let parcel = descriptors::pack(&runner).map_err(ProcessError::Arguments)?;
        Ok(Self::unstarted(main_running::<T>, parcel))
    }

    fn unstarted(main: ChildMain, parcel: Parcel) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(1);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = match IDENTITY.get() {
            // As in Python: the child of Process-1 is Process-1:1.
            Some(identity) => format!("{}:{number}", identity.name),
            None => format!("Process-{number}"),
        };
        Self(Arc::new(Inner {
            name: Mutex::new(name),
            daemon: Mutex::new(current_process().daemon),
            state: Mutex::new(State::New(main, parcel)),
            child: OnceLock::new(),
        }))
    }

    /// Starts the process. Python: `p.start()`.
    ///
    /// # Errors
    ///
    /// [`ProcessError`]: it was started before or closed; this process is a daemon, which may have no
    /// children; the system gives no more processes.
    ///
    /// ```
    /// # use woozle::multiprocessing::Process;
    /// let p = Process::new(|| ());
    /// p.start()?;
    /// assert!(p.start().is_err());
    /// # p.join()?;
    /// # Ok::<(), woozle::multiprocessing::ProcessError>(())
    /// ```
    pub fn start(&self) -> Result<(), ProcessError> {
        let mut state = lock(&self.0.state);
        let (main, parcel) = match &*state {
            State::New(main, parcel) => (*main, parcel),
            State::Started => return Err(ProcessError::AlreadyStarted(self.name())),
            State::Closed => return Err(ProcessError::Closed(self.name())),
        };
        let parent = current_process();
        if parent.daemon {
            return Err(ProcessError::DaemonicParent(parent.name));
        }
        let identity = Identity {
            name: self.name(),
            daemon: self.daemon(),
            parent,
        };
        let head = postcard::to_stdvec(&identity)
            .map_err(|e| ProcessError::Arguments(descriptors::CodecError::new(e)))?;
        let mut bytes = u32::try_from(head.len())
            .unwrap_or_default()
            .to_le_bytes()
            .to_vec();
        bytes.extend(head);
        bytes.extend(&parcel.bytes);
        let parcel = Parcel {
            bytes,
            descriptors: parcel.descriptors.clone(),
        };
        let watch = Arc::new(Running {
            process: Arc::downgrade(&self.0),
            errand: Mutex::new((!identity.daemon).then(Errand::new)),
        });
        let started = Child::spawn(main, &parcel, watch).map_err(|source| ProcessError::Start {
            name: identity.name,
            source,
        })?;
        let _ = self.0.child.set(started);
        *state = State::Started;
        lock(&STARTED).push(Arc::downgrade(&self.0));
        Ok(())
    }

    /// Waits until the process has ended, and says how. Python: `p.join()`.
    ///
    /// # Errors
    ///
    /// [`ProcessError`] if it has not been started, or is closed.
    ///
    /// ```
    /// # use woozle::multiprocessing::{Exit, Process};
    /// let p = Process::new(|| std::process::exit(3));
    /// p.start()?;
    /// assert_eq!(p.join()?, Exit::Code(3));
    /// # Ok::<(), woozle::multiprocessing::ProcessError>(())
    /// ```
    pub fn join(&self) -> Result<Exit, ProcessError> {
        let exit = self.child()?.wait(Deadline::NEVER);
        Ok(exit.unwrap_or(Exit::Unknown))
    }

    /// As [`join`](Self::join), for at most this long; `None` if it is still running then. Python:
    /// `p.join(timeout)`.
    ///
    /// # Errors
    ///
    /// As [`join`](Self::join)'s.
    ///
    /// ```
    /// # use woozle::multiprocessing::Process;
    /// # use std::time::Duration;
    /// let p = Process::new(|| std::thread::sleep(Duration::from_secs(60)));
    /// p.start()?;
    /// assert_eq!(p.join_timeout(Duration::from_millis(1))?, None);
    /// p.kill()?;
    /// # Ok::<(), woozle::multiprocessing::ProcessError>(())
    /// ```
    pub fn join_timeout(&self, timeout: Duration) -> Result<Option<Exit>, ProcessError> {
        Ok(self.child()?.wait(Deadline::after(timeout)))
    }

    /// Whether the process runs. Python: `p.is_alive()`.
    ///
    /// # Errors
    ///
    /// [`ProcessError::Closed`].
    ///
    /// ```
    /// # use woozle::multiprocessing::Process;
    /// let p = Process::new(|| ());
    /// assert!(!p.is_alive()?);
    /// # Ok::<(), woozle::multiprocessing::ProcessError>(())
    /// ```
    pub fn is_alive(&self) -> Result<bool, ProcessError> {
        self.check_open()?;
        Ok(self
            .0
            .child
            .get()
            .is_some_and(|child| child.exit().is_none()))
    }

    /// Asks the process to end, with SIGTERM. Python: `p.terminate()`.
    ///
    /// # Errors
    ///
    /// [`ProcessError`] if it has not been started, or is closed.
    ///
    /// ```
    /// # use woozle::multiprocessing::{Exit, Process};
    /// let p = Process::new(|| std::thread::park());
    /// p.start()?;
    /// p.terminate()?;
    /// p.join()?;
    /// assert_eq!(p.exitcode()?, Some(-15));
    /// # Ok::<(), woozle::multiprocessing::ProcessError>(())
    /// ```
    pub fn terminate(&self) -> Result<(), ProcessError> {
        self.child().map(|child| child.kill(Signal::TERM))
    }

    /// Ends the process at once, with SIGKILL. Python: `p.kill()`.
    ///
    /// # Errors
    ///
    /// As [`terminate`](Self::terminate)'s.
    ///
    /// ```
    /// # use woozle::multiprocessing::{Exit, Process};
    /// let p = Process::new(|| std::thread::park());
    /// p.start()?;
    /// p.kill()?;
    /// assert_eq!(p.join()?, Exit::Signal(9));
    /// # Ok::<(), woozle::multiprocessing::ProcessError>(())
    /// ```
    pub fn kill(&self) -> Result<(), ProcessError> {
        self.child().map(|child| child.kill(Signal::KILL))
    }

    /// Says that the handle is no longer needed; every use is an error from now on. Python:
    /// `p.close()`.
    ///
    /// # Errors
    ///
    /// [`ProcessError::StillRunning`].
    ///
    /// ```
    /// # use woozle::multiprocessing::Process;
    /// let p = Process::new(|| ());
    /// p.close()?;
    /// assert!(p.is_alive().is_err());
    /// # Ok::<(), woozle::multiprocessing::ProcessError>(())
    /// ```
    pub fn close(&self) -> Result<(), ProcessError> {
        let mut state = lock(&self.0.state);
        if self
            .0
            .child
            .get()
            .is_some_and(|child| child.exit().is_none())
        {
            return Err(ProcessError::StillRunning(self.name()));
        }
        *state = State::Closed;
        Ok(())
    }

    /// Its name, `Process-N` if it was given none. Python: `p.name`.
    ///
    /// ```
    /// # use woozle::multiprocessing::Process;
    /// assert!(Process::new(|| ()).name().starts_with("Process-"));
    /// ```
    pub fn name(&self) -> String {
        lock(&self.0.name).clone()
    }

    /// Gives it another name; the process itself learns it if it is not started yet. Python: `p.name =
    /// name`.
    ///
    /// ```
    /// # use woozle::multiprocessing::Process;
    /// let p = Process::new(|| ());
    /// p.set_name("Wuzzle");
    /// assert_eq!(p.name(), "Wuzzle");
    /// ```
    pub fn set_name(&self, name: impl Into<String>) {
        *lock(&self.0.name) = name.into();
    }

    /// Whether nobody waits for it at the end of its cell. Python: `p.daemon`.
    ///
    /// ```
    /// # use woozle::multiprocessing::Process;
    /// assert!(!Process::new(|| ()).daemon());
    /// ```
    pub fn daemon(&self) -> bool {
        *lock(&self.0.daemon)
    }

    /// Makes it a daemon, or not: one that no cell waits for, and that can have no child processes.
    /// Python: `p.daemon = True`.
    ///
    /// # Errors
    ///
    /// [`ProcessError::AlreadyStarted`].
    ///
    /// ```
    /// # use woozle::multiprocessing::Process;
    /// let p = Process::new(|| ());
    /// p.set_daemon(true)?;
    /// assert!(p.daemon());
    /// # Ok::<(), woozle::multiprocessing::ProcessError>(())
    /// ```
    pub fn set_daemon(&self, daemon: bool) -> Result<(), ProcessError> {
        match *lock(&self.0.state) {
            State::New(..) => *lock(&self.0.daemon) = daemon,
            State::Started => return Err(ProcessError::AlreadyStarted(self.name())),
            State::Closed => return Err(ProcessError::Closed(self.name())),
        }
        Ok(())
    }

    /// Its process id; none before it is started. Python: `p.pid`, `p.ident`.
    ///
    /// # Errors
    ///
    /// [`ProcessError::Closed`].
    ///
    /// ```
    /// # use woozle::multiprocessing::Process;
    /// assert_eq!(Process::new(|| ()).pid()?, None);
    /// # Ok::<(), woozle::multiprocessing::ProcessError>(())
    /// ```
    pub fn pid(&self) -> Result<Option<u32>, ProcessError> {
        self.check_open()?;
        Ok(self.0.child.get().map(Child::pid))
    }

    /// How it ended, as Python's number: the exit code, or the negative number of the signal; none
    /// while it runs. Python: `p.exitcode`.
    ///
    /// # Errors
    ///
    /// [`ProcessError::Closed`].
    ///
    /// ```
    /// # use woozle::multiprocessing::Process;
    /// assert_eq!(Process::new(|| ()).exitcode()?, None);
    /// # Ok::<(), woozle::multiprocessing::ProcessError>(())
    /// ```
    pub fn exitcode(&self) -> Result<Option<i32>, ProcessError> {
        self.check_open()?;
        Ok(self.0.child.get().and_then(Child::exit).map(Exit::exitcode))
    }

    /// A descriptor that is readable when the process has ended, to wait for together with others.
    /// Python: `p.sentinel`.
    ///
    /// # Errors
    ///
    /// [`ProcessError`] if it has not been started, or is closed.
    ///
    /// ```
    /// # use woozle::multiprocessing::Process;
    /// let p = Process::new(|| ());
    /// assert!(p.sentinel().is_err());
    /// ```
    pub fn sentinel(&self) -> Result<BorrowedFd<'_>, ProcessError> {
        self.child().map(AsFd::as_fd)
    }

    fn check_open(&self) -> Result<(), ProcessError> {
        match *lock(&self.0.state) {
            State::Closed => Err(ProcessError::Closed(self.name())),
            _ => Ok(()),
        }
    }

    fn child(&self) -> Result<&Child, ProcessError> {
        self.check_open()?;
        let child = self.0.child.get();
        child.ok_or_else(|| ProcessError::NotStarted(self.name()))
    }
}

impl PartialEq for Process {
    /// Whether they are handles of the same process.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for Process {
    /// Python's `repr`, such as `<Process name='Process-1' pid=4711 stopped exitcode=0>`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Process name='{}'", self.name())?;
        let state = match *lock(&self.0.state) {
            State::New(..) => "initial",
            State::Closed => "closed",
            State::Started => "started",
        };
        let child = self.0.child.get().filter(|_| state == "started");
        if let Some(child) = child {
            write!(f, " pid={}", child.pid())?;
        }
        match child.and_then(Child::exit) {
            Some(exit) => write!(f, " stopped exitcode={}", exit.exitcode())?,
            None => write!(f, " {state}")?,
        }
        f.write_str(if self.daemon() { " daemon>" } else { ">" })
    }
}

/// All processes that were started, while somebody has a handle or they run.
static STARTED: Mutex<Vec<Weak<Inner>>> = Mutex::new(Vec::new());

/// Watches a process: its cell waits for it.
struct Running {
    process: Weak<Inner>,
    errand: Mutex<Option<Errand>>,
}

impl Watch for Running {
    fn message(&self, _: Packet) {}

    fn ended(&self, _: Exit) {
        drop(lock(&self.errand).take());
        lock(&STARTED).retain(|other| !other.ptr_eq(&self.process) && other.strong_count() > 0);
    }
}

/// What this process is. Python: `multiprocessing.current_process()`.
///
/// ```
/// use woozle::multiprocessing::current_process;
/// assert_eq!(current_process().name, "MainProcess");
/// ```
pub fn current_process() -> ProcessInfo {
    let pid = std::process::id();
    match IDENTITY.get() {
        Some(identity) => ProcessInfo {
            name: identity.name.clone(),
            pid,
            daemon: identity.daemon,
        },
        None => ProcessInfo {
            name: "MainProcess".to_owned(),
            pid,
            daemon: false,
        },
    }
}

/// The process that started this one; none in the main process. Python:
/// `multiprocessing.parent_process()`.
///
/// ```
/// use woozle::multiprocessing::parent_process;
/// assert_eq!(parent_process(), None);
/// ```
pub fn parent_process() -> Option<ProcessInfo> {
    IDENTITY.get().map(|identity| identity.parent.clone())
}

/// The processes that this one has started and that run; those whose handles are all dropped are not
/// among them. Python: `multiprocessing.active_children()`.
///
/// ```
/// use woozle::multiprocessing::{Process, active_children};
/// let p = Process::new(|| std::thread::park());
/// p.start()?;
/// assert!(active_children().contains(&p));
/// p.kill()?;
/// p.join()?;
/// assert!(!active_children().contains(&p));
/// # Ok::<(), woozle::multiprocessing::ProcessError>(())
/// ```
pub fn active_children() -> Vec<Process> {
    let started: Vec<_> = lock(&STARTED).iter().filter_map(Weak::upgrade).collect();
    let alive = |inner: &Arc<Inner>| {
        inner
            .child
            .get()
            .is_some_and(|child| child.exit().is_none())
    };
    started.into_iter().filter(alive).map(Process).collect()
}

fn main_of<F, R>(packet: Packet) -> i32
where
    F: Fn() -> R + Portable,
    R: Termination,
{
    run(packet, |()| Function::<F>::get()(), |_, _| Ok(()))
}

fn main_with<F, A>(packet: Packet) -> i32
where
    F: Call<A, Output: Termination> + Portable,
    A: Serialize + DeserializeOwned + 'static,
{
    run(
        packet,
        |args| Function::<F>::get().call(args),
        descriptors::unpack::<A>,
    )
}

fn main_running<T: Run + DeserializeOwned>(packet: Packet) -> i32 {
    run(
        packet,
        |mut runner: T| runner.run(),
        descriptors::unpack::<T>,
    )
}

type Unpack<A> = fn(&[u8], Vec<std::os::fd::OwnedFd>) -> Result<A, descriptors::CodecError>;

/// Runs the target; gives the exit code.
fn run<A, R: Termination>(packet: Packet, target: impl FnOnce(A) -> R, unpack: Unpack<A>) -> i32 {
    let begun = panics::catch(|| begin(packet, unpack));
    let args = match begun {
        Ok(Ok(args)) => args,
        Ok(Err(error)) => {
            eprintln!(
                "{}: the arguments did not arrive: {error}",
                current_process().name
            );
            return 1;
        }
        Err(panic) => return report(&panic),
    };
    // What `report` prints for an `Err` is part of it.
    match panics::catch(|| target(args).report()) {
        Ok(code) => {
            let is = |number: &u8| std::process::ExitCode::from(*number) == code;
            (0..=u8::MAX).find(is).map_or(1, i32::from)
        }
        Err(panic) => report(&panic),
    }
}

fn begin<A>(packet: Packet, unpack: Unpack<A>) -> Result<A, descriptors::CodecError> {
    let broken = || descriptors::CodecError::new("they are cut off");
    let (length, rest) = packet.bytes.split_first_chunk().ok_or_else(broken)?;
    let length = u32::from_le_bytes(*length) as usize;
    let (head, body) = rest.split_at_checked(length).ok_or_else(broken)?;
    let identity: Identity = postcard::from_bytes(head).map_err(descriptors::CodecError::new)?;
    let _ = IDENTITY.set(identity);
    unpack(body, packet.descriptors)
}

/// Shows a panic in the cell.
fn report(panic: &ThreadPanic) -> i32 {
    let place = panic.location().and_then(|location| {
        let (rest, column) = location.rsplit_once(':')?;
        let (file, line) = rest.rsplit_once(':')?;
        Some(Place {
            file: file.to_owned(),
            line: line.parse().ok()?,
            column: column.parse().ok()?,
        })
    });
    output::send(&Event::Panic {
        cell: output::current_area(),
        panic: crate::protocol::Panic {
            thread: Some(current_process().name),
            message: panic.message().to_owned(),
            place,
            frames: Vec::new(),
        },
    });
    1
}

/// How many processors the machine has, whether this process may use them or not. Python:
/// `multiprocessing.cpu_count()`. How many it may use is
/// [`available_parallelism`](std::thread::available_parallelism), by which pools go.
///
/// ```
/// use woozle::multiprocessing::cpu_count;
/// assert!(cpu_count() >= 1);
/// ```
pub fn cpu_count() -> usize {
    // SAFETY: it only asks.
    let count = unsafe { libc::sysconf(libc::_SC_NPROCESSORS_ONLN) };
    usize::try_from(count).unwrap_or(1).max(1)
}

/// How processes are started: always `"forkserver"`. Python: `multiprocessing.get_start_method()`.
///
/// Python's `"fork"` copies a process with one of its threads: whatever lock another thread held
/// then is held for ever in the copy, and here the host has many threads. `"spawn"` is what the
/// forkserver is to each session: a fresh start of the program. So there is nothing to choose, and no
/// `set_start_method`.
///
/// ```
/// use woozle::multiprocessing::get_start_method;
/// assert_eq!(get_start_method(), "forkserver");
/// ```
pub fn get_start_method() -> &'static str {
    "forkserver"
}
