//! What a verb has asked for: chunks go out, their results come in, in any order.

use std::marker::PhantomData;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::abandon::CallId;
use super::error::PoolError;
use crate::multiprocessing::lock;
use crate::multiprocessing::transport::codec;
use crate::multiprocessing::transport::descriptors::CodecError;
use crate::process::task_origin::Errand;
use crate::threading::panics;
use crate::wait::{Deadline, WaitSet, Wanted};

/// Something to be done when nothing is locked: a user's callback.
pub(crate) type Later = Box<dyn FnOnce() + Send>;

/// Where the results of chunks go.
pub(super) trait Job: Send + Sync {
    /// The chunk of this index is done: the bytes of its results, or why there are none.
    fn done(&self, index: usize, items: u32, result: Result<&[u8], PoolError>) -> Option<Later>;

    /// The call that it is a part of.
    fn call(&self) -> CallId {
        CallId::NONE
    }
}

type Callback<T> = Box<dyn FnOnce(Result<&T, &PoolError>) + Send>;

/// A result that will be there: the shared part of an `AsyncResult`.
pub(crate) struct Promise<T> {
    state: Mutex<State<T>>,
    ready: WaitSet,
}

struct State<T> {
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
        let state = State {
            outcome: Outcome::Pending,
            callbacks: Vec::new(),
        };
        Arc::new(Self {
            state: Mutex::new(state),
            ready: WaitSet::new(),
        })
    }

    pub(super) fn is_ready(&self) -> bool {
        !matches!(lock(&self.state).outcome, Outcome::Pending)
    }

    /// Whether there is a result rather than an error; none while it is not ready.
    pub(super) fn is_successful(&self) -> Option<bool> {
        match &lock(&self.state).outcome {
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
        let mut state = lock(&self.state);
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

    pub(crate) fn set(self: &Arc<Self>, result: Result<T, PoolError>) -> Option<Later>
    where
        T: Send + 'static,
    {
        let callbacks = std::mem::take(&mut lock(&self.state).callbacks);
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
        lock(&self.state).outcome = Outcome::There(result);
        self.ready.wake_all();
    }

    /// Calls `callback` with the result, when it is there or now.
    pub(super) fn on_ready(&self, callback: Callback<T>) {
        let mut state = lock(&self.state);
        match std::mem::replace(&mut state.outcome, Outcome::Taken) {
            Outcome::Pending => {
                state.outcome = Outcome::Pending;
                state.callbacks.push(callback);
            }
            Outcome::There(result) => {
                drop(state);
                call(callback, &result);
                lock(&self.state).outcome = Outcome::There(result);
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

/// All chunks of one call of a verb.
pub(super) struct Chunks<R, T> {
    parts: Mutex<Parts<R>>,
    promise: Arc<Promise<T>>,
    assemble: fn(Vec<Vec<R>>) -> T,
}

struct Parts<R> {
    results: Vec<Vec<R>>,
    missing: usize,
    error: Option<(usize, PoolError)>,
    /// The cell is waited for until all is there.
    errand: Option<Errand>,
}

impl<R, T> Chunks<R, T>
where
    R: Serialize + DeserializeOwned + Send + 'static,
    T: Send + 'static,
{
    /// For this many chunks, at least one.
    pub(super) fn new(count: usize, assemble: fn(Vec<Vec<R>>) -> T) -> Arc<Self> {
        let parts = Parts {
            results: (0..count).map(|_| Vec::new()).collect(),
            missing: count,
            error: None,
            errand: Some(Errand::new()),
        };
        Arc::new(Self {
            parts: Mutex::new(parts),
            promise: Promise::new(),
            assemble,
        })
    }

    pub(super) fn promise(&self) -> Arc<Promise<T>> {
        self.promise.clone()
    }
}

impl<R, T> Job for Chunks<R, T>
where
    R: Serialize + DeserializeOwned + Send + 'static,
    T: Send + 'static,
{
    fn call(&self) -> CallId {
        CallId::of(&self.promise)
    }

    fn done(&self, index: usize, items: u32, result: Result<&[u8], PoolError>) -> Option<Later> {
        let result = result.and_then(|bytes| decode_all(bytes, items));
        let mut parts = lock(&self.parts);
        match result {
            Ok(values) => parts.results[index] = values,
            Err(error) => {
                // As in Python: the first in the order of the items.
                if parts.error.as_ref().is_none_or(|(first, _)| index < *first) {
                    parts.error = Some((index, error));
                }
            }
        }
        parts.missing -= 1;
        if parts.missing > 0 {
            return None;
        }
        let errand = parts.errand.take();
        let results = std::mem::take(&mut parts.results);
        let error = parts.error.take();
        drop(parts);
        let later = self.promise.set(match error {
            Some((_, error)) => Err(error),
            None => Ok((self.assemble)(results)),
        });
        match later {
            None => {
                drop(errand);
                None
            }
            Some(later) => Some(Box::new(move || {
                later();
                drop(errand);
            })),
        }
    }
}

/// A task whose result is taken by a function.
pub(super) struct Then<R, F> {
    finish: Mutex<Option<(F, Errand)>>,
    _result: PhantomData<fn() -> R>,
}

impl<R, F> Then<R, F> {
    pub(super) fn new(finish: F) -> Self {
        Self {
            finish: Mutex::new(Some((finish, Errand::new()))),
            _result: PhantomData,
        }
    }
}

impl<R, F> Job for Then<R, F>
where
    R: Serialize + DeserializeOwned + Send + 'static,
    F: FnOnce(Result<R, PoolError>) + Send + 'static,
{
    fn done(&self, _: usize, items: u32, result: Result<&[u8], PoolError>) -> Option<Later> {
        let (finish, errand) = lock(&self.finish).take()?;
        let result = result.and_then(|bytes| decode_all(bytes, items));
        let result = result.and_then(|mut values| values.pop().ok_or(PoolError::ResultTaken));
        Some(Box::new(move || {
            finish(result);
            drop(errand);
        }))
    }
}

/// Reads the results of a chunk.
pub(super) fn decode_all<R: DeserializeOwned + 'static>(
    mut bytes: &[u8],
    items: u32,
) -> Result<Vec<R>, PoolError> {
    let decode = || {
        let values = (0..items).map(|_| codec::decode(&mut bytes));
        values.collect::<Result<Vec<R>, CodecError>>()
    };
    match panics::catch(decode) {
        Ok(result) => result.map_err(PoolError::Result),
        Err(panic) => Err(PoolError::Result(
            crate::multiprocessing::transport::descriptors::CodecError::new(panic),
        )),
    }
}

/// A chunk's index, and its results.
type Came<R> = (usize, Result<Vec<R>, PoolError>);

/// Results that come one by one, each as soon as it is there, with its index.
pub(super) struct Stream<R> {
    results: Mutex<Vec<Came<R>>>,
    came: WaitSet,
}

impl<R: Send> Stream<R> {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self {
            results: Mutex::default(),
            came: WaitSet::new(),
        })
    }

    pub(super) fn push(&self, index: usize, result: Result<Vec<R>, PoolError>) {
        lock(&self.results).push((index, result));
        self.came.wake_all();
    }

    pub(super) fn is_empty(&self) -> bool {
        lock(&self.results).is_empty()
    }

    pub(super) fn take(&self) -> Vec<Came<R>> {
        std::mem::take(&mut *lock(&self.results))
    }

    pub(super) fn wait(&self, deadline: Deadline) -> bool {
        let mut some = || !self.is_empty();
        self.came.wait_until(Wanted::Future, deadline, &mut some)
    }
}

/// One chunk of a stream.
pub(super) struct StreamChunk<R> {
    pub(super) stream: Arc<Stream<R>>,
    pub(super) errand: Mutex<Option<Errand>>,
}

impl<R: Serialize + DeserializeOwned + Send + 'static> Job for StreamChunk<R> {
    fn call(&self) -> CallId {
        CallId::of(&self.stream)
    }

    fn done(&self, index: usize, items: u32, result: Result<&[u8], PoolError>) -> Option<Later> {
        let result = result.and_then(|bytes| decode_all(bytes, items));
        self.stream.push(index, result);
        drop(lock(&self.errand).take());
        None
    }
}

/// For waiting with a time limit.
pub(super) fn deadline(timeout: Option<Duration>) -> Deadline {
    timeout.map_or(Deadline::NEVER, Deadline::after)
}
