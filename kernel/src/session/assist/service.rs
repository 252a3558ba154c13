//! The analyzer's life beside a session: built and started when somebody first asks, asked with a
//! limit of time, started again if it ended.
//!
//! A run without a user never asks, so it never builds anything.

#![expect(clippy::disallowed_methods, reason = "it ends with the kernel")]

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::notebook::notebook;
use crate::analyzer::choice::Choice;
use crate::analyzer::package::{self, Progress};
use crate::analyzer::process::{Event, Process};
use crate::analyzer::protocol::{Answer, Completion, Notebook, Page, Place, Question};
use crate::analyzer::rust_src;
use crate::build::session_folder::SessionFolder;
use crate::build::toolchain::Toolchain;
use crate::session::assist::snapshot::Snapshot;
use crate::system::exit;
use crate::system::lease;
use crate::system::lock::LockUnpoisoned as _;

/// How long a completion waits, unless the user says otherwise; then the session's own is shown.
const COMPLETION: Duration = Duration::from_millis(400);

/// After a failed start, how long nobody tries again.
const AGAIN: Duration = Duration::from_secs(300);

/// How much longer a page waits, also for an analyzer that starts: somebody has pressed a key for it.
const PAGE: u32 = 5;

/// The analyzer of a session.
#[derive(Debug)]
pub(super) struct Service {
    link: Arc<AnalyzerLink>,
}

#[derive(Debug)]
struct AnalyzerLink {
    toolchain: Toolchain,
    /// The folder of the runtime's sources.
    runtime: PathBuf,
    /// That of std's.
    sources: Option<PathBuf>,
    /// One that is built already; else it is built into the cache.
    program: Option<PathBuf>,
    /// How long a completion waits.
    limit: Duration,
    state: Mutex<LinkState>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct LinkState {
    phase: Phase,
    /// What the process has been told.
    told: Option<Notebook>,
    /// The number of the last question.
    last: u64,
    /// What has been answered, and not been taken yet.
    answers: HashMap<u64, Answer>,
    /// What the user should know, and has not been told.
    note: Option<String>,
    /// Why the last start failed.
    reason: Option<String>,
}

#[derive(Debug, Default)]
enum Phase {
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

#[derive(Debug)]
struct Running {
    process: Process,
    /// What it writes, gone when it ends.
    _folder: SessionFolder,
}

impl Service {
    /// The analyzer of the user's choice; `None` if there is to be none.
    pub(super) fn new(toolchain: &Toolchain) -> Option<Self> {
        let program = match Choice::from_env() {
            Choice::Off => return None,
            Choice::Program(program) => Some(program),
            Choice::Cache => None,
        };
        let link = AnalyzerLink {
            runtime: crate::build::runtime::sources(toolchain),
            sources: rust_src::find(toolchain),
            toolchain: toolchain.clone(),
            program,
            limit: limit(std::env::var("WOOZLE_ANALYZER_WAIT").ok().as_deref()),
            state: Mutex::default(),
            changed: Condvar::new(),
        };
        Some(Self {
            link: Arc::new(link),
        })
    }

    /// What can stand at a place, if the analyzer says it in time.
    pub(super) fn complete(&self, session: &Snapshot, place: Place) -> Option<Vec<Completion>> {
        let ask = |id| Question::Complete { id, place };
        match self.ask(session, ask, self.link.limit, false)? {
            Answer::Completions { completions, .. } => Some(completions),
            _ => None,
        }
    }

    /// What is known of the name that ends at a place, if the analyzer says it in time.
    pub(super) fn inspect(&self, session: &Snapshot, place: Place) -> Option<Page> {
        let ask = |id| Question::Inspect { id, place };
        match self.ask(session, ask, self.link.limit * PAGE, true)? {
            Answer::Page { page, .. } => page,
            _ => None,
        }
    }

    /// What the user should know about the analyzer. It is told once, but for a build that goes on.
    pub(super) fn note(&self) -> Option<String> {
        let mut state = self.link.lock();
        if let Phase::Preparing = state.phase
            && let Progress::Building(crates) = package::progress(&self.link.toolchain)
        {
            return Some(format!(
                "The analyzer is being built, which happens once ({crates} crates so far). \
                 With it, methods of all types are known."
            ));
        }
        state.note.take()
    }

    fn ask(
        &self,
        session: &Snapshot,
        question: impl FnOnce(u64) -> Question,
        limit: Duration,
        wait_for_start: bool,
    ) -> Option<Answer> {
        let until = Instant::now() + limit;
        let notebook = notebook(session, &self.link.runtime.to_string_lossy());
        let mut state = self.link.lock();
        // It reads the runtime's sources as well, which are there once that is built.
        let may_start = match state.phase {
            Phase::Asleep => true,
            Phase::Missing(since) => since.elapsed() >= AGAIN,
            _ => false,
        };
        if may_start && self.link.runtime.is_dir() {
            state.phase = Phase::Preparing;
            state.told = None;
            let link = Arc::clone(&self.link);
            let first = notebook.clone();
            let thread = std::thread::Builder::new().name("analyzer-start".into());
            if let Err(error) = thread.spawn(move || link.prepare(first)) {
                tracing::warn!("the analyzer cannot be started: {error}");
                state.phase = Phase::Missing(Instant::now());
            }
        }
        if wait_for_start {
            let starts = |state: &LinkState| matches!(state.phase, Phase::Starting(..));
            state = self.link.wait_while(state, until, starts);
        }
        let LinkState {
            phase: Phase::Ready(Running { process, .. }),
            told,
            last,
            ..
        } = &mut *state
        else {
            return None;
        };
        if told.as_ref() != Some(&notebook) {
            process.ask(Question::Notebook(notebook.clone()));
            *told = Some(notebook);
        }
        *last += 1;
        let id = *last;
        process.ask(question(id));
        let waits = |state: &LinkState| {
            matches!(state.phase, Phase::Ready(..)) && !state.answers.contains_key(&id)
        };
        state = self.link.wait_while(state, until, waits);
        state.answers.remove(&id)
    }
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
    fn lock(&self) -> MutexGuard<'_, LinkState> {
        self.state.lock_unpoisoned()
    }

    fn wait_while<'a>(
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
    fn prepare(self: Arc<Self>, first: Notebook) {
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

/// The limit that the user has set, in seconds.
fn limit(variable: Option<&str>) -> Duration {
    let seconds = variable.and_then(|value| value.trim().parse().ok());
    let limit = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    limit
        .filter(|limit| *limit < Duration::from_secs(3600))
        .unwrap_or(COMPLETION)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn service(folder: &Path, sources: Option<PathBuf>) -> Service {
        let link = AnalyzerLink {
            toolchain: Toolchain {
                rustc: "rustc".into(),
                version: String::new(),
                release: String::new(),
                libraries: folder.to_owned(),
            },
            runtime: folder.to_owned(),
            sources,
            program: Some(folder.join("no such program")),
            limit: limit(Some("nonsense")),
            state: Mutex::default(),
            changed: Condvar::new(),
        };
        Service {
            link: Arc::new(link),
        }
    }

    /// Asks once, waits until that has failed, and asks again.
    fn note_of(service: &Service) -> String {
        let place = || Place {
            code: "x".to_owned(),
            cursor: 1,
        };
        assert_eq!(service.complete(&Snapshot::default(), place()), None);
        let until = Instant::now() + Duration::from_secs(60);
        let prepares = |state: &LinkState| matches!(state.phase, Phase::Preparing);
        drop(
            service
                .link
                .wait_while(service.link.lock(), until, prepares),
        );
        assert_eq!(service.complete(&Snapshot::default(), place()), None);
        let note = service.note().expect("a note");
        assert_eq!(service.note(), None, "it is told once");
        note
    }

    #[test]
    fn what_is_missing_is_said_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let note = note_of(&service(folder.path(), None));
        assert!(note.contains("rustup component add rust-src"), "{note}");
        let note = note_of(&service(folder.path(), Some(folder.path().to_owned())));
        assert!(note.contains("no such program"), "{note}");
    }
}
