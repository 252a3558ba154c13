//! Types, signatures and sizes as one writes them.

use crate::compiler::diagnostics;

/// What a token stream's text has too many blanks around.
const TIGHT: &[(&str, &str)] = &[
    (" :: ", "::"),
    (":: ", "::"),
    (" ::", "::"),
    (" ,", ","),
    (" ;", ";"),
    (" :", ":"),
    ("& ", "&"),
    (" < ", "<"),
    (" <", "<"),
    ("< ", "<"),
    (" (", "("),
    ("( ", "("),
    (" )", ")"),
    ("[ ", "["),
    (" ]", "]"),
    (" !", "!"),
    // An arrow keeps its blanks, other than a closing bracket.
    ("->", "\u{0}"),
    (" > ", "> "),
    (" >", ">"),
    ("\u{0}", " -> "),
    ("=(", "= ("),
    (",(", ", ("),
    (":(", ": ("),
    (",", ", "),
    ("  ", " "),
];

/// The text of a token stream, without the blanks that stand between any two tokens.
pub(crate) fn tidy(tokens: &str) -> String {
    let mut text = tokens.to_owned();
    for (from, to) in TIGHT {
        text = text.replace(from, to);
    }
    text.replace("  ", " ").trim().to_owned()
}

/// A type as the user would write it: without what only generated code needs.
pub(crate) fn plain_type(ty: &str) -> String {
    let mut plain = tidy(&diagnostics::plain(&tidy(ty)));
    for before in ["", "<", "(", "[", " ", "&"] {
        let absolute = format!("{before}::");
        if before.is_empty() {
            plain = plain.strip_prefix(&absolute).unwrap_or(&plain).to_owned();
        } else {
            plain = plain.replace(&absolute, before);
        }
    }
    plain
}

/// A number of bytes as one says it.
pub(crate) fn bytes_shown(bytes: u64) -> String {
    match bytes {
        bytes if bytes >= 1 << 30 && bytes % (1 << 30) == 0 => format!("{} GB", bytes >> 30),
        bytes => format!("{} MB", bytes >> 20),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_read_as_they_are_written() {
        let cases = [
            ("::woozle::names::Vec < u8 >", "Vec<u8>"),
            ("(::a::B<::c::D>, &::e::F)", "(a::B<c::D>, &e::F)"),
            (
                "::woozle::names::JoinHandle<::woozle::cell::Never>",
                "JoinHandle<!>",
            ),
            (
                "::std::collections::HashMap<u8, ::cell_3::Point>",
                "std::collections::HashMap<u8, Point>",
            ),
            (
                "Box < dyn Fn (i32) -> Option < & 'static str > + Send >",
                "Box<dyn Fn(i32) -> Option<&'static str> + Send>",
            ),
            ("(i32 , [u8 ; 4])", "(i32, [u8; 4])"),
            ("()", "()"),
        ];
        for (ty, expected) in cases {
            assert_eq!(plain_type(ty), expected);
        }
    }

    #[test]
    fn signatures_read_as_they_are_written() {
        let signature =
            "fn f < T : Clone > (& mut self , a : (u8 , u8)) -> Result < T , () > where T : Send";
        assert_eq!(
            tidy(signature),
            "fn f<T: Clone>(&mut self, a: (u8, u8)) -> Result<T, ()> where T: Send"
        );
    }
}
