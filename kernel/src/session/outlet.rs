//! Where the output of each cell goes: to the request that ran it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use woozle::protocol::{Comm, Panic, Stream};

use super::comm::{from_host, parent_of};
use super::report;
use crate::host;
use crate::server::{Comms, IoPub, Parent};
use crate::wire::Content;
use crate::wire::content::{
    ClearOutput, DisplayData, ExecuteResult, MimeBundle, StreamName, Transient, UpdateDisplayData,
};

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
    /// The way of the comms, once a cell or a front end has come.
    comms: Mutex<Option<Comms>>,
}

impl Outlet {
    /// Notes where a cell's output goes.
    pub(super) fn register(&self, cell: u32, origin: Origin) {
        self.lock().insert(cell, origin);
    }

    /// Notes the way of the comms.
    pub(super) fn note_comms(&self, comms: &Comms) {
        let mut known = self.comms.lock().unwrap_or_else(PoisonError::into_inner);
        known.get_or_insert_with(|| comms.clone());
    }

    /// The number that the user knows a cell by.
    pub(super) fn number(&self, cell: u32) -> Option<u32> {
        self.lock().get(&cell).map(|origin| origin.number)
    }

    fn origin(&self, cell: u32) -> Option<Origin> {
        self.lock().get(&cell).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u32, Origin>> {
        self.cells.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A value's representations as they travel in messages: JSON as such, all else as text.
pub(super) fn mime_bundle(bundle: Vec<(String, String)>) -> MimeBundle {
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

    fn display(
        &self,
        cell: u32,
        data: Vec<(String, String)>,
        display_id: Option<String>,
        update: bool,
    ) {
        let Some(origin) = self.origin(cell) else {
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
        origin.iopub.send(&origin.parent, content);
    }

    fn clear_output(&self, cell: u32, wait: bool) {
        if let Some(origin) = self.origin(cell) {
            origin.iopub.send(&origin.parent, ClearOutput { wait });
        }
    }

    fn comm(&self, comm: Comm) {
        let origin = || self.origin(comm.cell).map(|origin| origin.parent);
        let parent = parent_of(&comm).or_else(origin);
        let parent = parent.unwrap_or_else(Parent::none);
        let comms = self.comms.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(comms) = comms.clone() {
            comms.send(&parent, from_host(comm));
        }
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
