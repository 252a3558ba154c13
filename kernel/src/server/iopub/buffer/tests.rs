//! Tests of the buffer. Time is a number here: nothing waits.

use std::time::Duration;

use super::super::lane::{MAX_TEXT, WINDOW};
use super::*;
use crate::wire::content::ExecuteRequest;
use crate::wire::{Key, Session};
use zeromq::ZmqMessage;

use StreamName::{Stderr, Stdout};

struct Bench {
    buffer: Buffer,
    now: Instant,
}

fn parent(allow_stdin: bool) -> Parent {
    let session = Session::new("tester", Key::new(b""));
    let request = ExecuteRequest {
        allow_stdin,
        ..ExecuteRequest::new("")
    };
    Parent::of(&session.message(request))
}

/// What a step gave, in short.
#[derive(Debug, PartialEq)]
enum Seen {
    Text(StreamName, String),
    Message(String),
    Until(Duration),
    Wait,
    End,
}

fn out(text: &str) -> Seen {
    Seen::Text(Stdout, text.to_owned())
}

fn message(text: &str) -> Seen {
    Seen::Message(text.to_owned())
}

impl Bench {
    fn new() -> Self {
        let now = Instant::now();
        Self {
            buffer: Buffer::new(now),
            now,
        }
    }

    fn print(&mut self, parent: &Parent, name: StreamName, bytes: &[u8]) {
        self.buffer.print(parent, self.now, name, bytes);
    }

    fn send(&mut self, parent: &Parent, text: &str) {
        let message = ZmqMessage::from(text);
        self.buffer.change(parent, self.now, |lane, time| {
            lane.push_message(time, message, text.len())
        });
    }

    fn flush(&mut self, parent: &Parent) {
        self.buffer.change(parent, self.now, Lane::flush);
    }

    fn step(&mut self) -> Seen {
        match self.buffer.step(self.now) {
            Step::Send(_, item) => match item.into_stream() {
                Ok(stream) => Seen::Text(stream.name, stream.text),
                Err(message) => Seen::Message(message.try_into().expect("one frame")),
            },
            Step::WaitUntil(due) => Seen::Until(due - self.now),
            Step::Wait => Seen::Wait,
            Step::End => Seen::End,
        }
    }

    /// All that comes if one waits as long as the buffer says, and how long that is.
    fn drain(&mut self) -> (Vec<Seen>, Duration) {
        let began = self.now;
        let mut all = Vec::new();
        loop {
            match self.step() {
                Seen::Until(wait) => {
                    assert!(wait > Duration::ZERO);
                    self.now += wait;
                }
                Seen::Wait | Seen::End => return (all, self.now - began),
                seen => all.push(seen),
            }
        }
    }
}

fn joined(all: &[Seen]) -> String {
    let text = |seen: &Seen| match seen {
        Seen::Text(_, text) => text.clone(),
        _ => String::new(),
    };
    all.iter().map(text).collect()
}

#[test]
fn the_first_text_goes_at_once_and_the_next_are_joined() {
    let mut bench = Bench::new();
    let parent = parent(false);
    bench.print(&parent, Stdout, b"a");
    assert_eq!(bench.step(), out("a"));
    bench.print(&parent, Stdout, b"b");
    bench.print(&parent, Stdout, b"c");
    assert_eq!(bench.step(), Seen::Until(WINDOW));
    bench.now += WINDOW;
    assert_eq!(bench.step(), out("bc"));
    assert_eq!(bench.step(), Seen::Wait);
}

#[test]
fn text_after_a_quiet_time_goes_at_once() {
    let mut bench = Bench::new();
    let parent = parent(false);
    for text in ["a", "b"] {
        bench.print(&parent, Stdout, text.as_bytes());
        assert_eq!(bench.step(), out(text));
        assert_eq!(bench.step(), Seen::Wait);
        bench.now += WINDOW;
    }
}

#[test]
fn a_message_takes_the_text_before_it_along() {
    let mut bench = Bench::new();
    let parent = parent(false);
    bench.print(&parent, Stdout, b"a");
    bench.step();
    bench.print(&parent, Stdout, b"b");
    bench.send(&parent, "m");
    bench.print(&parent, Stdout, b"c");
    assert_eq!(bench.step(), out("b"));
    assert_eq!(bench.step(), message("m"));
    assert_eq!(bench.step(), Seen::Until(WINDOW));
}

#[test]
fn text_of_others_that_came_before_goes_before_if_it_is_hurried() {
    let mut bench = Bench::new();
    let (own, other) = (parent(false), parent(false));
    bench.print(&other, Stdout, b"a");
    bench.step();
    let (whole, half) = "b\u{e9}".as_bytes().split_at(2);
    bench.print(&other, Stdout, whole);
    bench.buffer.hurry();
    bench.send(&own, "idle");
    assert_eq!(bench.step(), out("b"));
    assert_eq!(bench.step(), message("idle"));
    bench.print(&other, Stdout, half);
    bench.now += WINDOW;
    assert_eq!(bench.step(), out("\u{e9}"));
}

#[test]
fn flush_sends_half_a_character_replaced() {
    let mut bench = Bench::new();
    let parent = parent(false);
    bench.print(&parent, Stdout, "\u{e9}".as_bytes().split_at(1).0);
    assert_eq!(bench.step(), Seen::Wait);
    bench.flush(&parent);
    assert_eq!(bench.step(), out("\u{FFFD}"));
}

#[test]
fn half_a_character_waits_for_its_other_half() {
    let mut bench = Bench::new();
    let parent = parent(false);
    let (first, second) = "\u{e9}".as_bytes().split_at(1);
    bench.print(&parent, Stdout, first);
    bench.now += 2 * WINDOW;
    assert_eq!(bench.step(), Seen::Wait);
    bench.print(&parent, Stderr, b"other");
    bench.print(&parent, Stdout, second);
    assert_eq!(bench.step(), Seen::Text(Stderr, "other".to_owned()));
    assert_eq!(bench.step(), out("\u{e9}"));
}

#[test]
fn the_streams_keep_their_order() {
    let mut bench = Bench::new();
    let parent = parent(false);
    for i in 0..1000 {
        let name = [Stdout, Stderr][i % 2];
        bench.print(&parent, name, i.to_string().as_bytes());
    }
    let (all, time) = bench.drain();
    let expected: Vec<Seen> = (0..1000)
        .map(|i| Seen::Text([Stdout, Stderr][i % 2], i.to_string()))
        .collect();
    assert_eq!(all, expected);
    // Fast enough for the user, and not too fast for a browser.
    let rate = 1000.0 / time.as_secs_f64();
    assert!((100.0..1000.0).contains(&rate), "{rate} messages a second");
}

#[test]
fn one_stream_makes_few_messages() {
    let mut bench = Bench::new();
    let parent = parent(false);
    let mut messages = 0;
    for _ in 0..10_000 {
        bench.print(&parent, Stdout, b"x");
        bench.now += Duration::from_millis(1);
        while let Seen::Text(..) = bench.step() {
            messages += 1;
        }
    }
    assert!((100..=160).contains(&messages), "{messages} in 10 seconds");
}

#[test]
fn large_text_is_cut_below_the_limit() {
    let mut bench = Bench::new();
    let parent = parent(false);
    // Worst case: every byte takes six in JSON.
    let text = "\u{1}".repeat(400_000);
    for piece in text.as_bytes().chunks(7001) {
        bench.print(&parent, Stdout, piece);
    }
    let (all, time) = bench.drain();
    assert_eq!(joined(&all), text);
    assert_eq!(all.len(), (6 * text.len()).div_ceil(MAX_TEXT));
    // Full messages do not wait: there is nothing to join them with.
    assert!(time <= WINDOW, "{time:?}");
}

#[test]
fn an_interactive_client_gets_large_output_slowly() {
    const SIZE: usize = 10_000_000;
    let (mut bench, parent) = (Bench::new(), parent(true));
    bench.print(&parent, Stdout, &vec![b'x'; SIZE]);
    bench.send(&parent, "idle");
    let mut sent: Vec<(Instant, usize)> = Vec::new();
    loop {
        match bench.step() {
            Seen::Until(wait) => bench.now += wait,
            Seen::Text(_, text) => sent.push((bench.now, text.len())),
            Seen::Message(_) => break,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(sent.iter().map(|(_, size)| size).sum::<usize>(), SIZE);
    // The limit of JupyterLab's server.
    for (begin, _) in &sent {
        let window = *begin..*begin + Duration::from_secs(3);
        let within = sent.iter().filter(|(at, _)| window.contains(at));
        let size: usize = within.map(|(_, size)| size).sum();
        assert!(size < 3_000_000, "{size} bytes within 3 seconds");
    }
}

#[test]
fn paced_text_lets_other_cells_pass() {
    let mut bench = Bench::new();
    let (flooding, other) = (parent(true), parent(true));
    bench.print(&flooding, Stdout, &vec![b'x'; 3_000_000]);
    while !matches!(bench.step(), Seen::Until(_)) {}
    bench.send(&other, "busy");
    assert_eq!(bench.step(), message("busy"));
}

#[test]
fn what_is_due_of_several_cells_keeps_its_order() {
    let mut bench = Bench::new();
    let (first, second) = (parent(true), parent(true));
    bench.print(&first, Stdout, b"a");
    bench.send(&first, "idle 1");
    bench.send(&second, "busy 2");
    bench.send(&first, "late 1");
    let (all, _) = bench.drain();
    assert_eq!(
        all,
        [
            out("a"),
            message("idle 1"),
            message("busy 2"),
            message("late 1")
        ]
    );
}

#[test]
fn the_size_counts_what_is_there() {
    let mut bench = Bench::new();
    let parent = parent(false);
    bench.print(&parent, Stdout, &vec![b'x'; LIMIT]);
    assert!(bench.buffer.is_full(bench.now));
    bench.step();
    assert!(!bench.buffer.is_full(bench.now));
    bench.send(&parent, "m");
    bench.drain();
    assert_eq!(bench.buffer.size, 0);
    assert_eq!(bench.buffer.lanes.len(), 1);
    bench.now += WINDOW;
    bench.step();
    assert_eq!(bench.buffer.lanes.len(), 0, "a finished lane stays");
}

#[test]
fn many_small_items_fill_the_buffer_too() {
    let mut bench = Bench::new();
    let parent = parent(false);
    for _ in 0..LIMIT / 200 {
        bench.send(&parent, "");
    }
    assert!(bench.buffer.is_full(bench.now));
}

#[test]
fn closing_lets_everything_out_without_waiting() {
    let mut bench = Bench::new();
    let parent = parent(true);
    let text = vec![b'x'; 5_000_000];
    bench.print(&parent, Stdout, &text);
    bench.send(&parent, "idle");
    bench.buffer.close();
    let (all, time) = bench.drain();
    assert_eq!(joined(&all).len(), text.len());
    assert_eq!(all.last(), Some(&message("idle")));
    assert_eq!(time, Duration::ZERO);
    assert_eq!(bench.step(), Seen::End);
}

#[test]
fn after_an_interrupt_there_is_more_room_for_a_while() {
    let mut bench = Bench::new();
    let parent = parent(true);
    bench.print(&parent, Stdout, &vec![b'x'; LIMIT]);
    assert!(bench.buffer.is_full(bench.now));
    bench.buffer.interrupt(bench.now);
    assert!(!bench.buffer.is_full(bench.now));
    assert!(!bench.buffer.is_full(bench.now + HURRY / 2));
    assert!(bench.buffer.is_full(bench.now + HURRY));
    bench.print(&parent, Stdout, &vec![b'x'; LIMIT_IN_A_HURRY]);
    assert!(bench.buffer.is_full(bench.now));
}
