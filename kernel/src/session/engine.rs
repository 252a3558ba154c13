//! What runs the cells of a session: its state, the host, the compiler, and what others may know of them.
//!
//! The steps of a cell are in [`execution`](super::execution), going back is in [`recovery`](super::recovery).

use std::path::Path;
use std::sync::Arc;

use super::execution::interrupt::Interrupter;
use super::host_link::HostLink;
use super::magics::timeline::Picture;
use super::published::Published;
use super::recovery::checkpoints::Checkpoints;
use super::recovery::crash_blame::CrashBlame;
use super::report::crash::CrashReport;
use super::state::{SessionState, Settings};
use crate::build::runtime;
use crate::build::session_folder::SessionFolder;
use crate::build::toolchain::Toolchain;
use crate::compiler::driver::{Cell, CompileError, Compiler};
use crate::compiler::profile::Purpose;
use crate::compiler::rustc::cache::CellCache;
use crate::compiler::rustc::cache::folder::Folder;
use crate::debugger::Again;
use crate::host::Death;
use crate::system::limits::{self, TooFewFiles};

/// What runs the cells.
#[derive(Debug)]
pub(crate) struct Engine {
    pub(crate) state: SessionState,
    pub(crate) host: HostLink,
    pub(crate) compiler: Compiler,
    pub(crate) checkpoints: Checkpoints,
    pub(crate) crash_blame: CrashBlame,
    /// What is known of the session while a cell runs.
    pub(crate) published: Arc<Published>,
    pub(crate) interrupter: Arc<Interrupter>,
    /// The user's rustc and cargo.
    pub(crate) toolchain: Toolchain,
    pub(crate) last_compiled: LastCompiled,
    /// What the last `%%timeline` has shown.
    pub(crate) last_timeline: Option<Picture>,
    pub(crate) folder: SessionFolder,
    /// Whether commands have set something that no checkpoint has.
    settings_changed: bool,
}

/// What was compiled last.
#[derive(Debug, Default)]
pub(crate) struct LastCompiled {
    /// The number of its crate.
    pub(crate) serial: Option<u32>,
    /// The codes of its errors.
    pub(crate) error_codes: Vec<String>,
}

impl Engine {
    /// Builds the runtime if need be, and starts a host.
    pub(crate) fn start(
        toolchain: &Toolchain,
        interrupter: Arc<Interrupter>,
        published: Arc<Published>,
    ) -> Result<Self, String> {
        limits::check(limits::SESSION, "a session")
            .map_err(|error| format!("{error}; {}", TooFewFiles::HELP))?;
        let runtime = runtime::get(toolchain, &mut |line| tracing::info!("{line}"));
        let runtime = runtime.map_err(|error| error.to_string())?;
        let folder = SessionFolder::new().map_err(|error| error.to_string())?;
        published.debugger.note_folder(folder.path());
        let cells = Folder::find().map_or_else(CellCache::default, CellCache::new);
        let host = HostLink::start(&runtime.host, &published, &interrupter)?;
        let mut engine = Self {
            state: SessionState::new(runtime.toolchain.clone()),
            host,
            compiler: Compiler::new(runtime.toolchain, folder.path().to_owned(), cells),
            checkpoints: Checkpoints::default(),
            crash_blame: CrashBlame::default(),
            published,
            interrupter,
            toolchain: toolchain.clone(),
            last_compiled: LastCompiled::default(),
            last_timeline: None,
            folder,
            settings_changed: false,
        };
        engine.request_checkpoint();
        Ok(engine)
    }

    /// What commands have set, to be changed: the cell then counts as one that can be taken back.
    pub(crate) fn settings_mut(&mut self) -> &mut Settings {
        self.settings_changed = true;
        &mut self.state.settings
    }

    /// Makes a checkpoint of what the commands of this cell have set, unless there is one since its code ran.
    pub(crate) fn keep_settings(&mut self, cell: u32) {
        if !std::mem::take(&mut self.settings_changed) || self.state.last == cell {
            return;
        }
        self.state.advance_to(cell);
        self.request_checkpoint();
    }

    /// The session's state is another one from here on.
    pub(crate) fn restore(&mut self, state: SessionState) {
        self.state = state;
        self.settings_changed = false;
        // Where a type is public may differ from one build of its crate to another.
        self.compiler.public_paths.clear();
        self.configure_compiler();
        if let Some(limit) = self.state.settings.memory_limit {
            self.host.limit_memory(limit);
        }
    }

    /// Compiles a cell's text against what is defined.
    pub(crate) fn compile(
        &mut self,
        number: u32,
        code: &str,
        purpose: Purpose,
    ) -> Result<Cell, CompileError> {
        self.configure_compiler();
        let scope = &mut self.state.scope;
        scope.level = self.compiler.options.level;
        scope.debuggable = self.compiler.options.debugger;
        scope.breakpoints = self.published.debugger.lines();
        self.compiler.compile(number, code, scope, purpose)
    }

    /// Finds out where the types are public that a variable's type mentions; their crates can be named from here on.
    pub(crate) fn locate(&mut self, type_name: &str) {
        self.configure_compiler();
        self.compiler.find_public_paths(type_name);
        self.state.settings.toolchain = self.compiler.toolchain.clone();
    }

    pub(crate) fn configure_compiler(&mut self) {
        let settings = &self.state.settings;
        self.compiler.toolchain.clone_from(&settings.toolchain);
        self.compiler.options.clone_from(&settings.compile);
        self.compiler.options.debugger = self.published.debugger.is_on();
    }

    /// Tells the debugger which cell a crate is of, and how to find out more if it was not compiled for it.
    pub(crate) fn note_crate(&self, serial: u32, cell: u32, library: &Path) {
        let is_plain = !self.compiler.options.debugger && !library.as_os_str().is_empty();
        let plain = is_plain.then(|| {
            let again: Again = Box::new(self.compiler.again(serial));
            (library.to_owned(), again)
        });
        self.published.debugger.note_crate(serial, cell, plain);
    }

    /// Makes a checkpoint of how the session is now.
    pub(crate) fn request_checkpoint(&mut self) {
        self.checkpoints.request(&self.host.process, &self.state);
    }

    /// Takes in what the host has said since the last cell.
    pub(crate) fn drain_host_events(&mut self) {
        self.host.drain_events(&mut self.checkpoints);
    }

    /// Shows to others what is defined now.
    pub(crate) fn publish(&self) {
        let specs = &self.state.settings.dependencies.graph.lines;
        self.published.publish(&self.state.scope, specs);
    }

    /// Finds out where a host was when it ended.
    pub(crate) fn crash_report(&self, death: &Death) -> CrashReport {
        CrashReport::of(death, &self.compiler, self.state.settings.memory_limit)
    }
}
