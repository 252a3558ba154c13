//! Jobs: all chunks of one call, one task for a function, or results that come one by one.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::PoolError;
use super::job::{CallId, Deferred, Job};
use super::promise::Promise;
use crate::multiprocessing::transport::codec;
use crate::multiprocessing::transport::descriptors::CodecError;
use crate::process::task_origin::TaskOrigin;
use crate::sync::lock_std;
use crate::threading::thread::panics;
use crate::wait::{Deadline, WaitSet, Wanted};

/// All items of one call of a verb, in whatever chunks their results come.
pub(super) struct Chunks<R, T> {
    parts: Mutex<Parts<R>>,
    promise: Arc<Promise<T>>,
    assemble: fn(Vec<R>) -> T,
}

struct Parts<R> {
    /// The results of chunks, by the index of the first item.
    results: BTreeMap<usize, Vec<R>>,
    missing: usize,
    error: Option<(usize, PoolError)>,
    /// The cell is waited for until all is there.
    origin: Option<TaskOrigin>,
}

impl<R, T> Chunks<R, T>
where
    R: Serialize + DeserializeOwned + Send + 'static,
    T: Send + 'static,
{
    /// For this many items, at least one.
    pub(super) fn new(items: usize, assemble: fn(Vec<R>) -> T) -> Arc<Self> {
        let parts = Parts {
            results: BTreeMap::new(),
            missing: items,
            error: None,
            origin: Some(TaskOrigin::new()),
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

    fn done(&self, index: usize, items: u32, result: Result<&[u8], PoolError>) -> Option<Deferred> {
        let result = result.and_then(|bytes| decode_all(bytes, items));
        let mut parts = lock_std(&self.parts);
        match result {
            Ok(values) => {
                parts.results.insert(index, values);
            }
            Err(error) => {
                // As in Python: the first in the order of the items.
                if parts.error.as_ref().is_none_or(|(first, _)| index < *first) {
                    parts.error = Some((index, error));
                }
            }
        }
        parts.missing = parts.missing.saturating_sub(items as usize);
        if parts.missing > 0 {
            return None;
        }
        let origin = parts.origin.take();
        let results = std::mem::take(&mut parts.results);
        let error = parts.error.take();
        drop(parts);
        let later = self.promise.set(match error {
            Some((_, error)) => Err(error),
            None => Ok((self.assemble)(results.into_values().flatten().collect())),
        });
        match later {
            None => {
                drop(origin);
                None
            }
            Some(later) => Some(Box::new(move || {
                later();
                drop(origin);
            })),
        }
    }
}

/// A task whose result is taken by a function.
pub(super) struct Then<R, F> {
    finish: Mutex<Option<(F, TaskOrigin)>>,
    _result: PhantomData<fn() -> R>,
}

impl<R, F> Then<R, F> {
    pub(super) fn new(finish: F) -> Self {
        Self {
            finish: Mutex::new(Some((finish, TaskOrigin::new()))),
            _result: PhantomData,
        }
    }
}

impl<R, F> Job for Then<R, F>
where
    R: Serialize + DeserializeOwned + Send + 'static,
    F: FnOnce(Result<R, PoolError>) + Send + 'static,
{
    fn done(&self, _: usize, items: u32, result: Result<&[u8], PoolError>) -> Option<Deferred> {
        let (finish, origin) = lock_std(&self.finish).take()?;
        let result = result.and_then(|bytes| decode_all(bytes, items));
        let result = result.and_then(|mut values| values.pop().ok_or(PoolError::ResultTaken));
        Some(Box::new(move || {
            finish(result);
            drop(origin);
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
        Err(panic) => Err(PoolError::Result(CodecError::new(panic))),
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
        lock_std(&self.results).push((index, result));
        self.came.wake_all();
    }

    pub(super) fn is_empty(&self) -> bool {
        lock_std(&self.results).is_empty()
    }

    pub(super) fn take(&self) -> Vec<Came<R>> {
        std::mem::take(&mut *lock_std(&self.results))
    }

    pub(super) fn wait(&self, deadline: Deadline) -> bool {
        let mut some = || !self.is_empty();
        self.came.wait_until(Wanted::Future, deadline, &mut some)
    }
}

/// One chunk of a stream.
pub(super) struct StreamChunk<R> {
    pub(super) stream: Arc<Stream<R>>,
    pub(super) origin: Mutex<Option<TaskOrigin>>,
}

impl<R: Serialize + DeserializeOwned + Send + 'static> Job for StreamChunk<R> {
    fn call(&self) -> CallId {
        CallId::of(&self.stream)
    }

    fn done(&self, index: usize, items: u32, result: Result<&[u8], PoolError>) -> Option<Deferred> {
        let result = result.and_then(|bytes| decode_all(bytes, items));
        self.stream.push(index, result);
        drop(lock_std(&self.origin).take());
        None
    }
}

/// The waits for a call: if an interrupt ends one, and the last who could ask for the results goes with it, the call is
/// abandoned.
///
/// The one who waits may outlive the interrupt: a result or an iterator that is a variable. So what counts is that
/// this is dropped on the way out.
pub(super) struct Waiting {
    abandon: Box<dyn Fn() + Send + Sync>,
    now: AtomicBool,
}

impl Waiting {
    pub(super) fn new(abandon: impl Fn() + Send + Sync + 'static) -> Self {
        Self {
            abandon: Box::new(abandon),
            now: AtomicBool::new(false),
        }
    }

    /// Calls `wait`, from which an interrupt unwinds.
    pub(super) fn during<T>(&self, wait: impl FnOnce() -> T) -> T {
        self.now.store(true, Ordering::Relaxed);
        let result = wait();
        self.now.store(false, Ordering::Relaxed);
        result
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if *self.now.get_mut() && std::thread::panicking() {
            (self.abandon)();
        }
    }
}
