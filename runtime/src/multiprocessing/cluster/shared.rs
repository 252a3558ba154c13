//! `Shared`: a value that goes to each machine of a cluster once.

use std::any::Any;
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, OnceLock};

use serde::de::{DeserializeOwned, Error as _};
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::multiprocessing::transport::codec;
use crate::multiprocessing::transport::descriptors::{self, CodecError};
use crate::sync::lock_std;

/// A value on a cluster, from [`Cluster::share`](super::Cluster::share): it goes there once, to each process that has a task
/// with it, and not with each task. Python: the future that Dask's `client.scatter` gives.
///
/// It is an argument like any other, of the type `Shared<T>`, and it dereferences to the value.
///
/// ```no_run
/// use woozle::multiprocessing::cluster::{Cluster, Shared};
///
/// fn look_up(table: Shared<Vec<f64>>, i: usize) -> f64 { table[i] }
///
/// let cluster = Cluster::local(2)?;
/// let table = cluster.share(&vec![0.5; 1_000_000])?;
/// let found = cluster.pool().starmap(look_up, (0..100).map(|i| (table.clone(), i)))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A clone is another handle of the same value. When the last one is dropped, the cluster gives its memory back with the
/// next call; processes that have it keep it until the session ends.
pub struct Shared<T> {
    stored: Arc<Stored>,
    _type: PhantomData<fn() -> T>,
}

/// A value as bytes, and as what it is once somebody has asked.
pub(super) struct Stored {
    pub(super) number: u64,
    pub(super) bytes: Vec<u8>,
    value: OnceLock<Result<Box<dyn Any + Send + Sync>, CodecError>>,
    /// Tells the cluster that it is not needed any more.
    forget: Box<dyn Fn(u64) + Send + Sync>,
}

impl Stored {
    fn value<T: DeserializeOwned + Send + Sync + 'static>(&self) -> Result<&T, CodecError> {
        let decode = || -> Result<Box<dyn Any + Send + Sync>, CodecError> {
            Ok(Box::new(codec::decode::<T>(&mut self.bytes.as_slice())?))
        };
        let value = self.value.get_or_init(decode).as_ref();
        let value = value.map_err(CodecError::clone)?.downcast_ref();
        value.ok_or_else(|| CodecError::new("the shared value is of another type"))
    }
}

impl Drop for Stored {
    fn drop(&mut self) {
        (self.forget)(self.number);
    }
}

/// In a worker: the values that it has.
static KEPT: LazyLock<Mutex<HashMap<u64, Arc<Stored>>>> = LazyLock::new(Mutex::default);

/// In a worker: keeps a value.
pub(super) fn keep(number: u64, bytes: Vec<u8>) {
    let stored = Arc::new(Stored {
        number,
        bytes,
        value: OnceLock::new(),
        forget: Box::new(|_| {}),
    });
    lock_std(&KEPT).insert(number, stored);
}

thread_local! {
    /// Those that are serialised, while arguments for a cluster are.
    static USED: RefCell<Option<Vec<Arc<Stored>>>> = const { RefCell::new(None) };
}

/// What is written, if it can go to another machine.
pub(super) fn encode(
    write: &dyn Fn(&mut Vec<u8>) -> Result<(), CodecError>,
) -> Result<Vec<u8>, CodecError> {
    let mut bytes = Vec::new();
    let (written, carried) = descriptors::collecting(|| write(&mut bytes));
    written?;
    match carried.is_empty() {
        true => Ok(bytes),
        false => Err(CodecError::new(super::CANNOT_TRAVEL)),
    }
}

/// Notes the shared values that are serialised in `body`.
pub(super) fn noting<R>(body: impl FnOnce() -> R) -> (R, Vec<Arc<Stored>>) {
    /// Puts back what was there before, also after a panic in the user's `Serialize`.
    struct Back(Option<Vec<Arc<Stored>>>);
    impl Drop for Back {
        fn drop(&mut self) {
            USED.set(self.0.take());
        }
    }
    let _back = Back(USED.replace(Some(Vec::new())));
    let result = body();
    let mut used = USED.take().unwrap_or_default();
    used.sort_by_key(|stored| stored.number);
    used.dedup_by_key(|stored| stored.number);
    (result, used)
}

impl<T: Serialize + DeserializeOwned + Send + Sync + 'static> Shared<T> {
    /// The value as bytes; `forget` is called with its number when the last handle is dropped.
    pub(super) fn new(
        value: &T,
        forget: Box<dyn Fn(u64) + Send + Sync>,
    ) -> Result<Self, CodecError> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let stored = Stored {
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            bytes: encode(&|bytes| codec::encode(value, bytes))?,
            value: OnceLock::new(),
            forget,
        };
        Ok(Self {
            stored: Arc::new(stored),
            _type: PhantomData,
        })
    }

    pub(super) fn stored(&self) -> &Arc<Stored> {
        &self.stored
    }
}

impl<T: DeserializeOwned + Send + Sync + 'static> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        let value = self.stored.value();
        value.expect("it was read when it came, or has just been written")
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self {
            stored: self.stored.clone(),
            _type: PhantomData,
        }
    }
}

impl<T> fmt::Debug for Shared<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Shared of {} bytes>", self.stored.bytes.len())
    }
}

impl<T> Serialize for Shared<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let noted = USED.with_borrow_mut(|used| match used {
            Some(used) => {
                used.push(self.stored.clone());
                true
            }
            None => false,
        });
        if !noted {
            return Err(S::Error::custom(
                "a shared value can only be an argument of a task on its cluster",
            ));
        }
        self.stored.number.serialize(serializer)
    }
}

impl<'de, T: DeserializeOwned + Send + Sync + 'static> Deserialize<'de> for Shared<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = u64::deserialize(deserializer)?;
        let stored = lock_std(&KEPT).get(&number).cloned();
        let stored = stored.ok_or_else(|| D::Error::custom("the shared value is not here"))?;
        stored.value::<T>().map_err(D::Error::custom)?;
        Ok(Self {
            stored,
            _type: PhantomData,
        })
    }
}
