//! What `Local` promises.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::testing::Bunch;
use crate::threading::Local;
use crate::threading::thread::panics;

/// Counts how many are alive.
#[derive(Clone)]
struct Counted(Arc<AtomicUsize>);

impl Counted {
    fn new(alive: &Arc<AtomicUsize>) -> Self {
        alive.fetch_add(1, Ordering::SeqCst);
        Self(alive.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[test]
fn each_thread_has_its_own() {
    let local = Local::new(|| 10);
    local.set(1);
    let other = local.clone();
    let bunch = Bunch::start(3, move |i| {
        other.with(|value| *value += i);
        other.get()
    });
    assert_eq!(bunch.join(), [10, 11, 12]);
    assert_eq!(local.get(), 1);
}

#[test]
fn each_object_has_its_own() {
    let (one, two) = (Local::new(|| 1), Local::new(|| 2));
    one.set(5);
    assert_eq!((one.get(), two.get()), (5, 2));
}

#[test]
fn values_go_with_their_thread_or_their_object() {
    let alive = Arc::new(AtomicUsize::new(0));
    let make = alive.clone();
    let local = Local::new(move || Counted::new(&make));
    let other = local.clone();
    Bunch::start(3, move |_| other.with(|_| ())).join();
    assert_eq!(alive.load(Ordering::SeqCst), 0, "the threads have ended");
    local.with(|_| ());
    assert_eq!(alive.load(Ordering::SeqCst), 1);
    drop(local);
    Local::new(|| 0).get();
    assert_eq!(alive.load(Ordering::SeqCst), 0, "the object is gone");
}

#[test]
fn use_inside_of_use_is_a_panic_and_the_value_stays_usable() {
    let local = Local::new(|| 1);
    assert!(panics::catch(|| local.with(|_| local.get())).is_err());
    assert_eq!(local.get(), 1);
    let failing = Local::<u8>::new(|| panic!("no value"));
    assert_eq!(
        panics::catch(|| failing.get()).unwrap_err().message(),
        "no value"
    );
}
