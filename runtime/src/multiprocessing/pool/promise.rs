//! A result that will be there.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::error::PoolError;
use super::job::Deferred;
use crate::sync::lock_std;
use crate::threading::thread::panics;
use crate::wait::{Deadline, WaitSet, Wanted};

type Callback<T> = Box<dyn FnOnce(Result<&T, &PoolError>) + Send>;

/// A result that will be there: the shared part of an `AsyncResult`.
pub(crate) struct Promise<T> {
    state: Mutex<PromiseState<T>>,
    ready: WaitSet,
}

struct PromiseState<T> {
    outcome: Outcome<T>,
    callbacks: Vec<Callback<T>>,
}

enum Outcome<T> {
    Pending,
    There(Result<T, PoolError>),
    Taken,
}

impl<T> Promise<T> {
    pub(crate) fn new() -> Arc<Self> {
        let state = PromiseState {
            outcome: Outcome::Pending,
            callbacks: Vec::new(),
        };
        Arc::new(Self {
            state: Mutex::new(state),
            ready: WaitSet::new(),
        })
    }

    pub(super) fn is_ready(&self) -> bool {
        !matches!(lock_std(&self.state).outcome, Outcome::Pending)
    }

    /// Whether there is a result rather than an error; none while it is not ready.
    pub(super) fn is_successful(&self) -> Option<bool> {
        match &lock_std(&self.state).outcome {
            Outcome::Pending => None,
            Outcome::There(result) => Some(result.is_ok()),
            Outcome::Taken => Some(true),
        }
    }

    pub(super) fn wait(&self, deadline: Deadline) -> bool {
        let mut ready = || self.is_ready();
        self.ready.wait_until(Wanted::Future, deadline, &mut ready)
    }

    /// Takes the result; an error can be had again.
    pub(super) fn take(&self) -> Result<T, PoolError> {
        let mut state = lock_std(&self.state);
        match std::mem::replace(&mut state.outcome, Outcome::Taken) {
            Outcome::Pending => {
                state.outcome = Outcome::Pending;
                Err(PoolError::TimedOut)
            }
            Outcome::There(Err(error)) => {
                state.outcome = Outcome::There(Err(error.clone()));
                Err(error)
            }
            Outcome::There(Ok(value)) => Ok(value),
            Outcome::Taken => Err(PoolError::ResultTaken),
        }
    }

    pub(crate) fn set(self: &Arc<Self>, result: Result<T, PoolError>) -> Option<Deferred>
    where
        T: Send + 'static,
    {
        let callbacks = std::mem::take(&mut lock_std(&self.state).callbacks);
        if callbacks.is_empty() {
            self.fill(result);
            return None;
        }
        let promise = self.clone();
        // As in Python: the result is ready when its callbacks have been called.
        Some(Box::new(move || {
            for callback in callbacks {
                call(callback, &result);
            }
            promise.fill(result);
        }))
    }

    fn fill(&self, result: Result<T, PoolError>) {
        lock_std(&self.state).outcome = Outcome::There(result);
        self.ready.wake_all();
    }

    /// Calls `callback` with the result, when it is there or now.
    pub(super) fn on_ready(&self, callback: Callback<T>) {
        let mut state = lock_std(&self.state);
        match std::mem::replace(&mut state.outcome, Outcome::Taken) {
            Outcome::Pending => {
                state.outcome = Outcome::Pending;
                state.callbacks.push(callback);
            }
            Outcome::There(result) => {
                drop(state);
                call(callback, &result);
                lock_std(&self.state).outcome = Outcome::There(result);
            }
            Outcome::Taken => {}
        }
    }
}

fn call<T>(callback: Callback<T>, result: &Result<T, PoolError>) {
    if let Err(panic) = panics::catch(|| callback(result.as_ref())) {
        eprintln!("Exception in a callback of a pool: {panic}");
    }
}

/// For waiting with a time limit.
pub(super) fn deadline(timeout: Option<Duration>) -> Deadline {
    timeout.map_or(Deadline::NEVER, Deadline::after)
}
