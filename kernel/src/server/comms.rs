//! Comms: channels between a front end's widgets and the user's code. Who opened one, and who
//! closes it, is noted here, so that `comm_info` is answered without asking the user's code.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use bytes::Bytes;
use serde_json::{Map, Value};

use super::{IoPub, Parent};
use crate::system::lock::LockUnpoisoned as _;
use crate::wire::content::{CommClose, CommInfoReply, CommMsg, CommOpen, CommTarget};
use crate::wire::{Content, Message};

/// A message on a comm, in either direction.
#[derive(Debug, Clone, PartialEq)]
pub struct CommMessage {
    pub comm_id: String,
    pub kind: CommKind,
    pub data: Map<String, Value>,
    pub metadata: Map<String, Value>,
    pub buffers: Vec<Bytes>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommKind {
    Open { target_name: String },
    Message,
    Close,
}

impl CommMessage {
    /// The comm message that a front end sent, if it is one.
    pub(super) fn of(message: &Message) -> Option<Self> {
        let (comm_id, kind, data) = match &message.content {
            Content::CommOpen(open) => {
                let target_name = open.target_name.clone();
                (&open.comm_id, CommKind::Open { target_name }, &open.data)
            }
            Content::CommMsg(sent) => (&sent.comm_id, CommKind::Message, &sent.data),
            Content::CommClose(close) => (&close.comm_id, CommKind::Close, &close.data),
            _ => return None,
        };
        Some(Self {
            comm_id: comm_id.clone(),
            kind,
            data: data.clone(),
            metadata: message.metadata.clone(),
            buffers: message.buffers.clone(),
        })
    }

    /// Closes a comm.
    pub fn close(comm_id: impl Into<String>) -> Self {
        Self {
            comm_id: comm_id.into(),
            kind: CommKind::Close,
            data: Map::new(),
            metadata: Map::new(),
            buffers: Vec::new(),
        }
    }

    fn content(&self) -> Content {
        let (comm_id, data) = (self.comm_id.clone(), self.data.clone());
        match &self.kind {
            CommKind::Open { target_name } => CommOpen {
                comm_id,
                target_name: target_name.clone(),
                data,
            }
            .into(),
            CommKind::Message => CommMsg { comm_id, data }.into(),
            CommKind::Close => CommClose { comm_id, data }.into(),
        }
    }
}

/// The open comms, and the way to the front ends' side of them. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Comms {
    iopub: IoPub,
    open: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Comms {
    pub(super) fn new(iopub: IoPub) -> Self {
        let open = Arc::default();
        Self { iopub, open }
    }

    /// Sends a message to the front ends, after what the parent has printed.
    pub fn send(&self, parent: &Parent, message: CommMessage) {
        self.note(&message);
        let content = message.content();
        self.iopub
            .send_with(parent, content, message.metadata, message.buffers);
    }

    /// Closes a comm that leads nowhere, without ever blocking.
    pub(super) fn refuse(&self, parent: &Parent, comm_id: &str) {
        let close = CommMessage::close(comm_id);
        self.note(&close);
        self.iopub.post(parent, close.content());
    }

    /// Tells the front ends that all comms are closed: the process that they led to has ended.
    pub fn close_all(&self) {
        let closed = std::mem::take(&mut *self.lock());
        for comm_id in closed.into_keys() {
            self.send(&Parent::none(), CommMessage::close(comm_id));
        }
    }

    /// Notes what a message does to its comm.
    pub(super) fn note(&self, message: &CommMessage) {
        let comm_id = &message.comm_id;
        match &message.kind {
            CommKind::Open { target_name } => {
                self.lock().insert(comm_id.clone(), target_name.clone());
            }
            CommKind::Close => {
                self.lock().remove(comm_id);
            }
            CommKind::Message => {}
        }
    }

    pub(super) fn is_open(&self, comm_id: &str) -> bool {
        self.lock().contains_key(comm_id)
    }

    /// The open comms, or those of one target.
    pub(super) fn info(&self, target: Option<&str>) -> CommInfoReply {
        let open = self.lock();
        let wanted = |name: &String| target.is_none_or(|target| target == name);
        let comms = open.iter().filter(|(_, name)| wanted(name));
        let comms = comms.map(|(id, name)| {
            let target_name = name.clone();
            (id.clone(), CommTarget { target_name })
        });
        CommInfoReply {
            comms: comms.collect(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.open.lock_unpoisoned()
    }
}
