//! Starting a process, and those that have been started.

use std::sync::{Arc, Mutex, Weak};

use super::api::{Process, ProcessInner, ProcessState};
use super::info::{Identity, current_process};
use crate::multiprocessing::children::child::Child;
use crate::multiprocessing::children::exit::Exit;
use crate::multiprocessing::children::watched::Watch;
use crate::multiprocessing::error::ProcessError;
use crate::multiprocessing::transport::descriptors::{self, Parcel};
use crate::multiprocessing::transport::packet::Packet;
use crate::process::task_origin::TaskOrigin;
use crate::sync::lock_std;

/// All processes that were started, while somebody has a handle or they run.
static STARTED: Mutex<Vec<Weak<ProcessInner>>> = Mutex::new(Vec::new());

/// Watches a process: its cell waits for it.
struct Running {
    process: Weak<ProcessInner>,
    origin: Mutex<Option<TaskOrigin>>,
}

impl Watch for Running {
    fn message(&self, _: Packet) {}

    fn ended(&self, _: Exit) {
        drop(lock_std(&self.origin).take());
        lock_std(&STARTED).retain(|other| !other.ptr_eq(&self.process) && other.strong_count() > 0);
    }
}

impl Process {
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
        let mut state = lock_std(&self.0.state);
        let (main, parcel) = match &*state {
            ProcessState::New(main, parcel) => (*main, parcel),
            ProcessState::Started => return Err(ProcessError::AlreadyStarted(self.name())),
            ProcessState::Closed => return Err(ProcessError::Closed(self.name())),
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
            origin: Mutex::new((!identity.daemon).then(TaskOrigin::new)),
        });
        let started = Child::spawn(main, &parcel, watch).map_err(|source| ProcessError::Start {
            name: identity.name,
            source,
        })?;
        let _ = self.0.child.set(started);
        *state = ProcessState::Started;
        lock_std(&STARTED).push(Arc::downgrade(&self.0));
        Ok(())
    }
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
    let started: Vec<_> = lock_std(&STARTED)
        .iter()
        .filter_map(Weak::upgrade)
        .collect();
    let alive = |inner: &Arc<ProcessInner>| {
        inner
            .child
            .get()
            .is_some_and(|child| child.exit().is_none())
    };
    started.into_iter().filter(alive).map(Process).collect()
}
