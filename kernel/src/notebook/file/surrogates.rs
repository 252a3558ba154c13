//! Half characters in JSON: `\ud800` without its other half stands for nothing in Unicode, yet programs whose strings
//! are UTF-16 write it.

use std::borrow::Cow;

/// The text with `\ufffd` in the place of lone surrogates. It has the length that it had.
pub(in crate::notebook) fn replaced(json: &[u8]) -> Cow<'_, [u8]> {
    let mut text = Cow::Borrowed(json);
    let mut at = 0;
    while let Some(next) = json
        .get(at..)
        .and_then(|rest| rest.iter().position(|b| *b == b'\\'))
    {
        at += next;
        at += match (escaped(json, at), escaped(json, at + 6)) {
            // Any other escape is of two characters, as far as it matters here.
            (None, _) => 2,
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(0xd800..=0xdfff), _) => {
                text.to_mut()[at..at + 6].copy_from_slice(br"\ufffd");
                6
            }
            (Some(_), _) => 6,
        };
    }
    text
}

/// The number in `\u1234`, if that is what stands there.
fn escaped(json: &[u8], at: usize) -> Option<u16> {
    let digits = json.get(at..at + 6)?.strip_prefix(br"\u")?;
    let digits = std::str::from_utf8(digits).ok()?;
    // A sign would be a number, too.
    let all = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    all.then(|| u16::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_halves_are_replaced() {
        for (json, expected) in [
            (r#""a\ud83d\ude00b""#, r#""a\ud83d\ude00b""#),
            (r#""a\uD83D\uDE00b""#, r#""a\uD83D\uDE00b""#),
            (r#""a\ud800b""#, r#""a\ufffdb""#),
            (r#""\udc00""#, r#""\ufffd""#),
            (r#""\ud800\ud83d\ude00""#, r#""\ufffd\ud83d\ude00""#),
            (r#""\ude00\ud83d""#, r#""\ufffd\ufffd""#),
            // A backslash, and then no escape.
            (r#""\\ud800""#, r#""\\ud800""#),
            (r#""\\\ud800\n""#, r#""\\\ufffd\n""#),
            (r#""\ud80"#, r#""\ud80"#),
            (r#""\ud8+0""#, r#""\ud8+0""#),
            (r#""\"#, r#""\"#),
        ] {
            let found = replaced(json.as_bytes());
            assert_eq!(String::from_utf8_lossy(&found), expected);
            assert_eq!(matches!(found, Cow::Borrowed(_)), json == expected);
        }
    }
}
