//! Values on their way to another process: postcard bytes, and the descriptors that go with them.
//!
//! A type that is more than data (a lock, the end of a pipe, a shared array) holds a
//! [`Descriptor`], which can be serialised between [`pack`] and [`unpack`] alone.

use std::cell::RefCell;
use std::fmt;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;

use serde::de::{DeserializeOwned, Error as _};
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A packed value.
#[derive(Debug, Default)]
pub(crate) struct Parcel {
    pub(crate) bytes: Vec<u8>,
    pub(crate) descriptors: Vec<Arc<OwnedFd>>,
}

thread_local! {
    static OUTGOING: RefCell<Option<Vec<Arc<OwnedFd>>>> = const { RefCell::new(None) };
    static INCOMING: RefCell<Vec<Option<Arc<OwnedFd>>>> = const { RefCell::new(Vec::new()) };
}

/// A descriptor that travels with the value that holds it.
#[derive(Clone, Debug)]
pub(crate) struct Descriptor(Arc<OwnedFd>);

impl Descriptor {
    pub(crate) fn new(descriptor: OwnedFd) -> Self {
        Self(Arc::new(descriptor))
    }

    /// A descriptor of our own for the same open file.
    pub(crate) fn try_clone(&self) -> std::io::Result<OwnedFd> {
        self.0.try_clone()
    }
}

impl From<Arc<OwnedFd>> for Descriptor {
    fn from(descriptor: Arc<OwnedFd>) -> Self {
        Self(descriptor)
    }
}

impl AsFd for Descriptor {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

impl Serialize for Descriptor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let number = OUTGOING.with_borrow_mut(|outgoing| {
            let outgoing = outgoing.as_mut()?;
            outgoing.push(self.0.clone());
            u32::try_from(outgoing.len() - 1).ok()
        });
        number
            .ok_or_else(|| {
                S::Error::custom(
                    "this can only go to another process, as an argument, a result or through a \
                     queue or pipe of woozle::multiprocessing",
                )
            })?
            .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Descriptor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = u32::deserialize(deserializer)? as usize;
        INCOMING
            .with_borrow(|incoming| incoming.get(number)?.clone())
            .map(Self)
            .ok_or_else(|| D::Error::custom("its descriptor has not come with it"))
    }
}

/// A value could not be turned into bytes, or back.
#[derive(Clone)]
pub struct CodecError(String);

impl CodecError {
    pub(crate) fn new(reason: impl fmt::Display) -> Self {
        Self(reason.to_string())
    }
}

impl fmt::Display for CodecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

debug_is_display!(CodecError);

impl std::error::Error for CodecError {}

/// Collects the descriptors of all that is serialised in `body`.
pub(crate) fn collecting<R>(body: impl FnOnce() -> R) -> (R, Vec<Arc<OwnedFd>>) {
    /// Puts back what was there before, also after a panic in the user's `Serialize`.
    struct Back(Option<Vec<Arc<OwnedFd>>>);
    impl Drop for Back {
        fn drop(&mut self) {
            OUTGOING.set(self.0.take());
        }
    }
    let _back = Back(OUTGOING.replace(Some(Vec::new())));
    let result = body();
    let descriptors = OUTGOING.take().unwrap_or_default();
    (result, descriptors)
}

/// Lets what is deserialised in `body` find its descriptors.
pub(crate) fn supplying<R>(descriptors: Vec<OwnedFd>, body: impl FnOnce() -> R) -> R {
    struct Back(Vec<Option<Arc<OwnedFd>>>);
    impl Drop for Back {
        fn drop(&mut self) {
            INCOMING.set(std::mem::take(&mut self.0));
        }
    }
    let incoming = descriptors.into_iter().map(|d| Some(Arc::new(d))).collect();
    let _back = Back(INCOMING.replace(incoming));
    body()
}

/// Packs a value.
pub(crate) fn pack<T: Serialize + ?Sized>(value: &T) -> Result<Parcel, CodecError> {
    let (bytes, descriptors) = collecting(|| postcard::to_stdvec(value));
    let bytes = bytes.map_err(|error| text(error, std::any::type_name::<T>()))?;
    Ok(Parcel { bytes, descriptors })
}

/// Unpacks a value.
pub(crate) fn unpack<T: DeserializeOwned>(
    bytes: &[u8],
    descriptors: Vec<OwnedFd>,
) -> Result<T, CodecError> {
    supplying(descriptors, || postcard::from_bytes(bytes))
        .map_err(|error| text(error, std::any::type_name::<T>()))
}

fn text(error: postcard::Error, type_name: &str) -> CodecError {
    CodecError(format!(
        "a `{type_name}` cannot travel between processes: {error}"
    ))
}
