//! From the beginning of a recording to what was recorded.

use std::sync::atomic::Ordering;

use super::lanes::{self, Lane};
use super::note::{HEAD, Kind, now};
use crate::protocol::{Action, Recorded, RecordedThread, ThreadEvent};

/// A recording under way.
#[derive(Debug)]
pub(crate) struct Recording {
    began: u64,
}

impl Recording {
    /// Begins one; none if there is no memory for it.
    pub(crate) fn begin() -> Option<Self> {
        let began = now();
        lanes::open().then_some(Self { began })
    }

    /// Ends it. What threads are called, and which cell they belong to, is known to the caller where the thread has not
    /// told it itself.
    pub(crate) fn end(self, maps: Option<String>) -> Recorded {
        let mut threads = Vec::new();
        let more_threads = lanes::close(&mut |lane, words| threads.push(thread(lane, words)));
        Recorded {
            process: rustix::process::getpid().as_raw_pid(),
            maps,
            threads,
            more_threads,
            time: (self.began, now()),
        }
    }
}

/// What was noted of a thread.
fn thread(lane: &Lane, words: &[u64]) -> RecordedThread {
    let mut thread = RecordedThread {
        id: lane.tid.load(Ordering::Relaxed),
        handle: lane.handle.load(Ordering::Relaxed),
        name: Some(String::new()),
        cell: 0,
        events: Vec::new(),
        more_events: lane.lost(),
    };
    let mut rest = words;
    while let Some((note, after)) = Note::read(rest) {
        rest = after;
        let name = thread.name.get_or_insert_default();
        match note.kind {
            Kind::Begins => thread.cell = note.number,
            // The system's name is cut short.
            Kind::Ends if name.is_empty() => name.clone_from(&note.text),
            Kind::Named => {
                *name = note.text;
                continue;
            }
            _ => {}
        }
        thread.events.push(note.event());
    }
    thread
}

/// An event as it was written.
struct Note<'a> {
    time: u64,
    processor: u64,
    kind: Kind,
    number: u32,
    object: u64,
    frames: &'a [u64],
    text: String,
}

impl<'a> Note<'a> {
    /// The first one of these words, and the words after it.
    fn read(words: &'a [u64]) -> Option<(Self, &'a [u64])> {
        let (head, rest) = words.split_at_checked(HEAD)?;
        let [time, about, object, processor] = *head else {
            return None;
        };
        let kind = Kind::of_number(about as u8)?;
        let length = usize::from((about >> 16) as u8);
        let (frames, rest) = rest.split_at_checked(usize::from((about >> 8) as u8))?;
        let (text, rest) = rest.split_at_checked(length.div_ceil(8))?;
        let bytes: Vec<u8> = text.iter().flat_map(|word| word.to_le_bytes()).collect();
        let note = Self {
            time,
            processor,
            kind,
            number: (about >> 32) as u32,
            object,
            frames,
            text: String::from_utf8_lossy(&bytes[..length]).into_owned(),
        };
        Some((note, rest))
    }

    fn event(self) -> ThreadEvent {
        let Self { object, number, .. } = self;
        let action = match self.kind {
            Kind::Begins | Kind::Named => Action::Begins,
            Kind::Ends => Action::Ends,
            Kind::Starts => Action::Starts(object),
            Kind::WaitsOnFutex => Action::WaitsOnFutex(object),
            Kind::WaitsFor => Action::WaitsFor {
                kind: self.text,
                object,
            },
            Kind::WaitsForThread => Action::WaitsForThread(object),
            Kind::Sleeps => Action::Sleeps(object),
            Kind::GoesOn => Action::GoesOn,
            Kind::Wakes => Action::Wakes {
                object,
                count: number,
            },
            Kind::Takes => Action::Takes(object),
            Kind::Releases => Action::Releases(object),
            Kind::BeginsTask => Action::BeginsTask,
            Kind::EndsTask => Action::EndsTask,
            Kind::Prints => Action::Prints(self.text),
        };
        ThreadEvent {
            time: self.time,
            processor: self.processor,
            action,
            frames: self.frames.to_vec(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::threading::{Event, Lock, Thread};
    use crate::timeline;

    /// What was recorded of the current thread, and of one that it starts, while `body` ran.
    fn recorded(body: impl FnOnce()) -> Recorded {
        // There is one recording at a time in a process.
        static ONE: std::sync::Mutex<()> = std::sync::Mutex::new(());
        let _one = crate::sync::lock_std(&ONE);
        let recording = Recording::begin().expect("there is memory");
        body();
        recording.end(None)
    }

    fn own(recorded: &Recorded) -> &RecordedThread {
        let tid = rustix::thread::gettid().as_raw_nonzero().get();
        let own = recorded.threads.iter().find(|thread| thread.id == tid);
        own.expect("the current thread has noted something")
    }

    #[test]
    fn a_lock_and_what_is_printed_are_noted_in_order() {
        let lock = Lock::new();
        let recorded = recorded(|| {
            let held = lock.guard();
            timeline::prints("honey, as long as there is some, and then a little more".as_bytes());
            drop(held);
        });
        let actions: Vec<&Action> = own(&recorded)
            .events
            .iter()
            .map(|event| &event.action)
            .collect();
        let [
            Action::Takes(taken),
            Action::Prints(text),
            Action::Releases(released),
        ] = actions[..]
        else {
            panic!("{actions:?}");
        };
        assert_eq!(taken, released);
        assert_eq!(text, "honey, as long as there is some, and the");
        let times: Vec<u64> = own(&recorded)
            .events
            .iter()
            .map(|event| event.time)
            .collect();
        assert!(times.is_sorted(), "{times:?}");
        assert!(recorded.time.0 <= times[0] && times[2] <= recorded.time.1);
        assert!(!timeline::is_on());
    }

    #[test]
    fn a_wait_is_noted_with_who_ends_it() {
        let gate = std::sync::Arc::new(Event::new());
        let theirs = std::sync::Arc::clone(&gate);
        let recorded = recorded(|| {
            let thread = Thread::builder()
                .name("a rather long name")
                .spawn(move || theirs.wait());
            let thread = thread.expect("it starts");
            crate::testing::until("it waits", || {
                crate::wait::waiting()
                    .iter()
                    .any(|(tid, _)| thread.native_id() == Some(tid.cast_unsigned()))
            });
            gate.set();
            thread.join().expect("it ends");
        });
        let named = |thread: &&RecordedThread| thread.name.as_deref() == Some("a rather long name");
        let waiter = recorded
            .threads
            .iter()
            .find(named)
            .expect("it has noted something");
        let wait = waiter.events.iter().find_map(|event| match &event.action {
            Action::WaitsFor { kind, object } => Some((kind.clone(), *object, event.frames.len())),
            _ => None,
        });
        let (kind, object, frames) = wait.expect("it has waited");
        assert_eq!(kind, "an Event");
        assert!(frames > 3);
        let woken = own(&recorded).events.iter().any(
            |event| matches!(event.action, Action::Wakes { object: of, count: 1 } if of == object),
        );
        assert!(woken);
    }

    #[test]
    fn what_there_is_no_room_for_is_counted() {
        let recorded = recorded(|| {
            for _ in 0..100_000 {
                timeline::takes(1);
            }
        });
        let own = own(&recorded);
        assert!(own.more_events > 0);
        assert_eq!(own.events.len() as u64 + own.more_events, 100_000);
    }
}
