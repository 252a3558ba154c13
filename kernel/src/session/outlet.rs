//! Where the output of each cell goes: to the request that ran it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use woozle::protocol::{Panic, Stream};

use super::report;
use crate::host;
use crate::server::{IoPub, Parent};
use crate::wire::content::{ExecuteResult, MimeBundle, StreamName};

/// What is known of a cell that has run or runs.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    /// The request.
    pub(super) parent: Parent,
    /// The way to the clients.
    pub(super) iopub: IoPub,
    /// Its number for the user.
    pub(super) number: u32,
    /// Whether nothing of it is to be shown.
    pub(super) silent: bool,
    /// Where its value goes, if that is not to be shown but to be known.
    pub(super) capture: Option<Capture>,
}

/// Takes the value of an expression, by mime type.
pub(super) type Capture = Arc<Mutex<Option<Vec<(String, String)>>>>;

/// The cells by the number that their threads carry.
#[derive(Debug, Default)]
pub(super) struct Outlet {
    cells: Mutex<HashMap<u32, Origin>>,
}

impl Outlet {
    /// Notes where a cell's output goes.
    pub(super) fn register(&self, cell: u32, origin: Origin) {
        self.lock().insert(cell, origin);
    }

    fn origin(&self, cell: u32) -> Option<Origin> {
        self.lock().get(&cell).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u32, Origin>> {
        self.cells.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A value's representations as they travel in messages.
pub(super) fn mime_bundle(bundle: Vec<(String, String)>) -> MimeBundle {
    let texts = bundle.into_iter();
    texts
        .map(|(mime, text)| (mime, Value::String(text)))
        .collect()
}

impl host::Outlet for Outlet {
    fn output(&self, cell: u32, stream: Stream, bytes: &[u8]) {
        let Some(origin) = self.origin(cell) else {
            return;
        };
        let name = match stream {
            Stream::Stdout => StreamName::Stdout,
            Stream::Stderr => StreamName::Stderr,
        };
        origin.iopub.stream(&origin.parent, name, bytes);
    }

    fn value(&self, cell: u32, bundle: Vec<(String, String)>) {
        let Some(origin) = self.origin(cell) else {
            return;
        };
        if let Some(capture) = &origin.capture {
            *capture.lock().unwrap_or_else(PoisonError::into_inner) = Some(bundle);
            return;
        }
        if origin.silent {
            return;
        }
        let data = mime_bundle(bundle);
        origin.iopub.send(
            &origin.parent,
            ExecuteResult {
                execution_count: origin.number,
                data,
                metadata: MimeBundle::new(),
            },
        );
    }

    fn panic(&self, cell: u32, panic: &Panic) {
        let Some(origin) = self.origin(cell) else {
            return;
        };
        let text = format!("{}\n", report::panic_line(panic));
        origin
            .iopub
            .stream(&origin.parent, StreamName::Stderr, text.as_bytes());
    }
}
