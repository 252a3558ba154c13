//! What the generated part of a cell calls. Not for users.

use std::cell::RefCell;
use std::future::Future;
use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use crate::protocol::{Outcome, Place};
use crate::wait::{Deadline, WaitSet, Wanted};

thread_local! {
    static OUTCOME: RefCell<Option<Outcome>> = const { RefCell::new(None) };
}

pub use crate::glue::columns::{Shift, at, caller, columns, type_name};
pub use crate::glue::error_text::tells;
pub use crate::glue::failure::{Absent, Done, Failure, Result, Returned, done, returned};
pub use crate::glue::kind::{Kind, keep_kind, kind, moved_kind, take_kind};
pub use crate::glue::measure::measure;
pub use crate::glue::test_functions::{Test, Tested, run_tests, tested};
pub use crate::glue::variable_store::{put_back, take};
pub use crate::process::interrupt::check;

/// What a function that may run long begins with: called through a pointer, so that rustc does not compile the function
/// again where it is called (`kernel/src/compiler/rewrite/no_inline.rs`).
#[inline(always)]
pub fn begin() {}

/// The type `!`, which rustc lets nobody name: that of the result of a thread that only panics, say.
pub type Never = <fn() -> ! as Returns>::Output;

/// A function's type, of which only the result is wanted.
pub trait Returns {
    /// What it returns.
    type Output;
}

impl<R> Returns for fn() -> R {
    type Output = R;
}

/// Shows a value's type to whoever reads the MIR.
pub fn type_of<T: ?Sized, const N: usize>(_: &T) {}

/// Runs a cell's statements, catches their panic, and says whether they ran to their end.
pub fn run(body: &mut dyn FnMut() -> Result) -> bool {
    let (ran, interrupted) = crate::process::interrupt::while_running(|| {
        let ran = catch_unwind(AssertUnwindSafe(body));
        (ran, crate::process::interrupt::is_pending())
    });
    crate::process::output::evcxr::flush();
    let completed = matches!(ran, Ok(Ok(())));
    let outcome = match ran {
        // Its last statement did not look.
        Ok(Ok(())) if interrupted => Outcome::Interrupted {
            place: Place::from(Location::caller()),
            frames: Vec::new(),
        },
        Ok(Ok(())) => Outcome::Completed,
        Ok(Err(failure)) => Outcome::Failed {
            type_name: failure.type_name.to_owned(),
            message: failure.message,
            place: failure.place,
        },
        Err(payload) => match crate::process::interrupt::outcome(&*payload) {
            Some(interrupted) => {
                crate::process::panics::hook::release_held();
                interrupted
            }
            None => Outcome::Panicked(crate::process::panics::hook::caught(&*payload)),
        },
    };
    if completed {
        crate::process::panics::hook::release_held();
    }
    OUTCOME.set(Some(outcome));
    completed
}

/// How the last [`run`] ended.
pub(crate) fn outcome() -> Outcome {
    OUTCOME.take().unwrap_or(Outcome::Completed)
}

/// Stands for the value of a variable that was moved away: never reached at run time, since its
/// use is a compile error.
pub fn moved<T: 'static>() -> T {
    unreachable!("a moved variable has no value")
}

/// Puts a variable back of which a part was moved away; `drop_rest` drops the rest.
pub fn put_back_in_part<T: 'static>(name: &str, value: T, drop_rest: fn(T)) {
    crate::glue::variable_store::put_back_in_part(name, value, drop_rest);
}

/// Keeps a new variable of which a part was moved away.
pub mod in_part {
    /// As the other `keep_variable`.
    pub fn keep_variable<T: 'static, const N: usize>(name: &str, value: T, drop_rest: fn(T)) {
        crate::glue::variable_store::keep_in_part(name, value, drop_rest);
    }
}

/// Keeping an earlier variable that was moved away, or in part, and has a value again: it is as old as it was.
pub mod again {
    /// As the other `keep_variable`.
    pub fn keep_variable<T: 'static, const N: usize>(name: &str, value: T) {
        crate::glue::variable_store::keep_again(name, value);
    }

    /// The same for what is left of it.
    pub mod in_part {
        /// As the other `keep_variable`.
        pub fn keep_variable<T: 'static, const N: usize>(name: &str, value: T, drop_rest: fn(T)) {
            crate::glue::variable_store::keep_again(name, value);
            crate::glue::variable_store::set_rest(name, drop_rest);
        }
    }
}

/// The bytes of a part that will be moved away, to stand in its place afterwards.
pub fn bytes<T>(part: &T) -> std::mem::MaybeUninit<T> {
    // SAFETY: the bytes of a value are read, and are not taken for a second value.
    unsafe {
        std::ptr::from_ref(part)
            .cast::<std::mem::MaybeUninit<T>>()
            .read()
    }
}

/// What stands for a part that was moved away, so that what it is a part of can be put back. It is never used nor dropped.
pub fn moved_part<T>(bytes: std::mem::MaybeUninit<T>) -> T {
    // SAFETY: the bytes are those that were a `T` at the beginning of the cell; generated code forgets the value.
    unsafe { bytes.assume_init() }
}

/// Keeps a new variable; `N` tells the calls of a cell apart in its MIR.
pub fn keep_variable<T: 'static, const N: usize>(name: &str, value: T) {
    crate::glue::variable_store::keep(name, value);
}

/// Keeps an iterator whose type has no name.
pub fn keep_iterator<I: Iterator<Item = T> + 'static, T: 'static, const N: usize>(
    name: &str,
    value: I,
) {
    crate::glue::variable_store::keep::<Box<dyn Iterator<Item = T>>>(name, Box::new(value));
}

/// Keeps a future whose type has no name.
pub fn keep_future<F: Future<Output = T> + 'static, T: 'static, const N: usize>(
    name: &str,
    value: F,
) {
    crate::glue::variable_store::keep::<std::pin::Pin<Box<dyn Future<Output = T>>>>(
        name,
        Box::pin(value),
    );
}

/// Keeping what may be sent to another thread.
pub mod sent {
    use crate::glue::variable_store as store;

    /// As the other `keep_iterator`.
    pub fn keep_iterator<I: Iterator<Item = T> + Send + 'static, T: 'static, const N: usize>(
        name: &str,
        value: I,
    ) {
        store::keep::<Box<dyn Iterator<Item = T> + Send>>(name, Box::new(value));
    }

    /// As the other `keep_future`.
    pub fn keep_future<F: Future<Output = T> + Send + 'static, T: 'static, const N: usize>(
        name: &str,
        value: F,
    ) {
        store::keep::<std::pin::Pin<Box<dyn Future<Output = T> + Send>>>(name, Box::pin(value));
    }
}

/// Keeps what generated code has put into a box.
pub fn keep_boxed<T: 'static>(name: &str, value: T) {
    crate::glue::variable_store::keep(name, value);
}

/// Wakes the thread that waits for a future.
#[derive(Default)]
struct Alarm {
    rung: AtomicBool,
    sleep: WaitSet,
}

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        self.rung.store(true, Ordering::SeqCst);
        self.sleep.wake_all();
    }
}

/// Runs a future on the current thread: the cells' top-level `.await`.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let alarm = Arc::new(Alarm::default());
    let waker = Waker::from(alarm.clone());
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        let mut rung = || alarm.rung.swap(false, Ordering::SeqCst);
        alarm
            .sleep
            .wait_until(Wanted::Future, Deadline::NEVER, &mut rung);
    }
}

/// Makes the current thread one of a pool that works for all cells: what it prints goes to the one that runs.
pub fn works_for_the_current_cell() {
    crate::process::output::enter_cell(crate::process::output::CURRENT_CELL);
}

#[cfg(test)]
mod tests;
