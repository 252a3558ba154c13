//! What the user's code calls the value whose method is called at a place.

/// The expression before the method's name that stands in this column of a line: `jars[0]` of `jars[0].lock()`. Nothing if no
/// method is called there.
pub(crate) fn receiver(line: &str, column: u32) -> Option<String> {
    let chars: Vec<char> = line.chars().collect();
    let at = column.checked_sub(1)? as usize;
    let before = chars.get(..at)?;
    let mut end = before.len();
    // A method's place is its name, or, where it is inlined, the whole expression.
    if before.last() != Some(&'.') {
        let rest: String = chars.get(at..)?.iter().collect();
        let length = expression(&rest)?;
        return Some(rest[..length].to_owned());
    }
    end -= 1;
    let mut start = end;
    let mut depth = 0_usize;
    while start > 0 {
        match chars[start - 1] {
            ')' | ']' => depth += 1,
            '(' | '[' if depth == 0 => break,
            '(' | '[' => depth -= 1,
            c if depth == 0 && !is_part(c) => break,
            _ => {}
        }
        start -= 1;
    }
    let text: String = chars[start..end].iter().collect();
    let text = text.trim_start_matches(':').to_owned();
    (depth == 0 && !text.is_empty()).then_some(text)
}

/// How long the receiver is of the method call that a text begins with.
fn expression(text: &str) -> Option<usize> {
    let end = text.find(|c: char| !is_part(c)).unwrap_or(text.len());
    let path = &text[..end];
    let called = text[end..].starts_with('(');
    let dot = path.rfind('.').filter(|_| called)?;
    (dot > 0).then_some(dot)
}

/// Whether a character may be part of a path, or of fields after one.
fn is_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '.' || c == ':'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_receiver_stands_before_the_method() {
        for (line, column, expected) in [
            ("b.acquire();", 3, Some("b")),
            (
                "let _g = self.forks[i + 1].lock().unwrap();",
                28,
                Some("self.forks[i + 1]"),
            ),
            ("    LOCK.acquire();", 10, Some("LOCK")),
            ("crate::jar::LOCK.lock();", 18, Some("crate::jar::LOCK")),
            ("drop(pot(1).guard());", 13, Some("pot(1)")),
            ("first.join().unwrap();", 1, Some("first")),
            ("f(x)", 1, None),
            (
                "woozle::threading::Event::new().wait();",
                33,
                Some("woozle::threading::Event::new()"),
            ),
            ("", 1, None),
            ("x", 9, None),
            (").wait()", 3, None),
        ] {
            let found = receiver(line, column);
            assert_eq!(found.as_deref(), expected, "{line}");
        }
    }
}
