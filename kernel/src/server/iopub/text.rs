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
#[path = "text_tests.rs"]
mod tests;
