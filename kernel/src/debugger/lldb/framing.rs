//! Messages of the Debug Adapter Protocol on a pipe: a header with the length, and JSON.

use std::io::{self, BufRead, Write};

use serde_json::Value;

/// Longer ones are not believed.
const LONGEST: usize = 64 << 20;

/// Writes a message.
pub(in crate::debugger) fn write(output: &mut impl Write, message: &Value) -> io::Result<()> {
    let text = message.to_string();
    write!(output, "Content-Length: {}\r\n\r\n{text}", text.len())?;
    output.flush()
}

/// Reads the next message; nothing at the end.
pub(in crate::debugger) fn read(input: &mut impl BufRead) -> io::Result<Option<Value>> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let line = line.trim();
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse::<usize>().ok();
        }
    }
    let length = length.filter(|length| *length <= LONGEST);
    let length = length.ok_or(io::ErrorKind::InvalidData)?;
    let mut text = vec![0; length];
    input.read_exact(&mut text)?;
    Ok(Some(serde_json::from_slice(&text)?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let messages = [json!({"a": 1}), json!({"text": "two\r\n\r\nlines é"})];
        let mut pipe = Vec::new();
        for message in &messages {
            write(&mut pipe, message).expect("written");
        }
        let mut pipe = &pipe[..];
        for message in messages {
            assert_eq!(read(&mut pipe).expect("read"), Some(message));
        }
        assert_eq!(read(&mut pipe).expect("read"), None);
    }

    #[test]
    fn a_header_without_a_believable_length_is_an_error() {
        for text in ["X: 1\r\n\r\n{}", "Content-Length: 99999999999\r\n\r\n{}"] {
            assert!(read(&mut text.as_bytes()).is_err(), "{text}");
        }
    }
}
