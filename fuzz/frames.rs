//! What kernel and cell host say to each other, and the page that a crash leaves: any bytes are read or refused.
#![no_main]

use libfuzzer_sys::fuzz_target;
use woozle::protocol::crash::{Crash, MOST_FRAMES};
use woozle::protocol::{Command, Event, read_frame};

fuzz_target!(|bytes: &[u8]| {
    let mut rest = bytes;
    while let Ok(Some(_)) = read_frame::<Event>(&mut rest) {}
    let mut rest = bytes;
    while let Ok(Some(_)) = read_frame::<Command>(&mut rest) {}
    let crash = Crash::read(bytes);
    assert!(crash.is_none_or(|crash| crash.frames.len() <= MOST_FRAMES));
});
