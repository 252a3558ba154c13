//! Tests of encoding and decoding, mostly with messages that are broken.

use bytes::Bytes;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use zeromq::ZmqMessage;

use super::{Message, WireError};
use crate::wire::content::{Content, ExecuteRequest, Status};
use crate::wire::{Key, Session};

fn frames(frames: &[&[u8]]) -> ZmqMessage {
    let frames: Vec<Bytes> = frames.iter().map(|f| Bytes::copy_from_slice(f)).collect();
    ZmqMessage::try_from(frames).expect("there are frames")
}

/// Decodes unsigned parts.
fn decode(parts: &[&[u8]]) -> Result<Message, WireError> {
    let mut all = vec![&b"<IDS|MSG>"[..], b""];
    all.extend(parts);
    Message::decode(frames(&all), &Key::new(b""))
}

const HEADER: &[u8] = br#"{"msg_id": "1", "msg_type": "execute_request"}"#;

#[test]
fn a_message_comes_back_as_it_was() {
    let session = Session::new("tester", Key::new(b"secret"));
    let request = session.message(ExecuteRequest::new("1 + 1"));
    let mut message = session.child(&request.header, ExecuteRequest::new("\u{1F9F8} \0 \u{7f}"));
    message.identities = vec![Bytes::from_static(b"\xff\x00"), Bytes::from_static(b"b")];
    message.metadata.insert("cellId".into(), "c".into());
    message.buffers = vec![Bytes::from_static(b""), Bytes::from_static(b"<IDS|MSG>")];

    let encoded = session.encode(&message).expect("it can be encoded");
    let decoded = session.decode(encoded).expect("it can be decoded");

    assert_eq!(decoded.identities, message.identities);
    assert_eq!(decoded.header, message.header);
    assert_eq!(decoded.parent_header, Some(request.header));
    assert_eq!(decoded.metadata, message.metadata);
    assert_eq!(decoded.content, message.content);
    assert_eq!(decoded.buffers, message.buffers);
}

#[test]
fn another_key_is_refused() {
    let session = Session::new("tester", Key::new(b"secret"));
    let message = session.message(ExecuteRequest::new("1"));
    for (signed, verified) in [("secret", "other"), ("", "secret")] {
        let encoded = message
            .encode(&Key::new(signed.as_bytes()))
            .expect("encodes");
        let decoded = Message::decode(encoded, &Key::new(verified.as_bytes()));
        assert!(matches!(decoded, Err(WireError::BadSignature)));
    }
}

#[test]
fn every_signed_part_is_protected() {
    let session = Session::new("tester", Key::new(b"secret"));
    let message = session.message(ExecuteRequest::new("1"));
    let encoded = session.encode(&message).expect("encodes").into_vec();
    for part in 2..encoded.len() {
        let mut changed = encoded.clone();
        changed[part] = Bytes::from_static(b"{\"forged\": 1}");
        let changed = ZmqMessage::try_from(changed).expect("there are frames");
        assert!(matches!(
            session.decode(changed),
            Err(WireError::BadSignature)
        ));
    }
}

#[test]
fn frames_that_are_no_message_are_errors() {
    let key = Key::new(b"");
    for missing in [&[&b""[..]][..], &[b"a", b"b"], &[b"<IDS|MSG> "]] {
        let decoded = Message::decode(frames(missing), &key);
        assert!(matches!(decoded, Err(WireError::NoDelimiter { .. })));
    }
    for count in 1..6 {
        let all = [&b"<IDS|MSG>"[..], b"", HEADER, b"{}", b"{}"];
        let decoded = Message::decode(frames(&all[..count.min(5)]), &key);
        assert!(matches!(decoded, Err(WireError::TooFewFrames { .. })));
    }
}

#[test]
fn bad_parts_are_named() {
    let content = br#"{"code": ""}"#;
    let cases: &[(&str, [&[u8]; 4])] = &[
        ("header", [b"", b"{}", b"{}", content]),
        ("header", [b"{", b"{}", b"{}", content]),
        ("header", [b"{}", b"{}", b"{}", content]),
        ("header", [b"[1, 2]", b"{}", b"{}", content]),
        (
            "header",
            [br#"{"msg_id": 1, "msg_type": "x"}"#, b"{}", b"{}", content],
        ),
        ("header", [b"\xff\xfe", b"{}", b"{}", content]),
        ("parent header", [HEADER, b"", b"{}", content]),
        ("parent header", [HEADER, b"[]", b"{}", content]),
        (
            "parent header",
            [HEADER, br#"{"msg_id": "1"}"#, b"{}", content],
        ),
        ("metadata", [HEADER, b"{}", b"", content]),
        ("metadata", [HEADER, b"{}", b"null", content]),
    ];
    for (expected, parts) in cases {
        match decode(parts) {
            Err(WireError::BadPart { part, .. }) => assert_eq!(part, *expected),
            other => panic!("{parts:?} gave {other:?}"),
        }
    }
}

#[test]
fn bad_content_is_still_a_message() {
    let deep = [b"[".repeat(100_000), b"]".repeat(100_000)].concat();
    for content in [
        &b""[..],
        b"{}",
        b"[]",
        b"null",
        b"{\"code\": 1}",
        b"\xff",
        &deep,
    ] {
        let message = decode(&[HEADER, b"{}", b"{}", content]).expect("the header is good");
        assert_eq!(message.header.msg_id, "1");
        assert!(matches!(message.content, Content::Invalid { .. }));
        assert_eq!(message.content.msg_type(), "execute_request");
    }
}

#[test]
fn the_parent_may_be_null_or_empty() {
    for parent in [&b"{}"[..], b"null"] {
        let message = decode(&[HEADER, parent, b"{}", b"{}"]).expect("it is valid");
        assert_eq!(message.parent_header, None);
    }
}

#[test]
fn unknown_header_fields_are_kept() {
    let header = br#"{"msg_id": "1", "msg_type": "status", "subshell_id": null, "x": [1]}"#;
    let message =
        decode(&[header, header, b"{}", br#"{"execution_state": "idle"}"#]).expect("it is valid");
    assert!(matches!(message.content, Content::Status(Status { .. })));
    let back = serde_json::to_value(&message.parent_header).expect("it is JSON");
    assert_eq!(back["x"], serde_json::json!([1]));
    assert_eq!(back.get("subshell_id"), Some(&serde_json::Value::Null));
}

#[test]
fn a_date_has_at_most_six_decimals() {
    let header = crate::wire::Header::new("status", "s", "u");
    let (_, decimals) = header.date.split_once('.').expect("there are decimals");
    assert_eq!(decimals.len(), "123456Z".len(), "{}", header.date);
    assert!(header.date.ends_with('Z'), "{}", header.date);
}

#[test]
fn a_message_counts_once() {
    let client = Session::new("client", Key::new(b"secret"));
    let kernel = Session::new("kernel", Key::new(b"secret"));
    let message = client.message(ExecuteRequest::new("1"));
    let encoded = client.encode(&message).expect("it can be encoded");
    kernel.decode(encoded.clone()).expect("it is valid");
    for session in [&kernel, &kernel.clone()] {
        let again = session.decode(encoded.clone());
        assert!(matches!(again, Err(WireError::Replayed)), "{again:?}");
    }
}

/// Bytes of all kinds, among them what is almost JSON and almost a message.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let nearly = vec![
        "<IDS|MSG>",
        "{}",
        "null",
        "[]",
        "\"\"",
        "1e999",
        "{\"msg_id\": 1}",
        "{\"msg_id\": \"1\", \"msg_type\": \"execute_request\"}",
        "{\"msg_id\": \"1\", \"msg_type\": \"comm_open\", \"subshell_id\": 7}",
        "{\"code\": \"1\", \"user_expressions\": {\"a\": 1}}",
        "{\"hist_access_type\": \"tail\", \"n\": -1}",
        "{\"cursor_pos\": -1}",
    ];
    let nearly = select(nearly).prop_map(|text| text.as_bytes().to_vec());
    let json = "[\\[\\]{}\":,a-z0-9.e\\\\ -]{0,40}".prop_map(String::into_bytes);
    prop_oneof![nearly, json, vec(any::<u8>(), 0..40)]
}

proptest! {
    /// Whatever frames come, reading them is no panic, and what is read can be written again.
    #[test]
    fn any_frames_are_a_message_or_an_error(parts in vec(bytes(), 1..12), signed in any::<bool>()) {
        let key = Key::new(if signed { b"secret" } else { b"" });
        let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        if let Ok(message) = Message::decode(frames(&parts), &key) {
            let valid = !matches!(message.content, Content::Invalid { .. });
            prop_assert_eq!(message.encode(&key).is_ok(), valid);
        }
    }

    /// Whatever the four parts hold, signed rightly, it is read or refused.
    #[test]
    fn any_signed_parts_are_a_message_or_an_error(
        msg_type in select(Content::TYPES),
        parent in bytes(),
        metadata in bytes(),
        content in bytes(),
        buffers in vec(bytes(), 0..3),
    ) {
        let key = Key::new(b"secret");
        let header = format!("{{\"msg_id\": \"1\", \"msg_type\": \"{msg_type}\"}}").into_bytes();
        let parts = [header, parent, metadata, content];
        let signature = key.sign(parts.iter().map(Vec::as_slice)).into_bytes();
        let mut all = vec![b"client".to_vec(), b"<IDS|MSG>".to_vec(), signature];
        all.extend(parts.into_iter().chain(buffers));
        let all: Vec<&[u8]> = all.iter().map(Vec::as_slice).collect();
        match Message::decode(frames(&all), &key) {
            Ok(message) => prop_assert_eq!(message.header.msg_type, msg_type),
            Err(error) => prop_assert!(matches!(error, WireError::BadPart { .. }), "{}", error),
        }
    }
}
