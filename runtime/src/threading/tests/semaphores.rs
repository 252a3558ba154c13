//! What the semaphores promise beyond being locks.

use crate::testing::{Bunch, SHORT};
use crate::threading::{BoundedSemaphore, Semaphore, SemaphoreError};
use crate::wait::Wanted;

#[test]
fn as_many_permits_as_said() {
    let places = Semaphore::new(3);
    assert!((0..3).all(|_| places.try_acquire()));
    assert!(!places.try_acquire() && !places.acquire_timeout(SHORT));
    assert_eq!(places.value(), 0);
}

#[test]
fn release_wakes_as_many_as_it_frees() {
    let places = Semaphore::new(0);
    let other = places.clone();
    let waiters = Bunch::blocked(5, Wanted::Semaphore, move |_| other.acquire());
    places.release_many(3).unwrap();
    crate::testing::until("three have gone on", || waiters.finished() == 3);
    assert_eq!((waiters.waiting(Wanted::Semaphore), places.value()), (2, 0));
    places.release_many(3).unwrap();
    waiters.join();
    assert_eq!(places.value(), 1);
}

#[test]
fn bad_releases_are_errors_and_change_nothing() {
    let (open, bounded) = (Semaphore::new(1), BoundedSemaphore::new(2));
    assert_eq!(open.release_many(0), Err(SemaphoreError::NothingReleased));
    assert_eq!(open.release_many(usize::MAX), Err(SemaphoreError::TooMany));
    assert_eq!(
        bounded.release_many(0),
        Err(SemaphoreError::NothingReleased)
    );
    assert_eq!(
        bounded.release(),
        Err(SemaphoreError::OverReleased { bound: 2 })
    );
    bounded.acquire();
    assert_eq!(
        bounded.release_many(2),
        Err(SemaphoreError::OverReleased { bound: 2 })
    );
    assert_eq!((open.value(), bounded.value()), (1, 1));
    bounded.release().unwrap();
    assert_eq!(bounded.value(), 2);
}

#[test]
fn default_is_one_permit_as_in_python() {
    assert_eq!(
        (
            Semaphore::default().value(),
            BoundedSemaphore::default().value()
        ),
        (1, 1)
    );
}
