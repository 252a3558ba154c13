//! Comm messages of the front ends, as they come, also while a cell runs.

use crate::output;
use crate::protocol::{Comm, CommKind, Event};

/// Takes a front end's message. Nobody waits for comms here: what is opened is closed again.
pub(super) fn receive(comm: Comm) {
    if matches!(comm.kind, CommKind::Open { .. }) {
        let close = Comm {
            kind: CommKind::Close,
            data: "{}".to_owned(),
            metadata: "{}".to_owned(),
            buffers: Vec::new(),
            ..comm
        };
        output::send(&Event::Comm(close));
    }
}
