//! Tests of the history.

use super::*;

fn history() -> History {
    let mut history = History::default();
    for (line, source) in (1..).zip(["let a = 1;", "a + 1", "let b = 2;", "a + 1"]) {
        history.push(line, source);
    }
    history
}

/// The lines that a request selects.
fn lines(access: HistoryAccess) -> Vec<u32> {
    let request = HistoryRequest {
        output: false,
        raw: true,
        access,
    };
    let entries = history().select(&request);
    entries
        .iter()
        .map(|HistoryEntry(_, line, _)| *line)
        .collect()
}

fn range(session: i64, start: Option<i64>, stop: Option<i64>) -> Vec<u32> {
    lines(HistoryAccess::Range(Range {
        session,
        start,
        stop,
    }))
}

fn search(pattern: &str, n: Option<i64>, unique: bool) -> Vec<u32> {
    let pattern = Some(pattern.to_owned());
    lines(HistoryAccess::Search(Search { n, pattern, unique }))
}

#[test]
fn the_tail_is_the_last_cells() {
    let tail = |n| lines(HistoryAccess::Tail(Tail { n }));
    assert_eq!(tail(Some(2)), [3, 4]);
    assert_eq!(tail(Some(1000)), [1, 2, 3, 4]);
    assert_eq!(tail(None), [1, 2, 3, 4]);
    assert!(tail(Some(0)).is_empty());
    assert!(tail(Some(-1)).is_empty());
}

#[test]
fn a_range_excludes_its_stop() {
    assert_eq!(range(0, Some(2), Some(4)), [2, 3]);
    assert_eq!(range(1, Some(2), None), [2, 3, 4]);
    assert_eq!(range(0, None, None), [1, 2, 3, 4]);
    assert!(range(0, Some(4), Some(2)).is_empty());
    assert!(
        range(-1, None, None).is_empty(),
        "there is no earlier session"
    );
}

#[test]
fn a_search_matches_the_whole_input() {
    assert_eq!(search("let*", None, false), [1, 3]);
    assert_eq!(search("*a*", None, false), [1, 2, 4]);
    assert_eq!(search("let ? = ?;", None, false), [1, 3]);
    assert!(search("let", None, false).is_empty());
    assert_eq!(search("*", Some(1), false), [4]);
    assert_eq!(search("a*", None, true), [4]);
}

#[test]
fn globs() {
    let matches = |pattern: &str, text: &str| {
        let pattern: Vec<char> = pattern.chars().collect();
        let text: Vec<char> = text.chars().collect();
        super::matches(&pattern, &text)
    };
    for (pattern, text) in [
        ("", ""),
        ("*", ""),
        ("**", "x"),
        ("a*b*c", "abbc"),
        ("*ab", "aab"),
        ("?", "\u{e9}"),
    ] {
        assert!(matches(pattern, text), "{pattern} {text}");
    }
    for (pattern, text) in [
        ("", "x"),
        ("?", ""),
        ("a*b", "abc"),
        ("*ab", "aba"),
        ("a", "aa"),
    ] {
        assert!(!matches(pattern, text), "{pattern} {text}");
    }
    // Must not take exponential time.
    assert!(!matches(&"*a".repeat(50), &"b".repeat(5000)));
}

#[test]
fn outputs_are_null() {
    let access = HistoryAccess::Tail(Tail { n: Some(1) });
    let request = HistoryRequest {
        output: true,
        raw: true,
        access,
    };
    let json = serde_json::to_value(history().select(&request)).expect("it is JSON");
    assert_eq!(json, serde_json::json!([[1, 4, ["a + 1", null]]]));
}
