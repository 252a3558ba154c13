//! Where the cursor stands. Positions in messages count Unicode characters, here bytes are counted.

/// The cursor, and the name that it is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cursor {
    pub(super) place: Place,
    /// The name, as far as it counts.
    pub(super) prefix: String,
    /// Where the name begins.
    pub(super) start: usize,
}

/// What stands before the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// A colon at the beginning of a line.
    Command,
    /// Percent signs at the beginning of a cell.
    Magic,
    /// Behind `%%explore`, or behind the equals sign of this option of it.
    Option(Option<String>),
    /// A dot, and before it this name.
    Member(String),
    /// A path.
    Path(Vec<String>),
    Name,
}

/// The byte at which a character begins; the text's end if it has not so many.
fn bytes(code: &str, characters: usize) -> usize {
    let found = code.char_indices().nth(characters);
    found.map_or(code.len(), |(at, _)| at)
}

/// The number of characters before a byte.
pub(super) fn characters(code: &str, bytes: usize) -> usize {
    code[..bytes].chars().count()
}

fn is_in_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The name that a text ends with.
fn last_name(text: &str) -> &str {
    &text[text.trim_end_matches(is_in_name).len()..]
}

impl Cursor {
    /// The cursor with the part of the name that stands before it.
    pub(super) fn for_completion(code: &str, cursor_pos: usize) -> Self {
        Self::before(&code[..bytes(code, cursor_pos)])
    }

    /// The cursor with the whole name that it is in or behind; the opening parenthesis of a call
    /// may stand between.
    pub(super) fn on_name(code: &str, cursor_pos: usize) -> Option<Self> {
        let at = bytes(code, cursor_pos);
        let rest = &code[at..];
        let end = at + rest.len() - rest.trim_start_matches(is_in_name).len();
        let head = &code[..end];
        let head = if last_name(head).is_empty() {
            head.trim_end_matches(['(', '!', '?', ' ', ';', ')'])
        } else {
            head
        };
        let cursor = Self::before(head);
        (!last_name(head).is_empty()).then_some(cursor)
    }

    /// Where the name ends, in bytes.
    pub(super) fn end(&self) -> usize {
        self.start + self.prefix.len()
    }

    /// The cursor in the line of a magic.
    fn in_magic(head: &str) -> Option<Self> {
        let line = head.trim_start();
        let rest = line.strip_prefix("%%").filter(|_| !line.contains('\n'))?;
        let (place, prefix) = match rest.split_once(char::is_whitespace) {
            None => (Place::Magic, line),
            Some(("explore", options)) => {
                let at = options.rfind(char::is_whitespace).map_or(0, |at| at + 1);
                match options[at..].split_once('=') {
                    None => (Place::Option(None), &options[at..]),
                    Some((option, value)) => (Place::Option(Some(option.to_owned())), value),
                }
            }
            Some(_) => return None,
        };
        Some(Self {
            place,
            prefix: prefix.to_owned(),
            start: head.len() - prefix.len(),
        })
    }

    fn before(head: &str) -> Self {
        let line = &head[head.rfind('\n').map_or(0, |at| at + 1)..];
        if let Some(word) = line.strip_prefix(':')
            && word.chars().all(is_in_name)
        {
            return Self {
                place: Place::Command,
                prefix: line.to_owned(),
                start: head.len() - line.len(),
            };
        }
        if let Some(magic) = Self::in_magic(head) {
            return magic;
        }
        let prefix = last_name(head);
        let start = head.len() - prefix.len();
        let before = &head[..start];
        let place = if before.ends_with("::") {
            Place::Path(path(before))
        } else if let Some(receiver) = before.strip_suffix('.').filter(|r| !r.ends_with('.')) {
            Place::Member(last_name(receiver.trim_end()).to_owned())
        } else {
            Place::Name
        };
        Self {
            place,
            prefix: prefix.to_owned(),
            start,
        }
    }
}

impl Place {
    /// Whether what stands there is the kernel's, and no Rust.
    pub(super) fn is_command(&self) -> bool {
        matches!(self, Self::Command | Self::Magic | Self::Option(_))
    }
}

/// The names of the path that a text ends with.
fn path(mut text: &str) -> Vec<String> {
    let mut names = Vec::new();
    while let Some(before) = text.strip_suffix("::") {
        // The arguments of `Vec::<u8>::` do not matter.
        let before = match before.strip_suffix('>') {
            Some(arguments) => {
                let opened = arguments
                    .rfind('<')
                    .map_or(arguments, |at| &arguments[..at]);
                opened.strip_suffix("::").unwrap_or(opened)
            }
            None => before,
        };
        let name = last_name(before);
        if name.is_empty() {
            break;
        }
        names.insert(0, name.to_owned());
        text = &before[..before.len() - name.len()];
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_a_magic_is_no_rust() {
        for (head, place, prefix) in [
            ("%%", Place::Magic, "%%"),
            ("%%ex", Place::Magic, "%%ex"),
            ("%%explore ", Place::Option(None), ""),
            ("%%explore memory=sc sch", Place::Option(None), "sch"),
            (
                "%%explore memory=s",
                Place::Option(Some("memory".to_owned())),
                "s",
            ),
            ("%%explore\nsch", Place::Name, "sch"),
            ("%%time a", Place::Name, "a"),
        ] {
            let cursor = Cursor::for_completion(head, head.chars().count());
            assert_eq!((&cursor.place, &*cursor.prefix), (&place, prefix), "{head}");
        }
    }
}
