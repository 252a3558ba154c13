//! What a widget's front ends are to know of it, and what of that has been sent.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use miniserde::json::{self, Object, Value};

use super::field::{object, text};
use crate::comm::Comm;

/// A widget's state.
pub(super) struct ModelState<M> {
    pub(super) values: Object,
    pub(super) comm: Option<Comm>,
    /// The keys whose values front ends do not know yet.
    pub(super) changed: BTreeSet<String>,
    pub(super) sent: Option<Instant>,
    /// Those that it names; they have to be there before.
    pub(super) parts: Vec<Arc<M>>,
    pub(super) layout: Option<Arc<M>>,
}

impl<M> ModelState<M> {
    pub(super) fn send_changes(&mut self) {
        if self.comm.is_none() || self.changed.is_empty() {
            return;
        }
        let keys = std::mem::take(&mut self.changed);
        let state = keys.into_iter().filter_map(|key| {
            let value = self.values.get(&key)?.clone();
            Some((key, value))
        });
        let state: Object = state.collect();
        self.sent = Some(Instant::now());
        self.send("update", state);
    }

    /// Sent while the state is locked, so that front ends see the values in their order.
    pub(super) fn send(&self, method: &str, state: Object) {
        let data = object([
            ("method", text(method)),
            ("state", Value::Object(state)),
            ("buffer_paths", super::field::list([])),
        ]);
        if let Some(comm) = &self.comm {
            // If it was closed meanwhile, nobody misses anything.
            let _ = comm.send(json::to_string(&data));
        }
    }
}
