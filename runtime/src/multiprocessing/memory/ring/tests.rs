//! Tests of rings.

use super::*;
use crate::multiprocessing::memory::segment::Segment;

const CAPACITY: usize = 256;

fn ring(segment: &Segment) -> (Writer, Reader) {
    // SAFETY: the segment is large enough and outlives both.
    unsafe {
        (
            Writer::new(segment.as_mut_ptr(), CAPACITY),
            Reader::new(segment.as_mut_ptr(), CAPACITY),
        )
    }
}

fn segment() -> Segment {
    Segment::new(size_of_ring(CAPACITY)).unwrap()
}

#[test]
fn records_come_in_order_around_the_end() {
    let segment = segment();
    let (mut writer, mut reader) = ring(&segment);
    let mut record = Vec::new();
    for round in 0..1000_usize {
        let payload = vec![round as u8; round % 60];
        assert!(writer.push(&[&payload, b"."]).is_some());
        assert_eq!(reader.pop(&mut record), Ok(true));
        assert_eq!(record, [payload.as_slice(), b"."].concat());
        assert_eq!(reader.pop(&mut record), Ok(false));
    }
}

#[test]
fn a_full_ring_takes_no_more_and_a_long_record_never() {
    let segment = segment();
    let (mut writer, mut reader) = ring(&segment);
    assert!(writer.push(&[&[0; CAPACITY / 4 + 1]]).is_none());
    let mut pushed = 0;
    while writer.push(&[&[7; 24]]).is_some() {
        pushed += 1;
    }
    assert_eq!(pushed, CAPACITY / 32);
    let mut record = Vec::new();
    assert_eq!(reader.pop(&mut record), Ok(true));
    assert!(writer.push(&[&[7; 24]]).is_some());
    assert!(writer.push(&[&[7; 24]]).is_none());
}

#[test]
fn a_recalled_record_is_not_popped_and_a_popped_one_not_recalled() {
    let segment = segment();
    let (mut writer, mut reader) = ring(&segment);
    let tickets = [b"a", b"b", b"c"].map(|text| writer.push(&[text]).unwrap());
    assert!(writer.recall(tickets[1]));
    assert!(!writer.recall(tickets[1]));
    let mut record = Vec::new();
    assert_eq!(reader.pop(&mut record), Ok(true));
    assert_eq!(record, b"a");
    assert!(!writer.recall(tickets[0]));
    assert_eq!(reader.pop(&mut record), Ok(true));
    assert_eq!(record, b"c");
    assert_eq!(reader.pop(&mut record), Ok(false));
}

#[test]
fn garbage_is_noticed() {
    for garbage in [u64::MAX, 12, 1 << 40] {
        let segment = segment();
        let (mut writer, mut reader) = ring(&segment);
        writer.push(&[b"a"]).unwrap();
        writer.0.head().pushed.store(garbage, Ordering::Relaxed);
        writer.0.word(0, true).store(u32::MAX, Ordering::Relaxed);
        assert_eq!(reader.pop(&mut Vec::new()), Err(Broken), "{garbage}");
    }
}

#[test]
fn who_waits_for_room_that_there_is_by_now_does_not_sleep() {
    let segment = segment();
    let (mut writer, mut reader) = ring(&segment);
    while writer.push(&[&[7; 24]]).is_some() {}
    let mut record = Vec::new();
    while reader.pop(&mut record).unwrap() {
        reader.wake_writer();
    }
    writer.wait_for_room();
    assert!(writer.push(&[&[7; 24]]).is_some());
}

#[test]
fn two_threads_pass_records_with_little_room() {
    let segment = segment();
    let (mut writer, mut reader) = ring(&segment);
    const N: u32 = 20_000;
    let writing = std::thread::spawn(move || {
        for n in 0..N {
            while writer.push(&[&n.to_le_bytes()]).is_none() {
                writer.wait_for_room();
            }
            writer.wake_reader();
        }
    });
    let mut record = Vec::new();
    for n in 0..N {
        while !reader.pop(&mut record).unwrap() {
            reader.wait();
        }
        reader.wake_writer();
        assert_eq!(record, n.to_le_bytes());
    }
    writing.join().unwrap();
}
