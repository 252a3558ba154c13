//! Whatever a cell holds, taking it apart and mapping it back is no panic.

use super::super::*;
use crate::compiler::syntax::is_complete::completeness;
use crate::compiler::syntax::source::{Edit, Part, Source};

/// Numbers that are the same on every run (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).expect("below the limit")
    }
}

/// A program with all that a cell may hold.
const PROGRAM: &str = "#![allow(unused)]\r\n/// Dôc \"{x}\".\nuse std::{io::{self, *}, fmt as _};\n\
    thread_local! { pub(crate) static A: u8 = 1; }\n#[derive(Debug)] struct É<'a>(pub(crate) &'a str, u8);\n\
    impl<'a> É<'a> { const fn f(&self) -> u8 { self.1 } }\nmacro_rules! m { ($n:ident) => { struct $n; } }\nm!(Q);\n\
    mod n { pub(crate) fn g() {} }\nlet (a, mut b) = (1, 'ü');\nlet c = r#\"{é\"#;\nlet r#match = async move |x: u8| x.await;\n\
    for i in 0..10_000 { println!(\"{a:b$} {i}\", b = '\\''); }\nmatch c { _ => vec![1, 2] }.iter().map(|x| x + 1) // énd";

/// Takes a text apart and puts it together as the compiler does.
fn no_panic(text: &str, numbers: &mut Numbers) {
    is_paired(text);
    completeness(text);
    let Some(parsed) = Parsed::new(text, &Names::new()) else {
        return;
    };
    let mut edits: Vec<Edit> = parsed
        .items
        .iter()
        .flat_map(|item| item.edits.clone())
        .collect();
    if let Some(tail) = &parsed.tail {
        edits.push(Edit::before(tail.start, "match &(", Part::Body));
        edits.push(Edit::after(tail.end, ")", Part::Body));
    }
    let source = Source::new(1, text, edits);
    for part in [Part::Items, Part::Body] {
        let rendered = source.render(part, &parsed.not_body, ' ');
        assert_eq!(rendered.matches('\n').count(), text.matches('\n').count());
        for at in 0..rendered.len() + 2 {
            let original = source.original(at);
            assert!(original.is_none_or(|at| at <= text.len()));
        }
    }
    for _ in 0..20 {
        let (line, column) = (numbers.below(20), numbers.below(90));
        let number = |n: usize| u32::try_from(n).expect("small");
        source.original_column(number(line), number(column));
    }
}

#[test]
fn a_program_that_breaks_off_anywhere_is_no_panic() {
    let mut numbers = Numbers(1);
    assert!(Parsed::new(PROGRAM, &Names::new()).is_some());
    for (at, _) in PROGRAM.char_indices() {
        no_panic(&PROGRAM[..at], &mut numbers);
        no_panic(&PROGRAM[at..], &mut numbers);
    }
}

#[test]
fn no_mixture_of_tokens_is_a_panic() {
    const PIECES: [&str; 52] = [
        "fn",
        "f",
        "struct",
        "S",
        "impl",
        "for",
        "in",
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        ";",
        ",",
        "let",
        "mut",
        "x",
        "=",
        "|",
        "||",
        "match",
        "_",
        "=>",
        "\"é{x}\"",
        "'a",
        "'é'",
        "'\\''",
        "r#\"",
        "\"#",
        "\"",
        "//",
        "/*",
        "*/",
        "\r\n",
        "\n",
        "#",
        "!",
        "#![a]",
        "#[a]",
        "macro_rules!",
        "m!",
        "pub",
        "(crate)",
        "use",
        "a::*",
        "static",
        "thread_local!",
        ".await",
        "0..9",
        "ü",
        "\u{feff}",
    ];
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for _ in 0..1_000 {
        let length = numbers.below(14);
        let soup: Vec<&str> = (0..length)
            .map(|_| PIECES[numbers.below(PIECES.len())])
            .collect();
        no_panic(&soup.join(" "), &mut numbers);
        no_panic(&soup.concat(), &mut numbers);
    }
}

#[test]
fn a_program_with_a_piece_missing_is_no_panic() {
    let mut numbers = Numbers(7);
    let places: Vec<usize> = PROGRAM.char_indices().map(|(at, _)| at).collect();
    for _ in 0..300 {
        let start = numbers.below(places.len());
        let end = (start + numbers.below(30)).min(places.len() - 1);
        let text = format!(
            "{}{}",
            &PROGRAM[..places[start]],
            &PROGRAM[places[end.max(start)]..]
        );
        no_panic(&text, &mut numbers);
    }
}
