//! Tests of the history.

use super::*;

const CELLS: [&str; 4] = ["let a = 1;", "a + 1", "let b = 2;", "a + 1"];

fn fill(history: &mut History) {
    for (line, source) in (1..).zip(CELLS) {
        history.push(line, source);
    }
}

fn history() -> History {
    let mut history = History::open(None);
    fill(&mut history);
    history
}

/// The sessions and lines that a request selects.
fn places(history: &History, access: HistoryAccess) -> Vec<(i64, u32)> {
    let request = HistoryRequest {
        output: false,
        raw: true,
        access,
    };
    let entries = history.select(&request);
    let places = entries
        .iter()
        .map(|HistoryEntry(session, line, _)| (*session, *line));
    places.collect()
}

fn lines(access: HistoryAccess) -> Vec<u32> {
    let places = places(&history(), access);
    places.into_iter().map(|(_, line)| line).collect()
}

fn a_range(session: i64, start: Option<i64>, stop: Option<i64>) -> HistoryAccess {
    HistoryAccess::Range(Range {
        session,
        start,
        stop,
    })
}

fn a_search(pattern: &str, n: Option<i64>, unique: bool) -> HistoryAccess {
    let pattern = Some(pattern.to_owned());
    HistoryAccess::Search(Search { n, pattern, unique })
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
fn a_range_is_without_its_end() {
    let range = |start, stop| lines(a_range(0, start, stop));
    assert_eq!(range(Some(2), Some(4)), [2, 3]);
    assert_eq!(range(None, None), [1, 2, 3, 4]);
    assert_eq!(range(Some(3), None), [3, 4]);
    assert!(range(Some(4), Some(2)).is_empty());
}

#[test]
fn a_search_takes_a_glob_of_the_whole_input() {
    let search = |pattern, n, unique| lines(a_search(pattern, n, unique));
    assert_eq!(search("let*", None, false), [1, 3]);
    assert_eq!(search("*a*", Some(2), false), [2, 4]);
    assert_eq!(search("a ? 1", None, false), [2, 4]);
    assert_eq!(search("a ? 1", None, true), [4]);
    assert!(search("a", None, false).is_empty());
    assert_eq!(search("*", None, true), [1, 3, 4]);
}

#[test]
fn outputs_are_null() {
    let request = HistoryRequest {
        output: true,
        raw: true,
        access: HistoryAccess::Tail(Tail { n: Some(1) }),
    };
    let source = HistorySource::WithOutput("a + 1".to_owned(), None);
    assert_eq!(history().select(&request), [HistoryEntry(1, 4, source)]);
}

#[test]
fn later_sessions_see_earlier_ones() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("below/history.sqlite");
    let mut first = History::open(Some(&file));
    fill(&mut first);
    // Two kernels at the same time are two sessions.
    let mut second = History::open(Some(&file));
    second.push(1, "second");
    first.push(5, "first again");
    drop(first);
    let third = History::open(Some(&file));
    let tail = HistoryAccess::Tail(Tail { n: Some(3) });
    assert_eq!(places(&third, tail), [(1, 4), (2, 1), (1, 5)]);
    assert_eq!(places(&third, a_range(-1, None, None)), [(2, 1)]);
    assert_eq!(places(&third, a_range(-2, Some(4), None)), [(1, 4), (1, 5)]);
    assert_eq!(places(&second, a_range(-1, Some(5), None)), [(1, 5)]);
    assert_eq!(places(&third, a_range(2, None, None)), [(2, 1)]);
    for nothing in [0, -3, i64::MIN, i64::MAX] {
        assert!(places(&third, a_range(nothing, None, None)).is_empty());
    }
}

#[test]
fn a_file_that_is_no_database_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("history.sqlite");
    std::fs::write(&file, "not a database".repeat(100)).expect("written");
    let mut history = History::open(Some(&file));
    fill(&mut history);
    let tail = HistoryAccess::Tail(Tail { n: Some(1) });
    assert_eq!(places(&history, tail), [(1, 4)]);
    let left = std::fs::read_to_string(&file).expect("readable");
    assert!(left.starts_with("not a database"));
}
