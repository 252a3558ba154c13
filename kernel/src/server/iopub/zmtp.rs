//! ZMTP 3.0 as far as a publisher needs it: the greeting, READY, and frames.
//!
//! The zeromq crate's sockets send to one subscriber after the other and cannot tell which one they wait for, so that
//! one that does not read would stop all. See <https://rfc.zeromq.org/spec/23>.

use bytes::{Buf, BufMut, Bytes, BytesMut};
use thiserror::Error;
use zeromq::ZmqMessage;

/// The length of either side's greeting.
const GREETING: usize = 64;
/// More than any subscription or command has.
const MAX_FRAME: usize = 0x1_0000;

const MORE: u8 = 1;
const LONG: u8 = 2;
const COMMAND: u8 = 4;

#[derive(Debug, Error)]
pub(super) enum Malformed {
    #[error("it does not speak ZMTP 3 without authentication")]
    Greeting,
    #[error("it is no subscriber")]
    NoSubscriber,
    #[error("it sends a frame of {0} bytes")]
    Long(u64),
}

/// What a subscriber sends.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Received {
    Subscribe(Bytes),
    Unsubscribe(Bytes),
    /// A heartbeat, with what its answer repeats.
    Ping(Bytes),
    /// What has no meaning here.
    Nothing,
}

/// Reads what one subscriber sends.
#[derive(Debug)]
pub(super) struct Decoder {
    bytes: BytesMut,
    expected: Expected,
}

#[derive(Debug, Clone, Copy)]
enum Expected {
    Greeting,
    Ready,
    Frame,
    /// The rest of a message of several frames, which is no subscription.
    Rest,
}

impl Decoder {
    pub(super) fn new() -> Self {
        Self {
            bytes: BytesMut::new(),
            expected: Expected::Greeting,
        }
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// What has arrived whole.
    pub(super) fn next(&mut self) -> Result<Option<Received>, Malformed> {
        if matches!(self.expected, Expected::Greeting) {
            // The signature, the major version, and later the mechanism.
            let known: [(usize, &[u8]); 3] = [(0, &[0xff]), (9, &[0x7f]), (12, b"NULL\0")];
            for (at, expected) in known {
                let there = self.bytes.get(at..at + expected.len());
                if there.is_some_and(|there| there != expected) {
                    return Err(Malformed::Greeting);
                }
            }
            if self.bytes.get(10).is_some_and(|major| *major < 3) {
                return Err(Malformed::Greeting);
            }
            if self.bytes.len() < GREETING {
                return Ok(None);
            }
            self.bytes.advance(GREETING);
            self.expected = Expected::Ready;
        }
        let Some((flags, body)) = self.frame()? else {
            return Ok(None);
        };
        let expected = std::mem::replace(&mut self.expected, Expected::Frame);
        if flags & COMMAND != 0 {
            if let Expected::Ready = expected {
                return match socket_type(&body) {
                    Some(b"SUB" | b"XSUB") => Ok(Some(Received::Nothing)),
                    _ => Err(Malformed::NoSubscriber),
                };
            }
            self.expected = expected;
            // Behind the name comes for how long the peer waits.
            let ping = body.starts_with(b"\x04PING") && body.len() >= 7;
            return Ok(Some(if ping {
                Received::Ping(body.slice(7..))
            } else {
                Received::Nothing
            }));
        }
        if flags & MORE != 0 {
            self.expected = Expected::Rest;
        }
        match (expected, self.expected) {
            (Expected::Ready | Expected::Greeting, _) => Err(Malformed::NoSubscriber),
            (Expected::Frame, Expected::Frame) => Ok(Some(match body.first() {
                Some(1) => Received::Subscribe(body.slice(1..)),
                Some(0) => Received::Unsubscribe(body.slice(1..)),
                _ => Received::Nothing,
            })),
            _ => Ok(Some(Received::Nothing)),
        }
    }

    /// The next frame's flags and body, if it is there as a whole.
    fn frame(&mut self) -> Result<Option<(u8, Bytes)>, Malformed> {
        let Some(&flags) = self.bytes.first() else {
            return Ok(None);
        };
        let mut length = &self.bytes[1..];
        let head = if flags & LONG == 0 { 1 } else { 8 };
        if length.len() < head {
            return Ok(None);
        }
        let size = length.get_uint(head);
        let Some(size) = usize::try_from(size).ok().filter(|size| *size <= MAX_FRAME) else {
            return Err(Malformed::Long(size));
        };
        if length.len() < size {
            return Ok(None);
        }
        self.bytes.advance(1 + head);
        Ok(Some((flags, self.bytes.split_to(size).freeze())))
    }
}

/// The property `Socket-Type` of a READY command.
fn socket_type(command: &[u8]) -> Option<&[u8]> {
    let mut rest = command.strip_prefix(b"\x05READY")?;
    while !rest.is_empty() {
        let name = take(&mut rest, 1)?;
        let value = take(&mut rest, 4)?;
        // Names know no case.
        if name.eq_ignore_ascii_case(b"Socket-Type") {
            return Some(value);
        }
    }
    None
}

/// Takes what follows its own length, a number of `width` bytes.
fn take<'a>(rest: &mut &'a [u8], width: usize) -> Option<&'a [u8]> {
    let (length, after) = rest.split_at_checked(width)?;
    let length = length
        .iter()
        .fold(0, |sum, byte| (sum << 8) | usize::from(*byte));
    let (taken, after) = after.split_at_checked(length)?;
    *rest = after;
    Some(taken)
}

/// What the publisher says first: its greeting and READY.
pub(super) fn opening() -> Bytes {
    let mut greeting = [0; GREETING];
    greeting[0] = 0xff;
    // Where older peers expect the length of an identity.
    greeting[8] = 1;
    greeting[9] = 0x7f;
    greeting[10] = 3;
    greeting[12..16].copy_from_slice(b"NULL");
    let ready = b"\x05READY\x0bSocket-Type\x00\x00\x00\x04XPUB";
    let mut opening = BytesMut::from(&greeting[..]);
    put_frame(&mut opening, COMMAND, ready);
    opening.freeze()
}

/// The answer to a heartbeat.
pub(super) fn pong(context: &[u8]) -> Bytes {
    let mut pong = BytesMut::new();
    put_frame(&mut pong, COMMAND, &[b"\x04PONG", context].concat());
    pong.freeze()
}

pub(super) fn encode(message: &ZmqMessage) -> Bytes {
    const HEAD: usize = 9;
    let size = message.iter().map(|frame| HEAD + frame.len()).sum();
    let mut encoded = BytesMut::with_capacity(size);
    let last = message.len().saturating_sub(1);
    for (at, frame) in message.iter().enumerate() {
        put_frame(&mut encoded, if at < last { MORE } else { 0 }, frame);
    }
    encoded.freeze()
}

fn put_frame(to: &mut BytesMut, flags: u8, body: &[u8]) {
    match u8::try_from(body.len()) {
        Ok(length) => to.extend_from_slice(&[flags, length]),
        Err(_) => {
            to.put_u8(flags | LONG);
            to.put_u64(body.len() as u64);
        }
    }
    to.extend_from_slice(body);
}

#[cfg(test)]
mod tests {
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
}
