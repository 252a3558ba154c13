//! Where the output of each cell goes: to the request that ran it.

use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};

use serde_json::Value;
use woozle::protocol::{Comm, Measured, Panic, Stream};

use crate::compiler::diagnostics::Cells;
use crate::compiler::syntax::source::{Source, cell_of_name};
use crate::host;
use crate::server::{Comms, IoPub, Parent};
use crate::session::magics::bench;
use crate::session::output::comm::{from_host, parent_of};
use crate::session::report::backtrace::CellIndex;
use crate::session::report::outcome;
use crate::system::lock::LockUnpoisoned as _;
use crate::wire::Content;
use crate::wire::content::{
    ClearOutput, DisplayData, ExecuteResult, MimeBundle, StreamName, Transient, UpdateDisplayData,
};

/// What is known of a cell that has run or runs.
#[derive(Debug, Clone)]
pub(crate) struct CellRoute {
    /// The request.
    pub(crate) parent: Parent,
    /// The way to the clients.
    pub(crate) iopub: IoPub,
    /// Its number for the user.
    pub(crate) number: u32,
    /// Whether nothing of it is to be shown.
    pub(crate) silent: bool,
    /// Its text.
    pub(crate) source: Arc<Source>,
    /// Its library.
    pub(crate) library: PathBuf,
    /// Items of earlier cells that are compiled again for it, with those cells.
    pub(crate) recompiled: HashMap<String, u32>,
    /// The earlier cell whose statements run around its own, in a function of their own.
    pub(crate) around: Option<u32>,
    /// Where its value goes, if that is not to be shown but to be known.
    pub(crate) capture: Option<Capture>,
}

/// Takes the value of an expression, by mime type.
pub(crate) type Capture = Arc<Mutex<Option<Vec<(String, String)>>>>;

/// The cells by the number that their threads carry.
#[derive(Debug, Default)]
pub(crate) struct OutputRouter {
    cells: Mutex<HashMap<u32, CellRoute>>,
    /// Where the number is another one in symbols: the cell that has them, the last one if there are several.
    by_symbols: Mutex<HashMap<u32, u32>>,
    /// Of the cells, the one that was registered last for each number that the user knows.
    newest: Mutex<HashMap<u32, u32>>,
    /// The way of the comms, once a cell or a front end has come.
    comms: Mutex<Option<Comms>>,
    on_host_exit: OnceLock<OnHostExit>,
}

/// What is called when a host has ended.
struct OnHostExit(Box<dyn Fn() + Send + Sync>);

impl fmt::Debug for OnHostExit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnHostExit")
    }
}

impl OutputRouter {
    /// Notes where a cell's output goes, and which number its symbols have.
    pub(crate) fn register(&self, cell: u32, of_symbols: u32, route: CellRoute) {
        self.newest.lock_unpoisoned().insert(route.number, cell);
        self.by_symbols.lock_unpoisoned().insert(of_symbols, cell);
        self.lock().insert(cell, route);
    }

    /// Notes the way of the comms.
    pub(crate) fn note_comms(&self, comms: &Comms) {
        let mut known = self.comms.lock_unpoisoned();
        known.get_or_insert_with(|| comms.clone());
    }

    /// The text of the cell that a panic happened in.
    fn sources(&self, panic: &Panic) -> Cells {
        let number = panic.place.as_ref().and_then(|p| cell_of_name(&p.file));
        let newest = number.and_then(|n| self.newest.lock_unpoisoned().get(&n).copied());
        let route = newest.and_then(|cell| self.route(cell));
        let source = route.map(|route| (route.number, route.source));
        source.into_iter().collect()
    }

    /// The number that the user knows a cell by.
    pub(crate) fn execution_count(&self, cell: u32) -> Option<u32> {
        self.lock().get(&cell).map(|route| route.number)
    }

    /// Prints a text of the kernel's own in a cell, after what it has printed so far.
    pub(crate) fn print(&self, cell: u32, text: &str) {
        if let Some(route) = self.route(cell) {
            let iopub = &route.iopub;
            iopub.stream(&route.parent, StreamName::Stderr, text.as_bytes());
        }
    }

    /// From now on this is called whenever a host has ended.
    pub(crate) fn on_host_exit(&self, call: Box<dyn Fn() + Send + Sync>) {
        let _ = self.on_host_exit.set(OnHostExit(call));
    }

    fn route(&self, cell: u32) -> Option<CellRoute> {
        self.lock().get(&cell).cloned()
    }

    fn route_of_symbol(&self, serial: u32) -> Option<CellRoute> {
        let cell = self.by_symbols.lock_unpoisoned().get(&serial).copied();
        self.route(cell.unwrap_or(serial))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u32, CellRoute>> {
        self.cells.lock_unpoisoned()
    }
}

impl CellIndex for OutputRouter {
    fn cell(&self, serial: u32, item: Option<&str>) -> Option<u32> {
        let route = self.route_of_symbol(serial)?;
        let recompiled = item.and_then(|item| route.recompiled.get(item));
        Some(recompiled.copied().unwrap_or(route.number))
    }

    fn around(&self, serial: u32) -> Option<u32> {
        self.route_of_symbol(serial)?.around
    }

    fn library(&self, serial: u32) -> Option<PathBuf> {
        self.route(serial).map(|route| route.library)
    }
}

/// A value's representations as they travel in messages: JSON as such, all else as text.
pub(crate) fn mime_bundle(bundle: Vec<(String, String)>) -> MimeBundle {
    let data = |mime: &str, text: String| {
        let is_json = mime == "application/json" || mime.ends_with("+json");
        let json = if is_json {
            serde_json::from_str(&text).ok()
        } else {
            None
        };
        json.unwrap_or(Value::String(text))
    };
    let texts = bundle.into_iter();
    texts
        .map(|(mime, text)| {
            let data = data(&mime, text);
            (mime, data)
        })
        .collect()
}

impl host::OutputSink for OutputRouter {
    fn output(&self, cell: u32, stream: Stream, bytes: &[u8]) {
        let Some(route) = self.route(cell) else {
            return;
        };
        let name = match stream {
            Stream::Stdout => StreamName::Stdout,
            Stream::Stderr => StreamName::Stderr,
        };
        route.iopub.stream(&route.parent, name, bytes);
    }

    fn value(&self, cell: u32, bundle: Vec<(String, String)>) {
        let Some(route) = self.route(cell) else {
            return;
        };
        if let Some(capture) = &route.capture {
            *capture.lock_unpoisoned() = Some(bundle);
            return;
        }
        if route.silent {
            return;
        }
        let data = mime_bundle(bundle);
        route.iopub.send(
            &route.parent,
            ExecuteResult {
                execution_count: route.number,
                data,
                metadata: MimeBundle::new(),
            },
        );
    }

    fn display(
        &self,
        cell: u32,
        data: Vec<(String, String)>,
        display_id: Option<String>,
        update: bool,
    ) {
        let Some(route) = self.route(cell) else {
            return;
        };
        let data = mime_bundle(data);
        let metadata = MimeBundle::new();
        let transient = Transient { display_id };
        let content: Content = if update {
            UpdateDisplayData {
                data,
                metadata,
                transient,
            }
            .into()
        } else {
            DisplayData {
                data,
                metadata,
                transient,
            }
            .into()
        };
        route.iopub.send(&route.parent, content);
    }

    fn clear_output(&self, cell: u32, wait: bool) {
        if let Some(route) = self.route(cell) {
            route.iopub.send(&route.parent, ClearOutput { wait });
        }
    }

    fn comm(&self, comm: Comm) {
        let route = || self.route(comm.cell).map(|route| route.parent);
        let parent = parent_of(&comm).or_else(route);
        let parent = parent.unwrap_or_else(Parent::none);
        let comms = self.comms.lock_unpoisoned();
        if let Some(comms) = comms.clone() {
            comms.send(&parent, from_host(comm));
        }
    }

    fn measured(&self, cell: u32, measured: &Measured) {
        self.display(cell, bench::bundle(measured), None, false);
    }

    fn panic(&self, cell: u32, panic: &Panic) {
        let Some(route) = self.route(cell) else {
            return;
        };
        let cells = self.sources(panic);
        let text = format!("{}\n", outcome::panic_line(panic, &cells, self));
        route
            .iopub
            .stream(&route.parent, StreamName::Stderr, text.as_bytes());
    }

    fn gone(&self) {
        if let Some(OnHostExit(call)) = self.on_host_exit.get() {
            call();
        }
    }
}
