//! The request that a message belongs to.

use std::sync::Arc;

use bytes::Bytes;

use crate::wire::{Content, Header, Message};

/// The request that output and replies belong to. Cheap to clone, and usable long after the request was answered.
#[derive(Debug, Clone)]
pub struct Parent(Arc<Request>);

#[derive(Debug)]
struct Request {
    header: Option<Header>,
    identities: Vec<Bytes>,
    interactive: bool,
}

impl Parent {
    pub fn of(request: &Message) -> Self {
        let interactive = match &request.content {
            Content::ExecuteRequest(execute) => execute.allow_stdin,
            _ => false,
        };
        Self(Arc::new(Request {
            header: Some(request.header.clone()),
            // Copies: a frame is a part of all that was read with it.
            identities: request
                .identities
                .iter()
                .map(|frame| Bytes::copy_from_slice(frame))
                .collect(),
            interactive,
        }))
    }

    /// Of messages to all, when only the request's header is known any more.
    pub fn of_header(header: Header) -> Self {
        Self(Arc::new(Request {
            header: Some(header),
            identities: Vec::new(),
            interactive: false,
        }))
    }

    /// Of messages that no request has caused.
    pub fn none() -> Self {
        Self(Arc::new(Request {
            header: None,
            identities: Vec::new(),
            interactive: false,
        }))
    }

    pub fn header(&self) -> Option<&Header> {
        self.0.header.as_ref()
    }

    /// The route back to the client.
    pub fn identities(&self) -> &[Bytes] {
        &self.0.identities
    }

    /// Whether a person is likely to watch: a headless client cannot answer a prompt and says so.
    pub fn is_interactive(&self) -> bool {
        self.0.interactive
    }

    fn id(&self) -> Option<&str> {
        self.0.header.as_ref().map(|header| header.msg_id.as_str())
    }
}

impl PartialEq for Parent {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.id() == other.id()
    }
}

impl Eq for Parent {}
