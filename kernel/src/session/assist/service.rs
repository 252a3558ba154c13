//! What a session asks the analyzer, with a limit of time. The first question has it built and started, a later one starts it again
//! if it ended.
//!
//! A run without a user never asks, so it never builds anything.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::notebook::notebook;
use crate::analyzer::choice::Choice;
use crate::analyzer::link::{AnalyzerLink, LinkState, Phase, Running};
use crate::analyzer::package::{self, Progress};
use crate::analyzer::protocol::{Answer, Completion, Page, Place, Question};
use crate::analyzer::rust_src;
use crate::build::toolchain::Toolchain;
use crate::session::assist::snapshot::Snapshot;

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

impl Service {
    /// The analyzer of the user's choice; `None` if there is to be none.
    pub(super) fn new(toolchain: &Toolchain) -> Option<Self> {
        let program = match Choice::from_env() {
            Choice::Off => return None,
            Choice::Program(program) => Some(program),
            Choice::Cache => None,
        };
        let link = AnalyzerLink::new(
            toolchain.clone(),
            crate::build::runtime::sources(toolchain),
            rust_src::find(toolchain),
            program,
            limit(std::env::var("WOOZLE_ANALYZER_WAIT").ok().as_deref()),
        );
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
    use std::path::{Path, PathBuf};

    use super::*;

    fn service(folder: &Path, sources: Option<PathBuf>) -> Service {
        let toolchain = Toolchain {
            rustc: "rustc".into(),
            version: String::new(),
            release: String::new(),
            libraries: folder.to_owned(),
        };
        let program = Some(folder.join("no such program"));
        let limit = limit(Some("nonsense"));
        let link = AnalyzerLink::new(toolchain, folder.to_owned(), sources, program, limit);
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
