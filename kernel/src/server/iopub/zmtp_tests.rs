//! Tests of reading and writing ZMTP.

use super::*;

fn greeting() -> Vec<u8> {
    opening()[..GREETING].to_vec()
}

const READY: &[u8] = b"\x04\x19\x05READY\x0bsocket-type\x00\x00\x00\x03SUB";

fn all(decoder: &mut Decoder, bytes: &[u8]) -> Result<Vec<Received>, Malformed> {
    decoder.push(bytes);
    let mut all = Vec::new();
    while let Some(received) = decoder.next()? {
        all.push(received);
    }
    Ok(all)
}

fn long(flags: u8, body: &[u8]) -> Vec<u8> {
    let mut frame = vec![flags | LONG];
    frame.extend((body.len() as u64).to_be_bytes());
    frame.extend(body);
    frame
}

#[test]
fn a_subscriber_is_understood_in_pieces_of_any_size() {
    let topic = [&[1][..], &[b'x'; 300]].concat();
    let sent = [
        &greeting()[..],
        READY,
        b"\x00\x01\x01",
        &long(0, &topic)[..],
        b"\x04\x0a\x04PING\x00\x01abc",
        b"\x00\x02\x00x",
    ]
    .concat();
    for size in 1..sent.len() {
        let mut decoder = Decoder::new();
        let mut received = Vec::new();
        for piece in sent.chunks(size) {
            received.extend(all(&mut decoder, piece).expect("it is valid"));
        }
        let expected = [
            Received::Nothing,
            Received::Subscribe(Bytes::new()),
            Received::Subscribe(vec![b'x'; 300].into()),
            Received::Ping(Bytes::from_static(b"abc")),
            Received::Unsubscribe(Bytes::from_static(b"x")),
        ];
        assert_eq!(received, expected, "in pieces of {size}");
    }
}

#[test]
fn what_is_no_subscriber_is_an_error_as_soon_as_it_shows() {
    let after = |bytes: &[u8]| [&greeting()[..], bytes].concat();
    let mut curve = greeting();
    curve[12..17].copy_from_slice(b"CURVE");
    let cases = [
        b"GET / HTTP/1.1".to_vec(),
        b"\xff\0\0\0\0\0\0\0\x01\x7f\x01".to_vec(),
        curve,
        after(b"\x04\x1a\x05READY\x0bSocket-Type\x00\x00\x00\x04PULL"),
        after(b"\x04\x1a\x05READY\x0bSocket-Type\x00\x00\x01\x04XSUB"),
        after(b"\x00\x01\x01"),
        after(b"\x02\xff\xff\xff\xff\xff\xff\xff\xff"),
    ];
    for bytes in cases {
        assert!(all(&mut Decoder::new(), &bytes).is_err(), "{bytes:?}");
    }
}

#[test]
fn a_message_of_several_frames_is_no_subscription() {
    let sent = [
        &greeting()[..],
        READY,
        b"\x01\x01\x01\x00\x01\x01\x00\x02\x01t",
    ]
    .concat();
    let received = all(&mut Decoder::new(), &sent).expect("it is valid");
    let nothing = [Received::Nothing, Received::Nothing, Received::Nothing];
    assert_eq!(received[..3], nothing);
    assert_eq!(
        received[3..],
        [Received::Subscribe(Bytes::from_static(b"t"))]
    );
}

#[test]
fn messages_are_written_as_frames() {
    let mut message = ZmqMessage::from("topic");
    message.push_back(vec![b'x'; 300].into());
    message.push_back(Bytes::new());
    let expected = [
        &b"\x01\x05topic"[..],
        &long(MORE, &[b'x'; 300])[..],
        b"\x00\x00",
    ]
    .concat();
    assert_eq!(encode(&message), expected);
    assert_eq!(pong(b"abc")[..], *b"\x04\x08\x04PONGabc");
}
