//! Pictures, tables and holds, from what was recorded by hand.

use std::collections::BTreeMap;
use std::ops::Range;

use super::locks::{LockEvent, note_holds};
use super::picture::{Lane, Picture, Place, Segment, State};
use super::svg::Drawing;
use super::{table, text};

const MS: u64 = 1_000_000;

fn segment(state: State, time: Range<u64>) -> Segment {
    Segment {
        state,
        time: time.start * MS..time.end * MS,
        what: state.name().to_owned(),
        object: None,
        place: None,
        processor: 1.0,
        held_by: Vec::new(),
        woken_by: None,
    }
}

fn lane(label: &str, segments: Vec<Segment>) -> Lane {
    let end = segments.last().map_or(0, |segment| segment.time.end);
    Lane {
        label: label.to_owned(),
        process: 1,
        id: 1,
        time: 0..end,
        started: None,
        segments,
        tasks: Vec::new(),
        holds: Vec::new(),
        prints: Vec::new(),
    }
}

/// Pooh has the lock until 64, and Piglet waits for it from 16 on.
fn picture() -> Picture {
    let mut waits = segment(State::WaitsForLock, 16..64);
    waits.place = Some(Place {
        shown: "line 3".to_owned(),
        line: "JAR.lock()".to_owned(),
    });
    let piglet = vec![
        segment(State::Runs, 0..16),
        waits,
        segment(State::Runs, 64..96),
    ];
    let pooh = vec![segment(State::Runs, 0..64), segment(State::Sleeps, 64..128)];
    Picture {
        lanes: vec![lane("Pooh & <Co>", pooh), lane("Piglet", piglet)],
        end: 128 * MS,
        ..Picture::default()
    }
}

#[test]
fn as_text_each_column_has_what_a_thread_mostly_did() {
    let text = text::text(&picture());
    let (run, sleep, wait) = ("█".repeat(32), "░".repeat(32), "x".repeat(24));
    let piglet = format!(
        "{}{wait}{}{}",
        "█".repeat(8),
        "█".repeat(16),
        " ".repeat(16)
    );
    assert_eq!(
        text,
        format!(
            "128.0 ms of 2 threads\nPooh & <Co> |{run}{sleep}|\n     Piglet |{piglet}|\n\
             █ runs, x waits for a lock, ░ sleeps\n\
             waits for a lock, line 3: once, 48.00 ms in all, 48.00 ms at most"
        )
    );
}

#[test]
fn the_longest_wait_comes_first() {
    let mut picture = picture();
    let more = vec![
        segment(State::WaitsForEnd, 0..30),
        segment(State::WaitsForEnd, 40..70),
    ];
    picture.lanes.push(lane("Roo", more));
    let rows: Vec<(String, usize, u64)> = table::rows(&picture)
        .into_iter()
        .map(|row| (row.what, row.times, row.total / MS))
        .collect();
    let (end, lock) = ("waits for an end".to_owned(), "waits for a lock".to_owned());
    assert_eq!(rows, [(end, 2, 60), (lock, 1, 48)]);
}

#[test]
fn what_users_write_is_no_part_of_the_markup() {
    let drawing = Drawing::of(&picture());
    for drawn in [drawing.within_page(), drawing.image()] {
        assert!(drawn.contains("Pooh &amp; &lt;Co&gt;"), "{drawn}");
        assert!(!drawn.contains("<Co>"), "{drawn}");
        assert!(drawn.contains("class=\"lock\""), "{drawn}");
        assert_eq!(drawn.matches("<g ").count(), drawn.matches("</g>").count());
    }
}

#[test]
fn a_picture_of_very_many_segments_is_drawn_together() {
    let many = |n: u64| match n % 2 {
        0 => segment(State::Runs, n..n + 1),
        _ => segment(State::WaitsForLock, n..n + 1),
    };
    let picture = Picture {
        lanes: (0..8)
            .map(|_| lane("a", (0..20_000).map(many).collect()))
            .collect(),
        end: 20_000 * MS,
        ..Picture::default()
    };
    let drawn = Drawing::of(&picture).within_page();
    assert!(drawn.len() < 400_000, "{} bytes", drawn.len());
    assert!(drawn.matches("<rect").count() < 1500);
}

/// The holds of each lane, in milliseconds, and who held the lock while Piglet waited.
fn held(events: &[LockEvent]) -> (Vec<Vec<Range<u64>>>, Vec<usize>) {
    let mut picture = picture();
    let names = BTreeMap::from([((1, 8), "JAR".to_owned())]);
    note_holds(&mut picture, events, &names);
    assert_eq!(picture.locks, ["JAR"]);
    let lanes = picture.lanes.iter();
    let holds = lanes.map(|lane| {
        let times = lane.holds.iter().map(|hold| &hold.time);
        times.map(|time| time.start / MS..time.end / MS).collect()
    });
    (
        holds.collect(),
        picture.lanes[1].segments[1].held_by.clone(),
    )
}

#[test]
fn who_holds_a_lock_is_told_or_inferred() {
    let waited = || LockEvent::waited(1, 8, 1, 16 * MS..64 * MS);
    // The runtime's locks say it.
    let told = [
        LockEvent::takes(1, 8, 0, 2 * MS),
        LockEvent::releases(1, 8, 0, 63 * MS),
        waited(),
        LockEvent::takes(1, 8, 1, 64 * MS),
        LockEvent::releases(1, 8, 1, 90 * MS),
    ];
    assert_eq!(held(&told), (vec![vec![2..63], vec![64..90]], vec![0]));
    // Of others it is known from when somebody waits.
    let inferred = [
        LockEvent::wakes(1, 8, 0, 63 * MS),
        waited(),
        LockEvent::wakes(1, 8, 1, 90 * MS),
    ];
    assert_eq!(held(&inferred), (vec![vec![16..63], vec![64..90]], vec![0]));
}
