//! Text of a stream: from bytes to UTF-8, and its size on the wire.

/// Turns pieces of bytes into text. A character that a piece cuts in two is kept until the next piece;
/// bytes that are no UTF-8 become U+FFFD.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    /// The beginning of a character, at most three bytes.
    tail: Vec<u8>,
}

impl Decoder {
    pub(super) fn decode(&mut self, piece: &[u8]) -> String {
        let joined;
        let mut rest = piece;
        if !self.tail.is_empty() {
            self.tail.extend_from_slice(piece);
            joined = std::mem::take(&mut self.tail);
            rest = &joined;
        }
        let mut text = String::with_capacity(rest.len());
        loop {
            match std::str::from_utf8(rest) {
                Ok(valid) => {
                    text.push_str(valid);
                    return text;
                }
                Err(error) => {
                    let (valid, bad) = rest.split_at(error.valid_up_to());
                    // Checked just above, so nothing is replaced here.
                    text.push_str(&String::from_utf8_lossy(valid));
                    match error.error_len() {
                        Some(length) => {
                            text.push(char::REPLACEMENT_CHARACTER);
                            rest = &bad[length..];
                        }
                        None => {
                            self.tail = bad.to_vec();
                            return text;
                        }
                    }
                }
            }
        }
    }

    /// No more bytes will come that could complete the last character.
    pub(super) fn finish(&mut self) -> &'static str {
        if std::mem::take(&mut self.tail).is_empty() {
            ""
        } else {
            "\u{FFFD}"
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.tail.is_empty()
    }
}

/// How many bytes this character takes inside a JSON string.
fn encoded_len(c: char) -> usize {
    match c {
        '"' | '\\' | '\u{8}' | '\t' | '\n' | '\u{c}' | '\r' => 2,
        '\0'..='\u{1f}' => 6,
        c => c.len_utf8(),
    }
}

/// The longest beginning of `text` that takes at most `room` bytes inside a JSON string,
/// and how many it takes.
pub(super) fn fitting(text: &str, room: usize) -> (&str, usize) {
    let mut size = 0;
    for (at, c) in text.char_indices() {
        let larger = size + encoded_len(c);
        if larger > room {
            return (&text[..at], size);
        }
        size = larger;
    }
    (text, size)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Decodes the pieces one after the other.
    fn decode(pieces: &[&[u8]]) -> String {
        let mut decoder = Decoder::default();
        let mut text: String = pieces.iter().map(|piece| decoder.decode(piece)).collect();
        text.push_str(decoder.finish());
        text
    }

    #[test]
    fn every_way_to_cut_a_text_in_three_gives_the_text() {
        let text = "a\u{e9}\u{20ac}\u{1F43B}b";
        let bytes = text.as_bytes();
        for i in 0..=bytes.len() {
            for j in i..=bytes.len() {
                assert_eq!(decode(&[&bytes[..i], &bytes[i..j], &bytes[j..]]), text);
            }
        }
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        assert_eq!(decode(&single), text);
    }

    #[test]
    fn bytes_that_are_no_text_are_replaced_and_the_rest_stays() {
        let cases: &[(&[&[u8]], &str)] = &[
            (&[b"a\xffb"], "a\u{FFFD}b"),
            (&[b"\xff\xfe"], "\u{FFFD}\u{FFFD}"),
            (&[b"\xe2\x82", b"x"], "\u{FFFD}x"),
            (&[b"\xe2", b"\xe2\x82\xac"], "\u{FFFD}\u{20ac}"),
            (&[b"\x80"], "\u{FFFD}"),
            (&[b"end\xf0\x9f"], "end\u{FFFD}"),
            (&[b"\xf0", b"", b"\x9f", b"\x90\xbb"], "\u{1F43B}"),
        ];
        for (pieces, expected) in cases {
            assert_eq!(decode(pieces), *expected, "{pieces:?}");
            let whole = pieces.concat();
            assert_eq!(
                decode(pieces),
                String::from_utf8_lossy(&whole),
                "{pieces:?}"
            );
        }
    }

    #[test]
    fn the_size_is_that_of_the_json() {
        let text: String = ('\0'..'\u{200}').chain(['\u{20ac}', '\u{1F43B}']).collect();
        let json = serde_json::to_string(&text).expect("it is text");
        let (all, size) = fitting(&text, usize::MAX);
        assert_eq!(all, text);
        assert_eq!(size, json.len() - 2);
    }

    #[test]
    fn what_fits_ends_between_characters() {
        let text = "a\n\u{1F43B}b";
        let expected = [
            ("", 0),
            ("a", 1),
            ("a", 1),
            ("a\n", 3),
            ("a\n", 3),
            ("a\n", 3),
        ];
        for (room, expected) in expected.into_iter().enumerate() {
            assert_eq!(fitting(text, room), expected);
        }
        assert_eq!(fitting(text, 7), ("a\n\u{1F43B}", 7));
        assert_eq!(fitting(text, 8), (text, 8));
    }
}
