//! Lines with options, good and bad.

use super::*;

#[test]
fn a_line_without_options_has_the_usual_ones() {
    assert_eq!(Options::read("  "), Ok(Options::DEFAULT));
}

#[test]
fn options_are_read_in_any_order() {
    let options = Options::read("memory=sc  seconds=3 schedules=77").expect("read");
    assert_eq!(options.schedules, 77);
    assert_eq!(options.time, Duration::from_secs(3));
    assert!(!options.is_weak);
}

#[test]
fn what_is_wrong_is_told_with_what_is_right() {
    for (text, told) in [
        ("schedule=3", "did you mean `schedules=`?"),
        ("fast", "Its options are schedules=N"),
        ("schedules=0", "a number from 1 to"),
        ("seconds=-1", "a number from 1 to"),
        ("memory=weak", "`sc` takes all as `SeqCst`"),
        ("replay=", "is not a schedule"),
        ("replay=abc-1x", "is not a schedule"),
        ("replay=abc-1x999999999999", "is not a schedule"),
    ] {
        let error = Options::read(text).expect_err(text);
        assert!(error.contains(told), "{text}: {error}");
    }
}

#[test]
fn a_schedule_is_written_and_read() {
    let replay = Replay {
        cell: "4f2a9c".to_owned(),
        choices: vec![0, 0, 0, 1, 2, 2],
    };
    let text = replay.shown();
    assert_eq!(text, "4f2a9c-0x3.1.2x2");
    let options = Options::read(&format!("replay={text}")).expect("read");
    assert_eq!(options.replay, Some(replay));
}
