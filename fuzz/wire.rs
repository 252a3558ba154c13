//! A client's message: any frames are a message or an error, and what is read can be written again, but for content that
//! is not valid.
#![no_main]

use libfuzzer_sys::fuzz_target;
use woozle_kernel::wire::{Content, Key, Message};
use zeromq::ZmqMessage;

/// What a client sends. The kernel looks into a message only if it is signed rightly.
#[derive(Debug, arbitrary::Arbitrary)]
struct Sent<'a> {
    known_type: Option<u8>,
    signed: bool,
    parts: [&'a [u8]; 4],
    before: Vec<&'a [u8]>,
    buffers: Vec<&'a [u8]>,
}

fuzz_target!(|sent: Sent<'_>| {
    let key = Key::new(b"secret");
    let header = sent.known_type.map(|n| {
        let msg_type = Content::TYPES[usize::from(n) % Content::TYPES.len()];
        format!(r#"{{"msg_id": "1", "msg_type": "{msg_type}"}}"#)
    });
    let [first, parent, metadata, content] = sent.parts;
    let header = header.as_deref().map_or(first, str::as_bytes);
    let parts = [header, parent, metadata, content];
    let mut signature = key.sign(parts);
    if !sent.signed {
        signature.pop();
    }
    let mut frames = sent.before;
    frames.push(b"<IDS|MSG>");
    frames.push(signature.as_bytes());
    frames.extend(parts);
    frames.extend(sent.buffers);
    let mut frames = frames.into_iter().map(<[u8]>::to_vec);
    let mut encoded = ZmqMessage::from(frames.next().unwrap_or_default());
    frames.for_each(|frame| encoded.push_back(frame.into()));
    if let Ok(message) = Message::decode(encoded, &key) {
        let valid = !matches!(message.content, Content::Invalid { .. });
        assert_eq!(message.encode(&key).is_ok(), valid);
    }
});
