//! What `Event` promises.

use crate::testing::{Bunch, LONG, SHORT};
use crate::threading::Event;
use crate::wait::Wanted;

#[test]
fn set_clear_is_set() {
    let event = Event::new();
    for set in [true, true, false, false, true] {
        if set {
            event.set()
        } else {
            event.clear()
        }
        assert_eq!(event.is_set(), set);
    }
}

#[test]
fn set_wakes_all_and_stays() {
    let event = Event::new();
    let other = event.clone();
    let waiters = Bunch::blocked(5, Wanted::Event, move |i| match i {
        0 => other.wait_timeout(LONG),
        _ => {
            other.wait();
            true
        }
    });
    event.set();
    assert_eq!(waiters.join(), [true; 5]);
    event.wait();
    assert!(event.wait_timeout(SHORT));
}

#[test]
fn set_and_clear_at_once_still_wakes_those_that_wait() {
    let event = Event::new();
    for _ in 0..20 {
        let other = event.clone();
        let waiters = Bunch::blocked(3, Wanted::Event, move |_| other.wait());
        event.set();
        event.clear();
        waiters.join();
        assert!(!event.wait_timeout(SHORT / 5), "those that come later wait");
    }
}

#[test]
fn a_wait_times_out_and_the_event_is_usable() {
    let event = Event::default();
    assert!(!event.wait_timeout(SHORT));
    event.set();
    assert!(event.wait_timeout(SHORT));
}
