//! Comm messages between the server's form and the host's, where JSON travels as text.

use bytes::Bytes;
use serde_json::{Map, Value};
use woozle::protocol::{Comm, CommKind as HostKind};

use crate::server::{CommKind, CommMessage, Parent};

/// What a front end says, for the host.
pub(crate) fn to_host(message: &CommMessage, parent: &Parent) -> Comm {
    let json = |fields: &Map<String, Value>| Value::Object(fields.clone()).to_string();
    Comm {
        cell: 0,
        header: parent
            .header()
            .and_then(|header| serde_json::to_string(header).ok()),
        kind: match &message.kind {
            CommKind::Open { target_name } => HostKind::Open {
                target_name: target_name.clone(),
            },
            CommKind::Message => HostKind::Message,
            CommKind::Close => HostKind::Close,
        },
        comm_id: message.comm_id.clone(),
        data: json(&message.data),
        metadata: json(&message.metadata),
        buffers: message
            .buffers
            .iter()
            .map(|buffer| buffer.to_vec())
            .collect(),
    }
}

/// What the host says, for the front ends.
pub(crate) fn from_host(comm: Comm) -> CommMessage {
    let fields = |json: &str| {
        serde_json::from_str(json).unwrap_or_else(|error| {
            tracing::warn!(%error, comm.comm_id, "a comm's message is not a JSON object");
            Map::new()
        })
    };
    CommMessage {
        data: fields(&comm.data),
        metadata: fields(&comm.metadata),
        kind: match comm.kind {
            HostKind::Open { target_name } => CommKind::Open { target_name },
            HostKind::Message => CommKind::Message,
            HostKind::Close => CommKind::Close,
        },
        buffers: comm.buffers.into_iter().map(Bytes::from).collect(),
        comm_id: comm.comm_id,
    }
}

/// The front end's message that the host answers, if it answers one.
pub(crate) fn parent_of(comm: &Comm) -> Option<Parent> {
    let header = comm.header.as_ref()?;
    serde_json::from_str(header).ok().map(Parent::of_header)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Header;

    #[test]
    fn a_message_comes_back_as_it_was() {
        let fields = || Map::from_iter([("a".to_owned(), Value::from("\u{1F9F8}"))]);
        let message = CommMessage {
            comm_id: "c".to_owned(),
            kind: CommKind::Open {
                target_name: "t".to_owned(),
            },
            data: fields(),
            metadata: fields(),
            buffers: vec![Bytes::from_static(b"\x00\xff"), Bytes::new()],
        };
        assert_eq!(from_host(to_host(&message, &Parent::none())), message);
    }

    #[test]
    fn an_answer_has_the_header_of_what_it_answers() {
        let header = Header::new("comm_msg", "s", "u");
        let parent = Parent::of_header(header.clone());
        let mut comm = to_host(&CommMessage::close("c"), &parent);
        assert_eq!(parent_of(&comm).expect("one").header(), Some(&header));
        comm.header = None;
        assert_eq!(parent_of(&comm), None);
    }

    #[test]
    fn what_is_no_object_is_empty() {
        let mut comm = to_host(&CommMessage::close("c"), &Parent::none());
        comm.data = "[1".to_owned();
        assert_eq!(from_host(comm).data, Map::new());
    }
}
