//! A task that waits for a thread of a pool, without the type of its result.

use super::error::FutureError;
use super::future::Future;
use crate::process::task_origin::TaskOrigin;
use crate::threading::thread::panics;
use crate::threading::thread::registry::if_crashed;

/// A task that waits for a thread.
pub(super) trait Job: Send {
    /// Runs it; its panic is its own.
    fn run(self: Box<Self>);
    /// Cancels it.
    fn cancel(self: Box<Self>);
    /// Says why it is not run.
    fn fail(self: Box<Self>, error: FutureError);
}

/// A task and the future of its result.
pub(super) struct Task<T> {
    body: Box<dyn FnOnce() -> T + Send>,
    future: Future<T>,
    /// The last field: the cell is waited for until the rest is gone.
    origin: TaskOrigin,
}

impl<T: Send + 'static> Task<T> {
    pub(super) fn boxed(body: Box<dyn FnOnce() -> T + Send>) -> (Box<dyn Job>, Future<T>) {
        let future = Future::new();
        let task = Self {
            body,
            future: future.clone(),
            origin: TaskOrigin::new(),
        };
        (Box::new(task), future)
    }
}

impl<T: Send + 'static> Job for Task<T> {
    fn run(self: Box<Self>) {
        let Self {
            body,
            future,
            origin,
        } = *self;
        let (crashed, lost) = (future.clone(), origin.lost());
        let run = move || {
            let _watched = if_crashed(Box::new(move |crash| {
                let _ = crashed.fail(FutureError::Panicked(crash));
                lost();
            }));
            // A future that is cancelled or was completed by hand is done: its task is not run, and
            // what the task says after all is not heard.
            if let Ok(true) = future.set_running_or_notify_cancel() {
                let _ = match panics::catch(body) {
                    Ok(value) => future.set_result(value),
                    Err(panic) => future.fail(FutureError::Panicked(panic)),
                };
            }
            // Here, if nobody has kept the future, the result is dropped.
        };
        origin.run(|| {
            if let Err(panic) = panics::catch(run) {
                eprintln!("Exception while the result of a task was dropped: {panic}");
            }
        });
    }

    fn cancel(self: Box<Self>) {
        self.future.cancel();
    }

    fn fail(self: Box<Self>, error: FutureError) {
        // If it is cancelled already, that is why it is not run.
        let _ = self.future.fail(error);
    }
}
