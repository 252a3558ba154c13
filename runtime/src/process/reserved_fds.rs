//! Descriptors that are kept for the runtime's own use: the user's code may have used up all others (`ulimit -n`),
//! and the cell that closes its files has to be loaded.

use std::os::fd::{AsFd, OwnedFd};
use std::sync::{Mutex, MutexGuard, TryLockError};

use rustix::fs::{Mode, OFlags};

use crate::sync::lock_std;

/// A copy of the process takes most: a socket's two ends, a file, a folder, and some to spare.
const COUNT: usize = 6;
/// Numbers from here on, where the limit allows it: the user's files get the small ones.
const FIRST: i32 = 100;

type Spare = [Option<OwnedFd>; COUNT];

static SPARE: Mutex<Spare> = Mutex::new([const { None }; COUNT]);

/// A second descriptor for a file, out of the way of the user's.
pub(crate) fn duplicate(file: impl AsFd) -> rustix::io::Result<OwnedFd> {
    // A low limit does not allow so large a number.
    rustix::io::fcntl_dupfd_cloexec(&file, FIRST)
        .or_else(|_| rustix::io::fcntl_dupfd_cloexec(&file, 3))
}

/// Keeps as many as there can be.
pub(crate) fn set_aside() {
    let mut spare = lock_std(&SPARE);
    let null = || rustix::fs::open("/dev/null", OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty());
    if spare.iter().any(Option::is_none)
        && let Ok(null) = null()
    {
        for place in spare.iter_mut().filter(|place| place.is_none()) {
            *place = duplicate(&null).ok();
        }
    }
}

/// Frees them. A handler of a crash may do so, too: it neither waits nor allocates.
pub(crate) fn let_go() {
    let free = |mut spare: MutexGuard<'_, Spare>| spare.fill_with(|| None);
    match SPARE.try_lock() {
        Ok(spare) => free(spare),
        Err(TryLockError::Poisoned(spare)) => free(spare.into_inner()),
        Err(TryLockError::WouldBlock) => {}
    }
}

/// Does something for which the runtime needs some of them.
pub(crate) fn with<T>(work: impl FnOnce() -> T) -> T {
    struct Again;
    impl Drop for Again {
        fn drop(&mut self) {
            set_aside();
        }
    }
    let_go();
    let _again = Again;
    work()
}
