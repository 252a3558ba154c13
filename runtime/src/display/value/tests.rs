//! Tests of `value`.

use super::*;

fn pairs(bundle: &[(String, String)]) -> Vec<(&str, &str)> {
    bundle
        .iter()
        .map(|(mime, text)| (mime.as_str(), text.as_str()))
        .collect()
}

#[test]
fn the_blocks_of_evcxr_display_are_read() {
    type Case<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], &'a str);
    let cases: [Case<'_>; 9] = [
        ("nothing", "", &[], ""),
        (
            "a block",
            "EVCXR_BEGIN_CONTENT text/html\n<b>é</b>\nEVCXR_END_CONTENT\n",
            &[("text/html", "<b>é</b>")],
            "",
        ),
        (
            "two blocks, and text round them",
            "a\nEVCXR_BEGIN_CONTENT text/html\n<b>\n\n</b>\nEVCXR_END_CONTENT\nb\n\
             EVCXR_BEGIN_CONTENT text/plain\nc\nEVCXR_END_CONTENT\nd",
            &[("text/html", "<b>\n\n</b>"), ("text/plain", "c")],
            "a\nb\nd",
        ),
        (
            "an empty block",
            "EVCXR_BEGIN_CONTENT text/plain\nEVCXR_END_CONTENT\n",
            &[("text/plain", "")],
            "",
        ),
        (
            "a block without the last line end",
            "EVCXR_BEGIN_CONTENT text/plain\na\nEVCXR_END_CONTENT",
            &[("text/plain", "a")],
            "",
        ),
        (
            "CRLF",
            "EVCXR_BEGIN_CONTENT text/plain\r\na\r\nEVCXR_END_CONTENT\r\n",
            &[("text/plain", "a\r")],
            "",
        ),
        (
            "a block that is left open",
            "EVCXR_BEGIN_CONTENT text/plain\na\nb",
            &[("text/plain", "a\nb")],
            "",
        ),
        (
            "a block that begins within another",
            "EVCXR_BEGIN_CONTENT a/b\n1\nEVCXR_BEGIN_CONTENT c/d\n2\nEVCXR_END_CONTENT\n",
            &[("a/b", "1"), ("c/d", "2")],
            "",
        ),
        (
            "text that only mentions it",
            "see EVCXR_BEGIN_CONTENT x\n",
            &[],
            "see EVCXR_BEGIN_CONTENT x\n",
        ),
    ];
    for (what, printed, expected, rest) in cases {
        let mut bundle = Vec::new();
        let (_, outside) = output::capture(&mut || {
            bundle = evcxr_blocks(printed);
            true
        });
        assert_eq!(pairs(&bundle), expected, "{what}");
        assert_eq!(String::from_utf8_lossy(&outside), rest, "{what}");
    }
}

#[test]
fn a_type_is_named_without_the_cells_crate() {
    for (name, short) in [
        ("i32", "i32"),
        ("cell_3::P", "P"),
        ("alloc::vec::Vec<cell_12::m::P>", "alloc::vec::Vec<m::P>"),
        ("(cell_1::A, cell_2::B)", "(A, B)"),
        ("supercell_3::P", "supercell_3::P"),
        ("cell_::P", "cell_::P"),
        ("cell_x::P", "cell_x::P"),
        ("é::cell_3", "é::cell_3"),
    ] {
        assert_eq!(without_crates(name), short, "{name}");
    }
}

struct Plain;

struct Shown;

impl Shown {
    fn evcxr_display(&self) {
        crate::process::output::print(
            output::Stream::Stdout,
            format_args!("EVCXR_BEGIN_CONTENT text/html\n<i>\nEVCXR_END_CONTENT\n"),
        );
    }
}

struct OnlyDisplay;

impl std::fmt::Display for OnlyDisplay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("displayed")
    }
}

#[test]
#[allow(clippy::needless_borrow, clippy::unit_arg)] // method resolution is what is tested
fn a_value_is_shown_as_well_as_its_type_can() {
    let (plain, shown) = (&Plain, &Shown);
    // as `show_value!` calls them
    assert_eq!((&&&&&Wrap(&vec![1, 2])).text(), "[1, 2]");
    assert_eq!((&&&&&Wrap("é")).text(), "\"é\"");
    assert_eq!((&&&&&Wrap(&[1u8][..])).text(), "[1]");
    let (name, numbers) = (String::from("Woozle"), [Some(1.5), None]);
    assert_eq!((&&&&&Wrap(&name.as_str())).text(), "\"Woozle\"");
    assert_eq!((&&&&&Wrap(&&&5)).text(), "5");
    assert_eq!((&&&&&Wrap(&numbers)).text(), "[Some(1.5), None]");
    assert_eq!((&&&&&Wrap(&vec![(1, 'a')])).text(), "[(1, 'a')]");
    assert_eq!((&&&&&Wrap(&OnlyDisplay)).text(), "displayed");
    assert_eq!(
        (&&&&&Wrap(&async { 5 })).text(),
        "<a future: `.await` gives its value>"
    );
    let text = (&&&&&Wrap(&Plain)).text();
    assert!(
        text.contains("Plain") && text.contains("no Debug form"),
        "{text}"
    );
    assert!(rich(&mut || crate::show_rich!(plain)).is_none());
    let shown = rich(&mut || crate::show_rich!(shown)).expect("it shows itself");
    assert_eq!(pairs(&shown.into_pairs()), [("text/html", "<i>")]);
}

#[test]
fn a_panic_within_evcxr_display_leaves_the_output_as_it_was() {
    let (result, outside) = output::capture(&mut || {
        let failed = std::panic::catch_unwind(|| rich(&mut || -> bool { panic!("in the test") }));
        output::write(output::Stream::Stdout, b"after");
        failed.is_err()
    });
    assert!(result);
    assert_eq!(outside, b"after");
}
