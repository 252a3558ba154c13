//! The schedule's clock: time passes where a sleep or a wait with a limit ends, and a little with each look at it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::time::Duration;

use super::log::{Place, running};

/// How much passes with a look.
const LOOK: Duration = Duration::from_micros(1);

/// Who has looked so often at one place waits for the time to pass: from then on each look takes twice as long.
const PATIENT: u32 = 16;

thread_local! {
    static NOW: Cell<Duration> = const { Cell::new(Duration::ZERO) };
    /// How often each thread has looked, by place.
    static LOOKS: RefCell<BTreeMap<(u16, Place), u32>> = const { RefCell::new(BTreeMap::new()) };
}

/// A run begins.
pub(super) fn begin() {
    NOW.set(Duration::ZERO);
    LOOKS.take();
}

/// The time since the beginning of the run, for who looks at a place.
pub(crate) fn look(place: Place) -> Duration {
    let looks = LOOKS.with_borrow_mut(|looks| {
        let looks = looks.entry((running(), place)).or_default();
        *looks += 1;
        *looks
    });
    let doublings = looks.saturating_sub(PATIENT).min(40);
    NOW.set(NOW.get() + LOOK.saturating_mul(1 << doublings.min(31)));
    NOW.get()
}

/// When something ends that begins now and takes so long.
pub(crate) fn after(time: Duration) -> Duration {
    NOW.get().saturating_add(time)
}

/// It is at least this late.
pub(crate) fn reach(end: Duration) {
    NOW.set(NOW.get().max(end));
}
