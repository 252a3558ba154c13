//! The analyzer's life beside a session: found or built, started, ended.

#![expect(clippy::disallowed_methods, reason = "it ends with the kernel")]

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::package;
use super::process::{Event, Process};
use super::protocol::{Answer, Notebook, Question};
use super::rust_src;
use crate::build::session_folder::SessionFolder;
use crate::build::toolchain::Toolchain;
use crate::system::exit;
use crate::system::lease;
use crate::system::lock::LockUnpoisoned as _;

/// The analyzer's process, or what keeps it from being there.
#[derive(Debug)]
pub(crate) struct AnalyzerLink {
    pub(crate) toolchain: Toolchain,
    /// The folder of the runtime's sources.
    pub(crate) runtime: PathBuf,
    /// That of std's.
    pub(crate) sources: Option<PathBuf>,
    /// One that is built already; else it is built into the cache.
    pub(crate) program: Option<PathBuf>,
    /// How long a completion waits.
    pub(crate) limit: Duration,
    state: Mutex<LinkState>,
    changed: Condvar,
}

/// How far it is, and what has been asked.
#[derive(Debug, Default)]
pub(crate) struct LinkState {
    pub(crate) phase: Phase,
    /// What the process has been told.
    pub(crate) told: Option<Notebook>,
    /// The number of the last question.
    pub(crate) last: u64,
    /// What has been answered, and not been taken yet.
    pub(crate) answers: HashMap<u64, Answer>,
    /// What the user should know, and has not been told.
    pub(crate) note: Option<String>,
    /// Why the last start failed.
    reason: Option<String>,
}

/// How far the process is.
#[derive(Debug, Default)]
pub(crate) enum Phase {
    /// Nobody has asked yet, or it has ended since.
    #[default]
    Asleep,
    /// It is being found or built.
    Preparing,
    /// It reads the sources.
    Starting(Running),
    /// It answers.
    Ready(Running),
    /// It could not be started, at this time.
    Missing(Instant),
}

/// The process, as long as it runs.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) process: Process,
    /// What it writes, gone when it ends.
    _folder: SessionFolder,
}

impl LinkState {
    /// It could not be started. The user is told so once for each reason.
    fn fail(&mut self, reason: String) {
        self.phase = Phase::Missing(Instant::now());
        if self.reason.as_ref() != Some(&reason) {
            self.note = Some(reason.clone());
            self.reason = Some(reason);
        }
    }
}

impl AnalyzerLink {
    /// One that has not been started.
    pub(crate) fn new(
        toolchain: Toolchain,
        runtime: PathBuf,
        sources: Option<PathBuf>,
        program: Option<PathBuf>,
        limit: Duration,
    ) -> Self {
        Self {
            toolchain,
            runtime,
            sources,
            program,
            limit,
            state: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    /// Its state; nobody else changes it meanwhile.
    pub(crate) fn lock(&self) -> MutexGuard<'_, LinkState> {
        self.state.lock_unpoisoned()
    }

    /// Waits as long as a condition holds, but no longer than until then.
    pub(crate) fn wait_while<'a>(
        &self,
        state: MutexGuard<'a, LinkState>,
        until: Instant,
        condition: impl Fn(&LinkState) -> bool,
    ) -> MutexGuard<'a, LinkState> {
        let limit = until.saturating_duration_since(Instant::now());
        let waited = self
            .changed
            .wait_timeout_while(state, limit, |state| condition(state));
        waited.unwrap_or_else(PoisonError::into_inner).0
    }

    /// Finds or builds the program and starts it. Runs on a thread of its own.
    pub(crate) fn prepare(self: Arc<Self>, first: Notebook) {
        match self.start(&first) {
            Ok(()) => {}
            Err(reason) => {
                tracing::warn!("completion goes on without the analyzer: {reason}");
                self.lock().fail(reason);
                self.changed.notify_all();
            }
        }
    }

    fn start(self: &Arc<Self>, first: &Notebook) -> Result<(), String> {
        let sources = self.sources.as_ref().ok_or_else(|| {
            let help = rust_src::HELP;
            format!("For the methods of all types, {help}; then restart the kernel.")
        })?;
        let built = self.program.clone();
        let program = match built.or_else(|| package::find(&self.toolchain)) {
            Some(program) => program,
            None => self.build()?,
        };
        let folder = SessionFolder::new().map_err(|error| error.to_string())?;
        let link = Arc::downgrade(self);
        let event = move |event| {
            if let Some(link) = link.upgrade() {
                link.take(event);
            }
        };
        // Locked, so that no event comes before the process is noted.
        let mut state = self.lock();
        let process = Process::start(&program, &self.toolchain, sources, folder.path(), event)
            .map_err(|error| format!("{} cannot be started: {error}", program.display()))?;
        process.ask(Question::Notebook(first.clone()));
        state.told = Some(first.clone());
        state.phase = Phase::Starting(Running {
            process,
            _folder: folder,
        });
        self.changed.notify_all();
        Ok(())
    }

    /// Builds it in a process of its own, which ends with the kernel.
    fn build(&self) -> Result<PathBuf, String> {
        tracing::info!("the analyzer is being built");
        let this = std::env::current_exe().map_err(|error| error.to_string())?;
        let mut command = Command::new(this);
        command
            .args(["analyzer", "--background"])
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut building = lease::spawn(&mut command, Command::stdin)
            .map_err(|error| format!("the analyzer cannot be built: {error}"))?;
        let status = building.child.wait();
        package::find(&self.toolchain).ok_or_else(|| {
            let how = status.map_or_else(|error| error.to_string(), exit::shown);
            format!("The analyzer could not be built ({how}); `woozle analyzer` shows why.")
        })
    }

    fn take(&self, event: Event) {
        let mut state = self.lock();
        match event {
            Event::Answer(Answer::Ready) => {
                tracing::info!("the analyzer is ready");
                state.phase = match std::mem::take(&mut state.phase) {
                    Phase::Starting(running) => Phase::Ready(running),
                    other => other,
                };
            }
            Event::Answer(
                ref answer @ (Answer::Completions { id, .. }
                | Answer::Page { id, .. }
                | Answer::None { id, .. }),
            ) => {
                if let Answer::None { reason, .. } = answer {
                    tracing::debug!("the analyzer has no answer: {reason}");
                }
                // Those that nobody waits for any more are older than the last question.
                state.answers.retain(|known, _| *known + 16 > id);
                state.answers.insert(id, answer.clone());
            }
            Event::Gone(status, said) => {
                let how = exit::shown(status);
                state.answers.clear();
                match std::mem::take(&mut state.phase) {
                    // The next question starts it again.
                    Phase::Ready(..) => tracing::info!("the analyzer has ended ({how})"),
                    _ => {
                        tracing::warn!("the analyzer ended as it started ({how}): {said}");
                        state.fail(format!("The analyzer ended as it started ({how}): {said}"));
                    }
                }
            }
        }
        drop(state);
        self.changed.notify_all();
    }
}
